"""When a person works: the usual week, dates that differ, and time off."""

import reflex as rx

from invo_booking.domain.week import WEEKDAYS
from invo_booking.texts import say
from invo_booking.web.admin.parts import admin_panel
from invo_booking.web.admin.people import week_state as state
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.week_grid import week_grid
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.admin.people.week_view import (
    MarkView,
    OffView,
    PeriodView,
    UsualDayView,
)
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, hidden_text, status_tag
from invo_booking.web.kit.tables import empty_line, item_list
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.typed import Text, has_item, has_items, length_of, number_text

FORM = PersonState.form
LOCKED = FORM.bars != ""
ADDED = length_of(WeekState.offs)
KINDS = [OptionView("off", say("hours.day_off")), OptionView("own", say("hours.own"))]


def usual_week_panel() -> rx.Component:
    """The usual week, drawn or typed."""
    return admin_panel(
        say("hours.heading"),
        say("hours.lead", zone=FORM.clock),
        week_grid(days=WeekState.days, locked=LOCKED, on_draw=WeekState.draw_period),
        _errors_of("hours"),
        rx.el.ul(rx.foreach(WeekState.days, _changed_day), class_name="changes"),
        rx.cond(LOCKED, rx.fragment(), _typed_week()),
        key="hours",
    )


def _errors_of(field: str) -> rx.Component:
    return rx.el.div(
        _error_line(WeekState.errors, field),
        _error_line(PersonState.errors, field),
        role="alert",
    )


def _error_line(errors: fields.Errors, field: str) -> rx.Component:
    return rx.cond(
        has_item(errors, field),
        rx.el.p(icon("warn", 14), errors[field], class_name="err"),
    )


def _changed_day(day: UsualDayView) -> rx.Component:
    return rx.cond(
        day.was != "",
        rx.el.li(
            status_tag("changed", "pen", say("hours.changed", day=day.name)),
            rx.el.span(say("hours.was", hours=day.was)),
            rx.el.button(
                say("hours.put_back"),
                hidden_text(f" {day.name}"),
                type="button",
                class_name="link",
                on_click=WeekState.restore_day(number_text(day.day)),
            ),
        ),
    )


def _typed_week() -> rx.Component:
    return rx.el.details(
        rx.el.summary(say("hours.type")),
        rx.el.ol(
            rx.foreach(WeekState.days, _typed_day),
            class_name="typed",
        ),
        class_name="unfold",
    )


def _typed_day(day: UsualDayView) -> rx.Component:
    return rx.el.li(
        rx.el.h3(day.name),
        rx.el.div(
            rx.cond(
                has_items(day.periods),
                rx.fragment(),
                rx.el.p(say("hours.none"), class_name="m"),
            ),
            rx.foreach(day.periods, lambda it, n: _typed_period(day, it, n)),
            class_name="periods",
        ),
        rx.el.div(
            rx.el.button(
                icon("plus", 14),
                say("hours.add"),
                hidden_text(say("hours.add_on", day=day.name)),
                type="button",
                class_name="btn sm",
                on_click=WeekState.add_period(number_text(day.day)),
            ),
            _copy_menu(day),
            class_name="acts",
        ),
    )


def _typed_period(
    day: UsualDayView, period: PeriodView, index: rx.Var[int]
) -> rx.Component:
    place, number = number_text(day.day), number_text(index)
    return rx.el.div(
        _edge_field(
            day, index, "begins", say("hours.from", day=day.name), period.begins
        ),
        rx.el.span(say("hours.to"), aria_hidden="true"),
        _edge_field(day, index, "ends", say("hours.until", day=day.name), period.until),
        rx.el.button(
            icon("x", 14),
            type="button",
            class_name="icon-btn",
            aria_label=say("hours.remove", period=period.name),
            on_click=WeekState.draw_period(place, number, "", ""),
        ),
        class_name="period",
    )


def _edge_field(
    day: UsualDayView, index: rx.Var[int], edge: str, label: Text, clock: Text
) -> rx.Component:
    place, number = number_text(day.day), number_text(index)
    return rx.el.input(
        id=f"{edge}-{day.day}-{index}",
        type="time",
        default_value=clock,
        aria_label=label,
        on_blur=lambda typed: WeekState.type_edge(place, number, edge, typed),
        key=f"{edge} {index} {clock} {WeekState.refused}",
    )


def _copy_menu(day: UsualDayView) -> rx.Component:
    targets = [
        (state.WEEKDAYS, say("hours.copy.weekdays")),
        (state.EVERY_DAY, say("hours.copy.all")),
        *((str(number), name) for number, name in enumerate(WEEKDAYS)),
    ]
    return rx.el.details(
        rx.el.summary(
            say("hours.copy.label"), hidden_text(f" {day.name}"), class_name="btn sm"
        ),
        rx.el.div(
            *(
                rx.el.button(
                    hidden_text(say("hours.copy.to", day=day.name)),
                    name,
                    type="button",
                    on_click=WeekState.copy_day(number_text(day.day), target),
                )
                for target, name in targets
            ),
            class_name="copies",
        ),
        class_name="copy",
    )


def hours_exceptions_panel() -> rx.Component:
    """Dates that differ from the usual week, and time off."""
    return admin_panel(
        say("hours.exceptions.heading"),
        say("hours.exceptions.lead"),
        _year_strip(),
        _errors_of("exceptions"),
        _errors_of("time_off"),
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
            rx.el.button(
                say("hours.exceptions.add_date"), type="submit", class_name="btn"
            ),
            submit=WeekState.add_exception,
            key=f"day {ADDED}",
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
            rx.el.button(say("hours.time_off.add"), type="submit", class_name="btn"),
            submit=WeekState.add_time_off,
            key=f"off {ADDED}",
            class_name="form inline",
        ),
        class_name="unfold",
    )
