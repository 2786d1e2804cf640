"""The landing page."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.kit.look import look_button
from invo_booking.web.kit.public_frame import foot
from invo_booking.web.landing.parts import hello
from invo_booking.web.landing.state import LandingState


@rx.page(route=routes.LANDING, title="Schedule a call", on_load=LandingState.open)
def landing() -> rx.Component:
    """Nothing but the two things a visitor comes for."""
    return rx.el.div(
        rx.el.main(hello(), id="main"),
        foot(LandingState.site),
        look_button(name="look-btn"),
        class_name="public landing",
    )
