"""Who the institution is, on its page."""

import reflex as rx

from invo_booking.web.admin.institution import view as presenter
from invo_booking.web.admin.institution.state import InstitutionState
from invo_booking.web.admin.parts import DECIDE, displaced_panel, panel, save_bar, told
from invo_booking.web.kit import fields, zones
from invo_booking.web.kit.parts import button

FORM = InstitutionState.form
ERRORS = InstitutionState.errors


def details() -> rx.Component:
    """Name, phone, time zone and country."""
    return panel(
        "Details",
        "Customers read them on every page and in every mail.",
        told(InstitutionState.done),
        displaced_panel(
            InstitutionState.displaced,
            button("Hand them over and save", press=InstitutionState.hand_over),
            button("Keep them and save", press=InstitutionState.keep_displaced),
            back=InstitutionState.go_back,
            means=DECIDE,
        ),
        _form(),
        key="details",
    )


def _form() -> rx.Component:
    return rx.el.form(
        fields.line("name", "Name", ERRORS, FORM.name),
        fields.line(
            "tagline",
            "Tagline",
            ERRORS,
            FORM.tagline,
            hint="One sentence below the name on the first page; may be empty.",
        ),
        fields.line("phone", "Phone", ERRORS, FORM.phone, "tel"),
        rx.el.div(
            fields.line(
                "time_zone",
                "Time zone",
                ERRORS,
                FORM.zone,
                hint="Today, weekends, midnight and closed days are judged by it.",
                list="zones",
            ),
            fields.choice(
                "country",
                "Country",
                ERRORS,
                presenter.country_options(),
                hint="Phone numbers without + are read as numbers of it.",
                default_value=FORM.country,
            ),
            class_name="two",
        ),
        _zones(),
        save_bar("Save", problem=InstitutionState.problem),
        on_submit=InstitutionState.submit,
        no_validate=True,
        key=FORM.key,
        class_name="form",
    )


def _zones() -> rx.Component:
    options = [rx.el.option(value=label) for label in zones.offered()]
    return rx.el.datalist(*options, id="zones")
