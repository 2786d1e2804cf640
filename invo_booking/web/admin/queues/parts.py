"""Draw the list of queues and the forms of one queue."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.opening_editor import opening_hours_field
from invo_booking.web.admin.parts import (
    admin_fact_row,
    admin_panel,
    admin_save_bar,
    admin_switch_field,
    admin_tick_box,
    affected_review,
    edit_link,
)
from invo_booking.web.admin.queues.state import PEOPLE, QueuesState
from invo_booking.web.admin.queues.view import MODES, QueueRowView
from invo_booking.web.admin.translations import label_in_language, translation_sections
from invo_booking.web.core import routes
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import page_link, status_tag
from invo_booking.web.kit.tables import empty_card, item_list
from invo_booking.web.kit.typed import has_item, has_items

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
        staff_form(
            fields.text_field("name", say("queues.form.name"), ERRORS, FORM.name),
            rx.el.fieldset(
                rx.el.legend(say("queues.form.mode")),
                *(_mode_choice(mode.value, *words) for mode, words in MODES.items()),
                class_name="field modes",
            ),
            opening_hours_field(QueuesState, say("opening.hint.queue")),
            translation_sections(
                _translated_name, hint=say("queues.form.translations_hint")
            ),
            rx.el.div(
                admin_switch_field(
                    "active",
                    say("queues.open"),
                    say("queues.form.open_hint"),
                    FORM.is_open,
                ),
                _active_error(),
            ),
            admin_save_bar(
                say("kit.save"),
                page_link(say("admin.cancel"), to=routes.QUEUES, name="btn"),
                problem=rx.cond(IS_OF_PEOPLE, "", QueuesState.problem),
            ),
            submit=QueuesState.submit_form,
            makes=True,
            key=FORM.key,
            is_inert=has_items(QueuesState.affected),
            class_name="card form",
        ),
        rx.cond(has_items(FORM.people), _people_panel()),
    )


def _translated_name(code: str) -> list[rx.Component]:
    return [
        fields.text_field(
            f"name-{code}",
            label_in_language(say("queues.form.name"), code),
            ERRORS,
            FORM.translations[f"name-{code}"],
        )
    ]


def _mode_choice(value: str, label: str, hint: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="assignment",
            value=value,
            default_checked=FORM.mode == value,
            custom_attrs={"aria-describedby": f"h-{value}"},
        ),
        rx.el.span(
            rx.el.b(label), rx.el.span(hint, id=f"h-{value}", class_name="hint")
        ),
        class_name="tick",
    )


def _active_error() -> rx.Component:
    return rx.cond(
        has_item(ERRORS, "active"),
        rx.el.p(ERRORS["active"], class_name="err", role="alert"),
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
