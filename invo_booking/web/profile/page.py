"""Register the page of a person's own account."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.kit import layout
from invo_booking.web.kit.form import form_outcome
from invo_booking.web.kit.parts import skeleton
from invo_booking.web.profile.parts import (
    profile_browsers_card,
    profile_card,
    profile_password_card,
    profile_tokens_card,
)
from invo_booking.web.profile.state import ProfileState


@rx.page(
    route=routes.PROFILE, title=say("frame.profile"), on_load=ProfileState.open_page
)
def profile_page() -> rx.Component:
    """Return the page: personal data, sessions, password and tokens."""
    return layout.staff_frame(
        rx.cond(ProfileState.is_ready, _account_part(), skeleton()),
        here=routes.PROFILE,
        skip=say("profile.skip"),
        kind="dash me",
        action=rx.fragment(),
    )


def _account_part() -> rx.Component:
    return rx.el.div(
        rx.el.h1(say("frame.profile")),
        form_outcome(ProfileState),
        rx.el.div(
            rx.el.div(profile_card(), profile_password_card(), class_name="stack"),
            rx.el.div(
                profile_browsers_card(), profile_tokens_card(), class_name="stack"
            ),
            class_name="two-cols",
        ),
        class_name="wrap",
    )
