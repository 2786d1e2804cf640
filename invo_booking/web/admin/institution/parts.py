"""Who the institution is, on its page."""

import reflex as rx

from invo_booking.web.admin.institution import view as presenter
from invo_booking.web.admin.institution.state import InstitutionState
from invo_booking.web.admin.parts import affected_review, panel, save_bar
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import success_line

FORM = InstitutionState.form
ERRORS = InstitutionState.errors


def details_panel() -> rx.Component:
    """Name, phone, time zone and country."""
    return panel(
        "Details",
        "Customers read them on every page and in every mail.",
        success_line(InstitutionState.done),
        affected_review(InstitutionState, "save"),
        _details_form(),
        key="details",
    )


def _details_form() -> rx.Component:
    return staff_form(
        fields.text_field("name", "Name", ERRORS, FORM.name),
        fields.text_field(
            "tagline",
            "Tagline",
            ERRORS,
            FORM.tagline,
            hint="One sentence below the name on the first page; may be empty.",
        ),
        fields.text_field("phone", "Phone", ERRORS, FORM.phone, "tel"),
        rx.el.div(
            fields.time_zone_field(
                "time_zone",
                "Time zone",
                ERRORS,
                FORM.zone,
                hint="Today, weekends, midnight and closed days are judged by it.",
            ),
            fields.select_field(
                "country",
                "Country",
                ERRORS,
                presenter.country_options(),
                hint="Phone numbers without + are read as numbers of it.",
                default_value=FORM.country,
            ),
            class_name="two",
        ),
        save_bar("Save", problem=InstitutionState.problem),
        submit=InstitutionState.submit_form,
        key=FORM.key,
        class_name="form",
    )
