"""Draw the closed days, on the page of the institution or of a branch."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.closures import view as presenter
from invo_booking.web.admin.closures.fields import FIELDS
from invo_booking.web.admin.closures.state import ClosuresState
from invo_booking.web.admin.closures.view import ClosedDayView, HolidayView
from invo_booking.web.admin.form_fields import form_rows, translation_sections
from invo_booking.web.admin.parts import (
    admin_group_error,
    admin_panel,
    admin_save_bar,
    affected_review,
)
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import form_outcome, staff_form
from invo_booking.web.kit.parts import button, hidden_text, status_tag, submit_button
from invo_booking.web.kit.tables import each, empty_line, item_list
from invo_booking.web.kit.typed import has_items, length_of
from invo_booking.web.kit.unsaved import discard_attributes

ERRORS = ClosuresState.errors
FORM = ClosuresState.form
IN_REVIEW = has_items(ClosuresState.affected)
LISTED = f"{ClosuresState.country} {ClosuresState.part} {ClosuresState.year}"
_DAY, _HOLIDAYS = "closed-day", "public-holidays"


def closed_days_panel(lead: str) -> rx.Component:
    """The list of closed days, and a form to add more.

    Args:
        lead: Sentence that says what is closed on these days.
    """
    return admin_panel(
        say("closures.heading"),
        lead,
        item_list(
            ClosuresState.days,
            _day_row,
            empty=empty_line(say("closures.none")),
            name="lines",
        ),
        rx.cond(has_items(ClosuresState.later), _later_days()),
        form_outcome(ClosuresState),
        affected_review(ClosuresState, "close"),
        _day_form(),
        key="closed",
    )


def _later_days() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            say("closures.later"),
            rx.el.span(length_of(ClosuresState.later), class_name="count"),
        ),
        rx.el.ul(each(ClosuresState.later, _day_row), class_name="lines"),
        class_name="more",
    )


def _day_row(view: ClosedDayView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(view.when),
            rx.el.p(view.name, class_name="m"),
            rx.cond(
                view.untranslated != "",
                rx.el.p(view.untranslated, class_name="hint"),
            ),
            class_name="what",
        ),
        rx.el.div(
            button(
                say("closures.edit"),
                hidden_text(f" {view.when}"),
                press=ClosuresState.edit_day(view.day),
                look="sm",
                custom_attrs=discard_attributes(_DAY),
            ),
            button(
                say("closures.reopen"),
                hidden_text(f" {view.when}"),
                press=ClosuresState.reopen_day(view.day),
                look="sm",
            ),
            class_name="acts",
        ),
    )


def _day_form() -> rx.Component:
    return staff_form(
        *form_rows(FIELDS, FORM, ERRORS),
        translation_sections(
            FIELDS, FORM, ERRORS, hint=say("closures.translations_hint")
        ),
        rx.el.div(
            submit_button(
                say("closures.close"), hidden_text(say("closures.close_what")), look=""
            ),
        ),
        id=_DAY,
        submit=ClosuresState.submit_form,
        key=FORM.key,
        is_inert=IN_REVIEW,
        class_name="form",
    )


def public_holidays_panel() -> rx.Component:
    """A list of a country's public holidays, to choose closed days from."""
    return admin_panel(
        say("closures.holidays.heading"),
        say("closures.holidays.lead"),
        _country_fields(),
        rx.cond(
            has_items(ClosuresState.suggestions),
            _holiday_form(),
            empty_line(say("closures.holidays.none")),
        ),
        key="public",
    )


def _country_fields() -> rx.Component:
    return rx.el.div(
        fields.select_field(
            "calendar",
            say("closures.holidays.country"),
            ERRORS,
            presenter.holiday_country_options(),
            value=ClosuresState.country,
            on_change=ClosuresState.choose_country,
            attributes=discard_attributes(_HOLIDAYS),
        ),
        fields.select_field(
            "part",
            say("closures.holidays.part"),
            ERRORS,
            ClosuresState.parts,
            rx.el.option(say("closures.holidays.whole"), value=""),
            value=ClosuresState.part,
            on_change=ClosuresState.choose_part,
            attributes=discard_attributes(_HOLIDAYS),
        ),
        fields.select_field(
            "year",
            say("closures.holidays.year"),
            ERRORS,
            ClosuresState.years,
            value=ClosuresState.year,
            on_change=ClosuresState.choose_year,
            attributes=discard_attributes(_HOLIDAYS),
        ),
        class_name="form inline",
    )


def _holiday_form() -> rx.Component:
    return staff_form(
        rx.el.fieldset(
            rx.el.legend(say("closures.holidays.legend"), class_name="vh"),
            rx.el.ul(each(ClosuresState.suggestions, _holiday_row), class_name="lines"),
            admin_group_error("holidays", ERRORS),
            class_name="field",
        ),
        rx.cond(
            ClosuresState.may_close, admin_save_bar(say("closures.holidays.close"))
        ),
        id=_HOLIDAYS,
        submit=ClosuresState.submit_holidays,
        key=f"{LISTED} {ClosuresState.holidays_key}",
        is_inert=IN_REVIEW,
        class_name="form",
    )


def _holiday_row(view: HolidayView) -> rx.Component:
    return rx.el.li(
        rx.cond(
            view.is_closed,
            rx.el.div(
                rx.el.h3(view.when),
                rx.el.p(view.name, class_name="m"),
                class_name="what",
            ),
            rx.el.label(
                rx.el.input(type="checkbox", name=view.field),
                rx.el.span(
                    rx.el.b(view.when), rx.el.span(view.name, class_name="hint")
                ),
                class_name="tick",
            ),
        ),
        rx.cond(
            view.is_closed, status_tag("done", "check", say("closures.holidays.closed"))
        ),
    )
