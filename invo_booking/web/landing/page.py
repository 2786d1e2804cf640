"""Register the landing page."""

import reflex as rx

from invo_booking.web.core import routes
from invo_booking.web.core.language_choice import language_choice
from invo_booking.web.core.pages import public_page
from invo_booking.web.kit.failure import failure_notice
from invo_booking.web.kit.look import look_button
from invo_booking.web.kit.public_frame import public_footer, without_scripts
from invo_booking.web.landing.parts import landing_welcome
from invo_booking.web.landing.state import LandingState


@public_page(
    route=routes.LANDING, title_key="public.schedule", on_load=LandingState.open_page
)
def landing_page() -> rx.Component:
    """Return the landing page."""
    return rx.el.div(
        rx.el.main(landing_welcome(), without_scripts(LandingState.site), id="main"),
        public_footer(LandingState.site),
        rx.el.div(
            language_choice(routes.LANDING),
            look_button(name="look-btn"),
            class_name="corner",
        ),
        failure_notice(),
        class_name="public landing",
    )
