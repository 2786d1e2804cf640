"""The test whether mail can be sent."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.clientside import trial_mail
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.core import routes


def mail_trial_panel() -> rx.Component:
    """The form that sends a test mail with the saved settings, to any address."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(say("settings.mail_trial.heading")),
            rx.el.p(SettingsState.mail_in_force),
            rx.el.p(say("settings.mail_trial.lead")),
            class_name="group-head",
        ),
        rx.el.div(
            trial_mail(
                to=say("settings.mail_trial.to_self"), address=routes.TRIAL_MAIL
            ),
            class_name="card pad",
        ),
        class_name="group",
        aria_label=say("settings.mail_trial.heading"),
    )
