"""Register the status page of an appointment."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.core.pages import public_page
from invo_booking.web.customer.parts import visit_content
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.browser import whereabouts
from invo_booking.web.kit.public_frame import public_frame


@public_page(
    route=routes.STATUS,
    title_key="public.your_appointment",
    on_load=StatusState.open_page,
)
def status_page() -> rx.Component:
    """Return the status page."""
    return public_frame(
        StatusState.site,
        whereabouts(on_known=StatusState.adopt_browser),
        visit_content(),
    )
