"""Where a customer at the limit makes room for one more appointment."""

import reflex as rx

from invo_booking.web import routes
from invo_booking.web.components.public.browser import whereabouts
from invo_booking.web.components.public.frame import frame
from invo_booking.web.components.public.limit import limit_page
from invo_booking.web.states.limit import LimitState


@rx.page(route=routes.LIMIT, title="Make room", on_load=LimitState.open)
def limit() -> rx.Component:
    """What is held, what could go instead, and two ways on."""
    return frame(
        LimitState.site,
        whereabouts(on_known=LimitState.know_browser),
        limit_page(),
    )
