"""Register the page where customers at the maximum of appointments cancel one."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.core.pages import public_page
from invo_booking.web.kit.browser import whereabouts
from invo_booking.web.kit.public_frame import public_frame
from invo_booking.web.limit.parts import limit_page_content
from invo_booking.web.limit.state import LimitState


@public_page(route=routes.LIMIT, title_key="limit.page", on_load=LimitState.open_page)
def limit_page() -> rx.Component:
    """Return the page."""
    return public_frame(
        LimitState.site,
        whereabouts(on_known=LimitState.adopt_browser),
        limit_page_content(),
    )
