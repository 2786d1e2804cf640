"""Trying whether mail can be sent."""

import reflex as rx

from invo_booking.web.admin.clientside import trial_mail
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.core import routes


def mail_trial_panel() -> rx.Component:
    """A test mail to any address, with the settings as they are saved."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Try it"),
            rx.el.p(SettingsState.mail_in_force),
            rx.el.p("A mail is sent at once, as customers would get it. Save first."),
            class_name="group-head",
        ),
        rx.el.div(
            trial_mail(to="Yourself", address=routes.TRIAL_MAIL), class_name="card pad"
        ),
        class_name="group",
        aria_label="Try it",
    )
