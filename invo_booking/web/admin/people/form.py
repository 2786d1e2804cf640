"""The form of one person: details, services, working hours and account."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.form_fields import form_rows
from invo_booking.web.admin.parts import admin_panel, admin_tick_boxes
from invo_booking.web.admin.people.decide import affected_decisions_form
from invo_booking.web.admin.people.fields import CONTACT, ROOM, WORK
from invo_booking.web.admin.people.hours import hours_exceptions_panel, usual_week_panel
from invo_booking.web.admin.people.own_password import own_password_dialog
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.admin.people.view import BRANCHES
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.core import routes
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.form import staff_form, submit_key_field
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, page_link, plain_form, submit_button
from invo_booking.web.kit.typed import has_items
from invo_booking.web.kit.unsaved import (
    change_count_attributes,
    discard_attributes,
)

FORM = PersonState.form
ERRORS = PersonState.errors
LOCKED = FORM.bars != ""
DECIDING = has_items(PersonState.affected)
ID = "person"


def person_form() -> rx.Component:
    """The form of one person, which is saved as a whole."""
    return rx.fragment(
        rx.cond(LOCKED, rx.el.p(icon("lock"), FORM.bars, class_name="bars")),
        affected_decisions_form(),
        own_password_dialog(),
        rx.el.div(
            _details_form(),
            usual_week_panel(),
            hours_exceptions_panel(),
            rx.cond((FORM.id != "") & ~LOCKED, _account_panel()),
            hidden=DECIDING,
        ),
        rx.cond(LOCKED | DECIDING, rx.fragment(), _form_bar()),
        rx.el.span(
            hidden=True,
            custom_attrs=change_count_attributes(
                rx.cond(WeekState.is_changed, say("people.form.changed_hours"), "")
            ),
        ),
    )


def _details_form() -> rx.Component:
    return staff_form(
        rx.el.fieldset(
            rx.el.legend(say("people.form.heading"), class_name="vh"),
            *form_rows(CONTACT, FORM, ERRORS),
            *form_rows(WORK, FORM, ERRORS),
            rx.cond(has_items(FORM.branches), _branch_boxes()),
            *form_rows(ROOM, FORM, ERRORS),
            rx.cond(
                FORM.room_example != "", rx.el.p(FORM.room_example, class_name="hint")
            ),
            disabled=LOCKED,
        ),
        id=ID,
        submit=PersonState.submit_form,
        makes=True,
        key=FORM.key,
        class_name="card form person",
    )


def _branch_boxes() -> rx.Component:
    return rx.fragment(
        rx.el.input(type="hidden", name=BRANCHES, value="1"),
        admin_tick_boxes(
            BRANCHES,
            say("menu.branches"),
            FORM.branches,
            ERRORS,
            hint=say("people.form.branches_hint"),
            tick=WeekState.tick_branch,
        ),
    )


def _account_panel() -> rx.Component:
    return admin_panel(
        say("people.account.heading"),
        rx.cond(
            FORM.is_active,
            say("people.account.disabling", access=FORM.access),
            say("people.account.disabled"),
        ),
        rx.el.div(
            rx.cond(FORM.is_active, _link_button()),
            rx.cond(
                FORM.is_own,
                rx.fragment(),
                rx.cond(
                    FORM.is_active,
                    button(
                        say("people.account.disable"),
                        press=PersonState.toggle_account,
                        look="danger",
                        custom_attrs=discard_attributes(),
                    ),
                    button(
                        say("people.account.enable"),
                        press=PersonState.toggle_account,
                        custom_attrs=discard_attributes(),
                    ),
                ),
            ),
            class_name="acts last",
        ),
        key="account",
    )


def _link_button() -> rx.Component:
    """The button that mails a password link, or shows it if mail cannot be sent."""
    return rx.cond(
        FORM.can_mail,
        button(
            say("people.account.send_link"),
            press=PersonState.send_link(SessionState.submit_key),
            custom_attrs=discard_attributes(),
        ),
        plain_form(
            submit_key_field(),
            rx.el.input(type="hidden", name="person", value=FORM.id),
            submit_button(say("people.account.show_link"), look=""),
            action=routes.SESSION_ACCOUNT_LINK,
            method="post",
        ),
    )


def _problem_line() -> rx.Component:
    return rx.el.div(
        rx.cond(
            PersonState.problem != "",
            rx.el.p(icon("warn"), rx.el.span(PersonState.problem), class_name="fix"),
        ),
        role="alert",
    )


def _form_bar() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                rx.cond(
                    WeekState.is_changed,
                    rx.el.strong(icon("pen"), say("people.form.hours_changed")),
                ),
                class_name="what",
                role="status",
            ),
            _problem_line(),
            submit_button(say("kit.save"), form=ID),
            page_link(say("people.all"), to=PeopleState.address, name="btn"),
        ),
        class_name="savebar",
        role="region",
        aria_label=say("kit.save"),
    )
