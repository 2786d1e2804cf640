"""Edit a week of working or opening hours, by drawing or by typing."""

from dataclasses import dataclass

import reflex as rx

from invo_booking.domain.week import weekday_name
from invo_booking.texts import say
from invo_booking.web.admin import week_state
from invo_booking.web.admin.week_grid import week_grid
from invo_booking.web.admin.week_state import WeekEditorState
from invo_booking.web.admin.week_view import PeriodView, UsualDayView
from invo_booking.web.core.form_state import FormState
from invo_booking.web.kit import fields
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, status_tag
from invo_booking.web.kit.typed import Flag, Text, has_item, has_items, number_text

Editor = type[WeekEditorState]


def week_editor(
    week: Editor, form: type[FormState], *, locked: Flag = False, empty: Text
) -> tuple[rx.Component, ...]:
    """Bars to draw hours, the list of changed days, and fields to type hours.

    Args:
        week: State of the week.
        form: State of the form that saves the week.
        locked: Whether the hours cannot be changed.
        empty: Text of a weekday without hours.
    """
    return (
        week_grid(days=week.days, locked=locked, empty=empty, on_draw=week.draw_period),
        week_errors("hours", week, form),
        rx.el.ul(
            rx.foreach(week.days, lambda day: _changed_day(week, day)),
            class_name="changes",
        ),
        rx.cond(locked, rx.fragment(), _typed_week(week, empty)),
    )


def week_errors(field: str, week: Editor, form: type[FormState]) -> rx.Component:
    """Why hours were refused, while drawing or when the form was saved."""
    return rx.el.div(
        _error_line(week.errors, field),
        _error_line(form.errors, field),
        role="alert",
    )


def _error_line(errors: fields.Errors, field: str) -> rx.Component:
    return rx.cond(
        has_item(errors, field),
        rx.el.p(icon("warn", 14), errors[field], class_name="err"),
    )


def _changed_day(week: Editor, day: UsualDayView) -> rx.Component:
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
                on_click=week.restore_day(number_text(day.day)),
            ),
        ),
    )


def _typed_week(week: Editor, empty: Text) -> rx.Component:
    return rx.el.details(
        rx.el.summary(say("hours.type")),
        rx.el.ol(
            rx.foreach(week.days, lambda day: _typed_day(week, day, empty)),
            class_name="typed",
        ),
        class_name="unfold",
    )


def _typed_day(week: Editor, day: UsualDayView, empty: Text) -> rx.Component:
    return rx.el.li(
        rx.el.h3(day.name),
        rx.el.div(
            rx.cond(
                has_items(day.periods),
                rx.fragment(),
                rx.el.p(empty, class_name="m"),
            ),
            rx.foreach(day.periods, lambda it, n: _typed_period(week, day, it, n)),
            class_name="periods",
        ),
        rx.el.div(
            rx.el.button(
                icon("plus", 14),
                say("hours.add"),
                hidden_text(say("hours.add_on", day=day.name)),
                type="button",
                class_name="btn sm",
                on_click=week.add_period(number_text(day.day)),
            ),
            _copy_menu(week, day),
            class_name="acts",
        ),
    )


def _typed_period(
    week: Editor, day: UsualDayView, period: PeriodView, index: rx.Var[int]
) -> rx.Component:
    place, number = number_text(day.day), number_text(index)
    return rx.el.div(
        _edge_field(
            _Edge(week, day, index, "begins"),
            say("hours.from", day=day.name),
            period.begins,
        ),
        rx.el.span(say("hours.to"), aria_hidden="true"),
        _edge_field(
            _Edge(week, day, index, "ends"),
            say("hours.until", day=day.name),
            period.until,
        ),
        rx.cond(has_items(week.places), _place_field(week, day, period, index)),
        rx.el.button(
            icon("x", 14),
            type="button",
            class_name="icon-btn",
            aria_label=say("hours.remove", period=period.name),
            on_click=week.draw_period(place, number, "", ""),
        ),
        class_name="period",
    )


def _place_field(
    week: Editor, day: UsualDayView, period: PeriodView, index: rx.Var[int]
) -> rx.Component:
    """The field for the branch at which visits are served during a period."""
    place, number = number_text(day.day), number_text(index)
    return rx.el.select(
        rx.foreach(week.places, lambda it: rx.el.option(it.label, value=it.value)),
        default_value=period.place,
        aria_label=say("hours.where_of", period=period.name),
        on_change=lambda branch: week.place_period(place, number, branch),
        key=f"place {index} {period.begins} {period.place} {week.refused}",
    )


@dataclass(frozen=True, slots=True)
class _Edge:
    """The beginning or the end of one period of a weekday."""

    week: Editor
    day: UsualDayView
    index: rx.Var[int]
    name: str


def _edge_field(edge: _Edge, label: Text, clock: Text) -> rx.Component:
    week, index = edge.week, edge.index
    place, number = number_text(edge.day.day), number_text(index)
    return rx.el.input(
        id=f"{edge.name}-{edge.day.day}-{index}",
        type="time",
        default_value=clock,
        aria_label=label,
        on_blur=lambda typed: week.type_edge(place, number, edge.name, typed),
        key=f"{edge.name} {index} {clock} {week.refused}",
    )


def _copy_menu(week: Editor, day: UsualDayView) -> rx.Component:
    targets = [
        (week_state.WEEKDAYS, say("hours.copy.weekdays")),
        (week_state.EVERY_DAY, say("hours.copy.all")),
        *((str(number), weekday_name(number)) for number in range(7)),
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
                    on_click=week.copy_day(number_text(day.day), target),
                )
                for target, name in targets
            ),
            class_name="copies",
        ),
        class_name="copy",
    )
