"""Register the landing page."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.kit.failure import failure_notice
from invo_booking.web.kit.look import look_button
from invo_booking.web.kit.public_frame import public_footer
from invo_booking.web.landing.parts import landing_welcome
from invo_booking.web.landing.state import LandingState


@rx.page(
    route=routes.LANDING, title=say("public.schedule"), on_load=LandingState.open_page
)
def landing_page() -> rx.Component:
    """Return the landing page."""
    return rx.el.div(
        rx.el.main(landing_welcome(), id="main"),
        public_footer(LandingState.site),
        look_button(name="look-btn"),
        failure_notice(),
        class_name="public landing",
    )
