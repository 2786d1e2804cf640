"""Ask administrators for their own password before they give somebody access."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.kit.dialog import dialog
from invo_booking.web.kit.parts import button, submit_button

PROBLEM = PersonState.password_problem


def own_password_dialog() -> rx.Component:
    """The dialog for the password; the action waits until the password is correct."""
    return dialog(
        rx.el.h2(say("people.own_password.heading")),
        rx.el.p(
            say("people.own_password.lead"),
            id="own-password-why",
        ),
        rx.el.form(
            _password_field(),
            rx.el.div(
                submit_button(say("people.own_password.go_on")),
                button(say("admin.go_back"), press=PersonState.cancel_own_password),
                class_name="acts",
            ),
            on_submit=PersonState.submit_own_password,
            no_validate=True,
        ),
        open=PersonState.is_asking,
        label=say("people.own_password.heading"),
        kind="ask",
        on_close=PersonState.cancel_own_password,
    )


def _password_field() -> rx.Component:
    return rx.el.div(
        rx.el.label(say("kit.password"), html_for="own-password"),
        rx.el.input(
            id="own-password",
            name="password",
            type="password",
            auto_complete="current-password",
            auto_focus=True,
            aria_describedby="own-password-why own-password-problem",
        ),
        rx.el.p(PROBLEM, id="own-password-problem", class_name="msg bad", role="alert"),
        class_name="field",
    )
