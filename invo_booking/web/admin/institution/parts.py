"""The form with the details of the institution."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.institution import view as presenter
from invo_booking.web.admin.institution.state import InstitutionState
from invo_booking.web.admin.opening_editor import opening_hours_field
from invo_booking.web.admin.parts import admin_panel, admin_save_bar, affected_review
from invo_booking.web.admin.translations import label_in_language, translation_sections
from invo_booking.web.kit import fields
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


def _translated_tagline(code: str) -> list[rx.Component]:
    return [
        fields.text_field(
            f"tagline-{code}",
            label_in_language(say("institution.tagline"), code),
            ERRORS,
            FORM.translations[f"tagline-{code}"],
        )
    ]


def _details_form() -> rx.Component:
    return staff_form(
        fields.text_field("name", say("institution.name"), ERRORS, FORM.name),
        fields.text_field(
            "tagline",
            say("institution.tagline"),
            ERRORS,
            FORM.tagline,
            hint=say("institution.tagline_hint"),
        ),
        fields.text_field("phone", say("institution.phone"), ERRORS, FORM.phone, "tel"),
        rx.el.div(
            fields.time_zone_field(
                "time_zone",
                say("institution.zone"),
                ERRORS,
                FORM.zone,
                hint=say("institution.zone_hint"),
            ),
            fields.select_field(
                "country",
                say("institution.country"),
                ERRORS,
                presenter.institution_country_options(),
                hint=say("institution.country_hint"),
                default_value=FORM.country,
            ),
            class_name="two",
        ),
        opening_hours_field(InstitutionState, say("opening.hint.institution")),
        translation_sections(
            _translated_tagline, hint=say("institution.translations_hint")
        ),
        admin_save_bar(say("kit.save"), problem=InstitutionState.problem),
        submit=InstitutionState.submit_form,
        key=FORM.key,
        is_inert=has_items(InstitutionState.affected),
        class_name="form",
    )
