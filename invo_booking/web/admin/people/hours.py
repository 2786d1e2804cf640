"""A person's working hours: the usual week, dates that differ, and time off."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.parts import admin_panel
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.admin.people.week_view import MarkView, OffView
from invo_booking.web.admin.week_editor import week_editor, week_errors
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.parts import button, hidden_text, submit_button
from invo_booking.web.kit.tables import empty_line, item_list
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.typed import has_items

FORM = PersonState.form
LOCKED = FORM.bars != ""
KINDS = [OptionView("off", say("hours.day_off")), OptionView("own", say("hours.own"))]


def usual_week_panel() -> rx.Component:
    """The usual week, to draw or type."""
    return admin_panel(
        say("hours.heading"),
        say("hours.lead", zone=FORM.clock),
        *week_editor(WeekState, PersonState, locked=LOCKED, empty=say("hours.none")),
        key="hours",
    )


def hours_exceptions_panel() -> rx.Component:
    """Dates that differ from the usual week, and time off."""
    return admin_panel(
        say("hours.exceptions.heading"),
        say("hours.exceptions.lead"),
        _year_strip(),
        week_errors("exceptions", WeekState, PersonState),
        week_errors("time_off", WeekState, PersonState),
        item_list(
            WeekState.offs,
            _exception_row,
            empty=empty_line(say("hours.exceptions.none")),
            name="exc",
        ),
        rx.cond(LOCKED, rx.fragment(), rx.fragment(_day_form(), _time_off_form())),
        key="exceptions",
    )


def _year_strip() -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.foreach(WeekState.marks, _year_mark), class_name="marks"),
        rx.el.div(rx.foreach(WeekState.months, rx.el.span), class_name="months"),
        rx.el.p(
            _legend_item("hol", say("hours.exceptions.holiday")),
            _legend_item("off", say("hours.day_off")),
            _legend_item("alt", say("hours.exceptions.other_hours")),
            class_name="legend",
        ),
        class_name="year",
        aria_hidden="true",
    )


def _year_mark(mark: MarkView) -> rx.Component:
    place = {"left": mark.left, "width": mark.width}
    return rx.el.i(class_name=f"k-{mark.kind}", style=place)


def _legend_item(kind: str, words: str) -> rx.Component:
    return rx.el.span(rx.el.i(class_name=f"k-{kind}"), words)


def _exception_row(view: OffView) -> rx.Component:
    return rx.el.li(
        rx.el.i(class_name=f"k-{view.kind}", aria_hidden="true"),
        rx.el.span(view.when, rx.el.small(view.what)),
        rx.cond(
            LOCKED,
            rx.fragment(),
            button(
                say("hours.exceptions.remove"),
                hidden_text(f" {view.when}, {view.what}"),
                press=WeekState.remove_exception(view.key),
                look="sm",
            ),
        ),
    )


def _day_form() -> rx.Component:
    errors = WeekState.errors
    return rx.el.details(
        rx.el.summary(say("hours.exceptions.add")),
        staff_form(
            fields.text_field("day", say("hours.exceptions.date"), errors, kind="date"),
            fields.select_field("kind", say("hours.exceptions.kind"), errors, KINDS),
            fields.text_field(
                "begins", say("hours.exceptions.from"), errors, "09:00", kind="time"
            ),
            fields.text_field(
                "ends", say("hours.exceptions.to"), errors, "13:00", kind="time"
            ),
            rx.cond(
                has_items(WeekState.places),
                fields.select_field(
                    "branch", say("hours.where"), errors, WeekState.places
                ),
            ),
            submit_button(say("hours.exceptions.add_date"), look=""),
            submit=WeekState.add_exception,
            key=f"day {WeekState.days_added}",
            class_name="form inline",
        ),
        class_name="unfold",
    )


def _time_off_form() -> rx.Component:
    errors = WeekState.errors
    return rx.el.details(
        rx.el.summary(say("hours.time_off.add")),
        staff_form(
            fields.text_field(
                "first", say("hours.time_off.first"), errors, kind="date"
            ),
            fields.text_field("last", say("hours.time_off.last"), errors, kind="date"),
            fields.text_field("note", say("hours.time_off.note"), errors),
            submit_button(say("hours.time_off.add"), look=""),
            submit=WeekState.add_time_off,
            key=f"off {WeekState.offs_added}",
            class_name="form inline",
        ),
        class_name="unfold",
    )
