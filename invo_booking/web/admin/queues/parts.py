"""Draw the list of queues and the forms of one queue."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.catalogue import item_form
from invo_booking.web.admin.form_fields import form_rows, translation_sections
from invo_booking.web.admin.opening_editor import opening_hours_field
from invo_booking.web.admin.parts import (
    admin_fact_row,
    admin_panel,
    admin_save_bar,
    admin_tick_box,
    affected_review,
    edit_link,
)
from invo_booking.web.admin.queues.fields import FIELDS, OPEN, SERVICE
from invo_booking.web.admin.queues.state import PEOPLE, QueuesState
from invo_booking.web.admin.queues.view import QueueRowView
from invo_booking.web.core import routes
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import page_link, status_tag
from invo_booking.web.kit.tables import empty_card, item_list
from invo_booking.web.kit.typed import has_items

FORM = QueuesState.form
ERRORS = QueuesState.errors
IS_OF_PEOPLE = QueuesState.saves == PEOPLE


def queue_list() -> rx.Component:
    """The queues, sorted by name."""
    return item_list(
        QueuesState.rows,
        _queue_row,
        empty=empty_card(say("queues.none")),
        name="card lines",
    )


def _queue_row(row: QueueRowView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(page_link(row.name, to=row.href)),
            rx.el.dl(
                admin_fact_row(say("queues.mode.label"), row.mode),
                admin_fact_row(say("queues.served_by"), row.people),
                admin_fact_row(say("menu.answers"), row.answers),
                rx.cond(
                    row.untranslated != "",
                    admin_fact_row(say("queues.untranslated"), row.untranslated),
                ),
            ),
            class_name="what",
        ),
        rx.el.div(
            rx.cond(
                row.is_open,
                status_tag("ok", "check", say("queues.open")),
                status_tag("done", "stop", say("queues.closed")),
            ),
            rx.cond(row.live != "", rx.el.span(row.live, class_name="m")),
            class_name="state",
        ),
        rx.el.div(edit_link(row.name, row.href), class_name="acts"),
    )


def queue_form() -> rx.Component:
    """The forms of one queue: its details, and the people who serve it."""
    return rx.fragment(
        rx.cond(IS_OF_PEOPLE, rx.fragment(), affected_review(QueuesState, "save")),
        item_form(
            QueuesState,
            *form_rows(SERVICE, FORM, ERRORS),
            opening_hours_field(QueuesState, say("opening.hint.queue")),
            translation_sections(
                FIELDS, FORM, ERRORS, hint=say("queues.form.translations_hint")
            ),
            *form_rows(OPEN, FORM, ERRORS),
            key=FORM.key,
            whole=routes.QUEUES,
            problem=rx.cond(IS_OF_PEOPLE, "", QueuesState.problem),
        ),
        rx.cond(has_items(FORM.people), _people_panel()),
    )


def _people_panel() -> rx.Component:
    return admin_panel(
        say("queues.people.heading"),
        say("queues.people.lead"),
        rx.cond(IS_OF_PEOPLE, affected_review(QueuesState, "save")),
        staff_form(
            rx.el.fieldset(
                rx.el.legend(say("menu.people"), class_name="vh"),
                rx.el.div(
                    rx.foreach(FORM.people, admin_tick_box),
                    class_name="ticks",
                ),
                class_name="field",
            ),
            admin_save_bar(
                say("queues.people.save"),
                problem=rx.cond(IS_OF_PEOPLE, QueuesState.problem, ""),
            ),
            submit=QueuesState.submit_people,
            key=FORM.key,
            is_inert=has_items(QueuesState.affected),
            class_name="form",
        ),
        key="people",
    )
