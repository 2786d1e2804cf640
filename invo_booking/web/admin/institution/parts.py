"""The form with the details of the institution."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.form_fields import form_rows, translation_sections
from invo_booking.web.admin.institution.fields import FIELDS
from invo_booking.web.admin.institution.state import InstitutionState
from invo_booking.web.admin.opening_editor import opening_hours_field
from invo_booking.web.admin.parts import admin_panel, admin_save_bar, affected_review
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import success_line
from invo_booking.web.kit.typed import has_items

FORM = InstitutionState.form
ERRORS = InstitutionState.errors


def institution_details_panel() -> rx.Component:
    """Name, phone, time zone and country."""
    return admin_panel(
        say("institution.heading"),
        say("institution.hint"),
        success_line(InstitutionState.done),
        affected_review(InstitutionState, "save"),
        _details_form(),
        key="details",
    )


def _details_form() -> rx.Component:
    return staff_form(
        *form_rows(FIELDS, FORM, ERRORS),
        opening_hours_field(InstitutionState, say("opening.hint.institution")),
        translation_sections(
            FIELDS, FORM, ERRORS, hint=say("institution.translations_hint")
        ),
        admin_save_bar(say("kit.save"), problem=InstitutionState.problem),
        submit=InstitutionState.submit_form,
        key=FORM.key,
        is_inert=has_items(InstitutionState.affected),
        class_name="form",
    )
