"""Draw the list of Answers and the form of one Answer."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.answers.fields import CONTENT, FIELDS, LENGTHS
from invo_booking.web.admin.answers.state import AnswersState
from invo_booking.web.admin.answers.view import AnswerRowView
from invo_booking.web.admin.catalogue import item_form
from invo_booking.web.admin.form_fields import form_rows, translation_sections
from invo_booking.web.admin.parts import (
    affected_review,
    edit_link,
)
from invo_booking.web.core import routes
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, hidden_text, page_link, status_tag
from invo_booking.web.kit.tables import each, empty_card, item_list
from invo_booking.web.kit.typed import Flag, Text, has_items, length_of

FORM = AnswersState.form
ERRORS = AnswersState.errors


def answer_list() -> rx.Component:
    """The Answers in the order that customers see, then the archived Answers."""
    return rx.fragment(
        item_list(
            AnswersState.rows,
            _answer_row,
            empty=empty_card(say("answers.none")),
            name="card lines",
            is_ordered=True,
        ),
        rx.cond(has_items(AnswersState.archived), _archived_answers()),
    )


def _answer_row(row: AnswerRowView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h2(page_link(row.title, to=row.href)),
            rx.el.p(row.line),
            rx.el.p(row.ways, class_name="m"),
            rx.cond(
                row.warning != "",
                rx.el.p(icon("warn", 14), row.warning, class_name="warning"),
            ),
            rx.cond(row.untranslated != "", rx.el.p(row.untranslated, class_name="m")),
            class_name="what",
        ),
        rx.el.div(
            rx.cond(
                row.is_open,
                status_tag("ok", "check", say("answers.is_open")),
                status_tag("done", "lock", say("answers.staff_only")),
            ),
            rx.cond(row.live != "", rx.el.span(row.live, class_name="m")),
            class_name="state",
        ),
        rx.el.div(
            _move_button(
                "up", say("answers.move_up", title=row.title), row.is_first, row.id
            ),
            _move_button(
                "down", say("answers.move_down", title=row.title), row.is_last, row.id
            ),
            edit_link(row.title, row.href),
            class_name="acts",
        ),
    )


def _move_button(way: str, label: Text, is_last: Flag, answer_id: Text) -> rx.Component:
    press = {"up": AnswersState.move_answer_up, "down": AnswersState.move_answer_down}[
        way
    ]
    return rx.el.button(
        icon("down"),
        type="button",
        class_name=f"icon-btn {way}",
        aria_label=label,
        disabled=is_last,
        on_click=press(answer_id),
    )


def _archived_answers() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            say("answers.archived"),
            rx.el.span(length_of(AnswersState.archived), class_name="count"),
        ),
        rx.el.ul(each(AnswersState.archived, _archived_row), class_name="card lines"),
        class_name="more",
    )


def _archived_row(row: AnswerRowView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h2(row.title),
            rx.el.p(row.line),
            rx.cond(row.live != "", rx.el.p(row.live, class_name="m")),
            class_name="what",
        ),
        rx.el.div(
            button(
                say("answers.restore"),
                hidden_text(f" {row.title}"),
                press=AnswersState.restore_answer(row.id, row.version),
                look="sm",
            ),
            class_name="acts",
        ),
    )


def answer_form() -> rx.Component:
    """The form of one Answer."""
    return rx.fragment(
        affected_review(AnswersState, "save"),
        item_form(
            AnswersState,
            *form_rows(CONTENT, FORM, ERRORS),
            rx.cond(
                FORM.room_example != "", rx.el.p(FORM.room_example, class_name="hint")
            ),
            *form_rows(LENGTHS, FORM, ERRORS),
            translation_sections(
                FIELDS, FORM, ERRORS, hint=say("answers.form.translations_hint")
            ),
            rx.el.p(
                say("answers.form.lead"),
                class_name="hint",
            ),
            key=FORM.key,
            whole=routes.ANSWERS,
        ),
        rx.cond(FORM.id != "", _archive_section()),
    )


def _archive_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(say("answers.archive.heading"), id="p-archive"),
        rx.cond(
            AnswersState.asks_to_archive,
            rx.fragment(
                rx.el.p(
                    say("answers.archive.question"),
                    rx.cond(
                        FORM.live != "",
                        say("answers.archive.kept", live=FORM.live),
                        "",
                    ),
                    say("answers.archive.way_back"),
                    role="alert",
                ),
                rx.el.div(
                    button(
                        say("answers.archive.confirm"),
                        press=AnswersState.archive_answer,
                        look="danger",
                    ),
                    button(
                        say("answers.archive.keep"), press=AnswersState.cancel_archive
                    ),
                    class_name="ends",
                ),
            ),
            rx.fragment(
                rx.el.p(say("answers.archive.lead")),
                rx.el.div(
                    button(
                        say("answers.archive.open"), press=AnswersState.ask_to_archive
                    ),
                    class_name="ends",
                ),
            ),
        ),
        class_name="card panel last",
        custom_attrs={"aria-labelledby": "p-archive"},
    )
