"""The page behind the customer's one link."""

import reflex as rx

from invo_booking.web import routes
from invo_booking.web.components.public.browser import whereabouts
from invo_booking.web.components.public.frame import frame
from invo_booking.web.components.public.visit import visit_page
from invo_booking.web.states.status import StatusState


@rx.page(route=routes.STATUS, title="Your appointment", on_load=StatusState.open)
def status() -> rx.Component:
    """One appointment, through its whole life."""
    return frame(
        StatusState.site,
        whereabouts(on_known=StatusState.know_browser),
        visit_page(),
    )
