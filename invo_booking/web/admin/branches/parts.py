"""Draw the list of branches and the form of one branch."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.branches.state import BranchesState
from invo_booking.web.admin.branches.view import BranchRowView, branch_country_options
from invo_booking.web.admin.closures.parts import closed_days_panel
from invo_booking.web.admin.closures.state import ClosuresState
from invo_booking.web.admin.opening_editor import opening_hours_field
from invo_booking.web.admin.parts import (
    admin_fact_row,
    admin_save_bar,
    admin_switch_field,
    affected_review,
    edit_link,
)
from invo_booking.web.admin.translations import label_in_language, translation_sections
from invo_booking.web.core import routes
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import page_link, status_tag
from invo_booking.web.kit.tables import empty_card, item_list
from invo_booking.web.kit.typed import has_item, has_items, text_if

FORM = BranchesState.form
ERRORS = BranchesState.errors


def branch_list() -> rx.Component:
    """The branches, sorted by name, with a search field if there are many."""
    return rx.fragment(
        rx.cond(BranchesState.is_long, _search_field()),
        item_list(
            BranchesState.rows,
            _branch_row,
            empty=empty_card(
                text_if(
                    BranchesState.is_long,
                    say("branches.no_match"),
                    say("branches.none"),
                )
            ),
            name="card lines",
        ),
    )


def _search_field() -> rx.Component:
    return rx.el.div(
        rx.el.label(say("branches.find"), html_for="find-branch"),
        rx.el.div(
            icon("search"),
            rx.el.input(
                id="find-branch",
                type="search",
                max_length=60,
                auto_complete="off",
                on_change=BranchesState.find_branches,
            ),
            class_name="box",
        ),
        rx.el.p(BranchesState.found, class_name="hint", role="status"),
        class_name="field find",
        role="search",
    )


def _branch_row(row: BranchRowView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(page_link(row.name, to=row.href)),
            rx.el.dl(
                admin_fact_row(say("branches.address"), row.address),
                admin_fact_row(say("branches.phone"), row.phone),
                admin_fact_row(say("branches.zone"), row.zone),
                admin_fact_row(say("branches.people"), row.people),
            ),
            class_name="what",
        ),
        rx.el.div(
            rx.cond(
                row.is_open,
                status_tag("ok", "check", say("branches.open")),
                status_tag("done", "stop", say("branches.closed")),
            ),
            rx.cond(
                row.has_address,
                rx.fragment(),
                status_tag("warn", "warn", say("branches.no_address")),
            ),
            rx.cond(
                row.has_people,
                rx.fragment(),
                status_tag("warn", "warn", say("branches.no_people")),
            ),
            rx.cond(
                row.untranslated != "", rx.el.span(row.untranslated, class_name="m")
            ),
            rx.cond(row.live != "", rx.el.span(row.live, class_name="m")),
            class_name="state",
        ),
        rx.el.div(edit_link(row.name, row.href), class_name="acts"),
    )


def branch_form() -> rx.Component:
    """The form of one branch: name, address, time zone and opening hours."""
    return rx.fragment(
        affected_review(BranchesState, "save"),
        staff_form(
            fields.text_field("name", say("branches.form.name"), ERRORS, FORM.name),
            *_address_fields(),
            *_place_fields(),
            opening_hours_field(BranchesState, say("opening.hint.branch")),
            translation_sections(
                _translated_fields, hint=say("branches.form.translations_hint")
            ),
            rx.el.div(
                admin_switch_field(
                    "active",
                    say("branches.open"),
                    say("branches.form.open_hint"),
                    FORM.is_open,
                ),
                rx.cond(
                    has_item(ERRORS, "active"),
                    rx.el.p(ERRORS["active"], class_name="err", role="alert"),
                ),
            ),
            admin_save_bar(
                say("kit.save"),
                page_link(say("admin.cancel"), to=routes.BRANCHES, name="btn"),
                problem=BranchesState.problem,
            ),
            submit=BranchesState.submit_form,
            makes=True,
            key=FORM.key,
            is_inert=has_items(BranchesState.affected),
            class_name="card form",
        ),
        rx.cond(
            (FORM.id != "") & ClosuresState.is_ready,
            closed_days_panel(say("branches.closures")),
        ),
    )


def _translated_fields(code: str) -> list[rx.Component]:
    return [
        fields.text_field(
            f"name-{code}",
            label_in_language(say("branches.form.name"), code),
            ERRORS,
            FORM.translations[f"name-{code}"],
        ),
        fields.text_area(
            f"directions-{code}",
            label_in_language(say("branches.form.directions"), code),
            ERRORS,
            FORM.translations[f"directions-{code}"],
        ),
    ]


def _address_fields() -> tuple[rx.Component, ...]:
    return (
        fields.text_area(
            "street",
            say("branches.form.street"),
            ERRORS,
            FORM.street,
            hint=say("branches.form.street_hint"),
        ),
        rx.el.div(
            fields.text_field("town", say("branches.form.town"), ERRORS, FORM.town),
            fields.text_field(
                "region", say("branches.form.region"), ERRORS, FORM.region
            ),
            class_name="two",
        ),
        rx.el.div(
            fields.text_field(
                "postal_code",
                say("branches.form.postal_code"),
                ERRORS,
                FORM.postal_code,
            ),
            fields.select_field(
                "country",
                say("branches.form.country"),
                ERRORS,
                branch_country_options(),
                default_value=FORM.country,
            ),
            class_name="two",
        ),
    )


def _place_fields() -> tuple[rx.Component, ...]:
    return (
        rx.el.div(
            fields.text_field(
                "phone", say("branches.phone"), ERRORS, FORM.phone, "tel"
            ),
            fields.time_zone_field(
                "time_zone",
                say("branches.zone"),
                ERRORS,
                FORM.zone,
                hint=say("branches.form.zone_hint"),
            ),
            class_name="two",
        ),
        fields.text_area(
            "directions",
            say("branches.form.directions"),
            ERRORS,
            FORM.directions,
            hint=say("branches.form.directions_hint"),
        ),
        rx.el.div(
            fields.text_field(
                "latitude",
                say("branches.form.latitude"),
                ERRORS,
                FORM.latitude,
                hint=say("branches.form.latitude_hint"),
            ),
            fields.text_field(
                "longitude",
                say("branches.form.longitude"),
                ERRORS,
                FORM.longitude,
                hint=say("branches.form.longitude_hint"),
            ),
            class_name="two",
        ),
    )
