"""One person: who they are, what they serve, and their account."""

import reflex as rx

from invo_booking.web.admin.parts import panel, ticks
from invo_booking.web.admin.people.decide import decide
from invo_booking.web.admin.people.hours import exceptions, usual_week
from invo_booking.web.admin.people.own_password import own_password
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.core import routes
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import form
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, go, plain_form
from invo_booking.web.kit.typed import has_items
from invo_booking.web.kit.unsaved import counts

FORM = PersonState.form
ERRORS = PersonState.errors
LOCKED = FORM.bars != ""
DECIDING = has_items(PersonState.affected)
ID = "person"


def person_form() -> rx.Component:
    """Everything about one person, saved at once."""
    return rx.fragment(
        rx.cond(LOCKED, rx.el.p(icon("lock"), FORM.bars, class_name="bars")),
        decide(),
        own_password(),
        rx.el.div(
            _details(),
            usual_week(),
            exceptions(),
            rx.cond((FORM.id != "") & ~LOCKED, _account()),
            hidden=DECIDING,
        ),
        rx.cond(LOCKED | DECIDING, rx.fragment(), _bar()),
        rx.el.span(
            hidden=True,
            custom_attrs=counts(rx.cond(WeekState.is_changed, "changed hours", "")),
        ),
    )


def _details() -> rx.Component:
    return form(
        rx.el.fieldset(
            rx.el.legend("Who it is", class_name="vh"),
            _about(),
            _does(),
            disabled=LOCKED,
        ),
        id=ID,
        submit=PersonState.submit,
        makes=True,
        key=FORM.key,
        class_name="card form person",
    )


def _about() -> rx.Component:
    return rx.el.div(
        fields.line("name", "Name", ERRORS, FORM.name),
        fields.line("email", "E-mail", ERRORS, FORM.email, "email"),
        fields.zone("time_zone", "Time zone", ERRORS, FORM.zone),
        class_name="two",
    )


def _does() -> rx.Component:
    return rx.fragment(
        ticks("roles", "Roles", FORM.roles, ERRORS),
        ticks("queues", "Queues", FORM.queues, ERRORS),
        ticks("languages", "Languages", FORM.languages, ERRORS),
    )


def _account() -> rx.Component:
    return panel(
        "Account",
        rx.cond(
            FORM.is_active,
            FORM.access
            + " Somebody disabled is signed out at once and gets no more appointments.",
            "This account is disabled. Enabled again, the person can sign in.",
        ),
        rx.el.div(
            rx.cond(FORM.is_active, _link()),
            rx.cond(
                FORM.is_own,
                rx.fragment(),
                rx.cond(
                    FORM.is_active,
                    button(
                        "Disable the account",
                        press=PersonState.switch_account,
                        look="danger",
                    ),
                    button("Enable the account", press=PersonState.switch_account),
                ),
            ),
            class_name="acts last",
        ),
        key="account",
    )


def _link() -> rx.Component:
    """A link to set a password: mailed, or shown where no mail can go out."""
    return rx.cond(
        FORM.can_mail,
        button("Send a link to set a password", press=PersonState.send_link),
        plain_form(
            rx.el.input(type="hidden", name="person", value=FORM.id),
            rx.el.button(
                "Show a link to set a password", type="submit", class_name="btn"
            ),
            action=routes.SESSION_ACCOUNT_LINK,
            method="post",
        ),
    )


def _problem() -> rx.Component:
    return rx.el.div(
        rx.cond(
            PersonState.problem != "",
            rx.el.p(icon("warn"), rx.el.span(PersonState.problem), class_name="fix"),
        ),
        role="alert",
    )


def _bar() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                rx.cond(
                    WeekState.is_changed,
                    rx.el.strong(icon("pen"), "Hours changed, not saved yet"),
                ),
                class_name="what",
                role="status",
            ),
            _problem(),
            rx.el.button("Save", type="submit", form=ID, class_name="btn primary"),
            go("All people", to=PeopleState.address, name="btn"),
        ),
        class_name="savebar",
        role="region",
        aria_label="Save",
    )
