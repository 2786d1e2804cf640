"""The panel of languages on the page of queues."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.parts import admin_panel
from invo_booking.web.admin.queues.languages_state import LanguagesState
from invo_booking.web.admin.queues.view import LanguageRowView
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import form_outcome, staff_form
from invo_booking.web.kit.parts import button, hidden_text, submit_button
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.unsaved import discard_attributes

ERRORS = LanguagesState.errors
_RENAME = "rename-language"


def languages_panel() -> rx.Component:
    """The languages, with the number of uses of each, and a form to add a language."""
    return admin_panel(
        say("languages.heading"),
        say("languages.lead"),
        form_outcome(LanguagesState),
        rx.el.ul(each(LanguagesState.rows, _language_row), class_name="lines"),
        _new_language_form(),
        key="languages",
    )


def _language_row(row: LanguageRowView) -> rx.Component:
    return rx.el.li(
        rx.cond(
            LanguagesState.renaming == row.code, _rename_form(row), _language_line(row)
        ),
    )


def _language_line(row: LanguageRowView) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h3(row.name, rx.el.span(row.code, class_name="m")),
            rx.el.p(row.uses, class_name="m"),
            class_name="what",
        ),
        rx.el.div(
            button(
                say("languages.rename"),
                hidden_text(f" {row.name}"),
                press=LanguagesState.open_rename(row.code),
                look="sm",
                custom_attrs=discard_attributes(_RENAME),
            ),
            button(
                say("languages.remove"),
                hidden_text(f" {row.name}"),
                press=LanguagesState.remove_language(row.code),
                look="sm",
            ),
            class_name="acts",
        ),
    )


def _rename_form(row: LanguageRowView) -> rx.Component:
    return staff_form(
        fields.text_field(
            "new_name", say("languages.name"), ERRORS, row.name, auto_focus=True
        ),
        submit_button(say("kit.save")),
        button(
            say("admin.cancel"),
            press=LanguagesState.close_rename,
            custom_attrs=discard_attributes(_RENAME),
        ),
        id=_RENAME,
        submit=LanguagesState.rename_language,
        class_name="form inline",
    )


def _new_language_form() -> rx.Component:
    return staff_form(
        fields.select_field(
            "code",
            say("languages.add_label"),
            ERRORS,
            LanguagesState.to_add,
            rx.el.option(say("languages.choose"), value=""),
        ),
        fields.text_field("name", say("languages.other_name"), ERRORS),
        submit_button(say("languages.add"), look=""),
        submit=LanguagesState.add_language,
        makes=True,
        key=LanguagesState.key,
        class_name="form inline",
    )
