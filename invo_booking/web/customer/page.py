"""The page behind the customer's one link."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.customer.parts import visit_page
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.browser import whereabouts
from invo_booking.web.kit.public_frame import frame


@rx.page(route=routes.STATUS, title="Your appointment", on_load=StatusState.open)
def status() -> rx.Component:
    """One appointment, through its whole life."""
    return frame(
        StatusState.site,
        whereabouts(on_known=StatusState.know_browser),
        visit_page(),
    )
