"""The languages on offer, on the page of queues."""

import reflex as rx

from invo_booking.web.admin.parts import panel
from invo_booking.web.admin.queues.languages_state import LanguagesState
from invo_booking.web.admin.queues.view import LanguageRowView
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import form, outcome
from invo_booking.web.kit.parts import button, hidden
from invo_booking.web.kit.unsaved import discards

ERRORS = LanguagesState.errors


def languages() -> rx.Component:
    """The languages, each with what uses it, and a form to add one."""
    return panel(
        "Languages",
        "In which appointments are held. Customers choose among those of the Answer.",
        outcome(LanguagesState),
        rx.el.ul(rx.foreach(LanguagesState.rows, _row), class_name="lines"),
        _add(),
        key="languages",
    )


def _row(row: LanguageRowView) -> rx.Component:
    return rx.el.li(
        rx.cond(LanguagesState.renaming == row.code, _renaming(row), _shown(row)),
    )


def _shown(row: LanguageRowView) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h3(row.name, rx.el.span(row.code, class_name="m")),
            rx.el.p(row.uses, class_name="m"),
            class_name="what",
        ),
        rx.el.div(
            button(
                "Rename",
                hidden(f" {row.name}"),
                press=LanguagesState.begin_to_rename(row.code),
                look="sm",
            ),
            button(
                "Remove",
                hidden(f" {row.name}"),
                press=LanguagesState.remove(row.code),
                look="sm",
            ),
            class_name="acts",
        ),
    )


def _renaming(row: LanguageRowView) -> rx.Component:
    return form(
        fields.line("new_name", "Name people read", ERRORS, row.name, auto_focus=True),
        rx.el.button("Save", type="submit", class_name="btn primary"),
        button("Cancel", press=LanguagesState.leave_name, custom_attrs=discards()),
        submit=LanguagesState.rename,
        class_name="form inline",
    )


def _add() -> rx.Component:
    return form(
        fields.choice(
            "code",
            "Add a language",
            ERRORS,
            LanguagesState.to_add,
            rx.el.option("Choose a language", value=""),
        ),
        fields.line("name", "Name people read, if another", ERRORS),
        rx.el.button("Add", type="submit", class_name="btn"),
        submit=LanguagesState.add,
        makes=True,
        key=LanguagesState.key,
        class_name="form inline",
    )
