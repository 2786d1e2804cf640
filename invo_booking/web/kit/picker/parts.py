"""Draw the picker for a day and a time."""

import reflex as rx
from reflex.event import EventCallback

from invo_booking.texts import say, weave
from invo_booking.web.core.moment import refresh_timer
from invo_booking.web.kit.browser import arrow_keys
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import hidden_text, problem_alert
from invo_booking.web.kit.picker.choices import ChoiceView
from invo_booking.web.kit.picker.month_view import (
    DayPartView,
    MonthDayView,
    SlotView,
    WeekdayView,
    WeekView,
)
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.kit.picker.zones import zone_field
from invo_booking.web.kit.tables import each, empty_line, month_table
from invo_booking.web.kit.typed import Text

VIEW = PickerState.view


Press = EventCallback[str]
"""A handler that receives the key of a start."""


def time_picker(on_pick: Press, *choices: rx.Component) -> rx.Component:
    """Return the picker: agent, first free start, month, times and time zone.

    Args:
        on_pick: Called with the key of the start that the visitor clicks.
        *choices: Other choices, shown between the first free start and the month.
    """
    return rx.fragment(
        problem_alert(PickerState.problem),
        rx.cond(VIEW.soonest.key, _soonest_button(on_pick)),
        *choices,
        rx.cond(PickerState.advisers, _adviser_field()),
        rx.el.div(
            _month_section(),
            _times_section(on_pick),
            zone_field(),
            class_name="when",
        ),
        refresh_timer(PickerState.moment, on_due=PickerState.refresh_day),
    )


def slot_buttons(items: list[SlotView], on_pick: Press) -> rx.Component:
    """Return starts as buttons."""

    def slot_item(slot: SlotView) -> rx.Component:
        return rx.el.li(
            rx.cond(slot.why, _closed_slot(slot), _open_slot(slot, on_pick))
        )

    return rx.el.ul(each(items, slot_item), class_name="slots")


def _adviser_field() -> rx.Component:
    return rx.el.div(
        rx.el.label(say("scheduler.adviser.label"), html_for="adviser"),
        rx.el.select(
            rx.el.option(say("scheduler.adviser.any"), value=""),
            rx.foreach(PickerState.advisers, _adviser_option),
            id="adviser",
            value=PickerState.chosen,
            on_change=PickerState.choose_adviser,
        ),
        class_name="field adviser",
    )


def _adviser_option(choice: ChoiceView) -> rx.Component:
    return rx.el.option(choice.label, value=choice.key)


def _soonest_button(on_pick: Press) -> rx.Component:
    return rx.el.button(
        icon("bolt", 20),
        rx.el.span(
            *weave("scheduler.when.soonest", start=rx.el.b(VIEW.soonest.label)),
            rx.cond(VIEW.soonest.place, _place_line(VIEW.soonest)),
            class_name="what",
        ),
        rx.el.span(say("scheduler.when.take"), class_name="pick"),
        type="button",
        class_name="next",
        on_click=on_pick(VIEW.soonest.key),
    )


def _month_section() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(VIEW.name, id="month"),
            rx.el.div(
                _turn_button(
                    "left", VIEW.previous, -1, say("scheduler.month.previous")
                ),
                _turn_button("right", VIEW.next, 1, say("scheduler.month.next")),
                class_name="turn",
            ),
            class_name="month-head",
        ),
        arrow_keys(
            month_table(
                VIEW.weekdays,
                _weekday_head,
                VIEW.weeks,
                _week_row,
                labelled_by="month",
                name="month",
            ),
            on_turn=PickerState.turn_page,
        ),
        rx.el.ul(
            rx.el.li(
                rx.el.span(class_name="dot", aria_hidden="true"),
                say("scheduler.month.legend"),
            ),
            rx.foreach(VIEW.closed, rx.el.li),
            class_name="key",
        ),
        aria_labelledby="month",
    )


def _turn_button(mark: str, label: Text, pages: int, fallback: str) -> rx.Component:
    return rx.el.button(
        icon(mark, 20),
        type="button",
        aria_label=rx.cond(label, label, fallback),
        disabled=label == "",
        on_click=PickerState.turn_page(pages),
    )


def _weekday_head(day: WeekdayView) -> rx.Component:
    return rx.el.th(
        rx.el.span(day.short, aria_hidden="true"), hidden_text(day.full), scope="col"
    )


def _week_row(week: WeekView) -> rx.Component:
    return rx.el.tr(rx.foreach(week.days, _day_cell))


def _day_cell(day: MonthDayView) -> rx.Component:
    return rx.el.td(rx.cond(day.free, _free_day(day), _plain_day(day)))


def _plain_day(day: MonthDayView) -> rx.Component:
    return rx.el.span(
        day.number,
        hidden_text(day.after),
        _day_tag(day),
        class_name=rx.cond(day.tag, "day tagged", "day"),
        title=day.why,
    )


def _free_day(day: MonthDayView) -> rx.Component:
    return rx.el.button(
        hidden_text(day.before),
        day.number,
        hidden_text(day.after),
        _day_tag(day),
        type="button",
        class_name=rx.cond(day.tag, "day tagged", "day"),
        aria_pressed=day.shown,
        tab_index=day.tab,
        on_click=PickerState.choose_day(day.key),
    )


def _day_tag(day: MonthDayView) -> rx.Component:
    return rx.cond(day.tag, rx.el.span(day.tag, class_name="tag", aria_hidden="true"))


def _times_section(on_pick: Press) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(
                rx.cond(VIEW.day, VIEW.day, say("scheduler.when.times")),
                id="times",
                tab_index=-1,
            ),
            rx.el.p(VIEW.zone, class_name="quiet small"),
            class_name="times-head",
        ),
        rx.el.div(
            rx.cond(
                VIEW.parts,
                rx.foreach(VIEW.parts, lambda part: _day_part(part, on_pick)),
                _no_times_notice(),
            ),
            class_name="of-day",
        ),
        rx.el.p(PickerState.message, class_name="vh", role="status"),
        class_name="times",
        aria_labelledby="times",
    )


def _day_part(part: DayPartView, on_pick: Press) -> rx.Component:
    return rx.el.section(
        rx.el.h3(icon(part.key, 20), part.name, id=part.key),
        slot_buttons(part.slots, on_pick),
        class_name="part",
        aria_labelledby=part.key,
    )


def _no_times_notice() -> rx.Component:
    return empty_line(VIEW.none)


def _closed_slot(slot: SlotView) -> rx.Component:
    return rx.el.button(
        rx.cond(slot.taken, rx.el.s(slot.label), slot.label),
        rx.el.span(slot.why, class_name="why"),
        rx.cond(slot.place, _place_line(slot)),
        type="button",
        class_name="slot",
        disabled=True,
    )


def _open_slot(slot: SlotView, on_pick: Press) -> rx.Component:
    return rx.el.button(
        rx.cond(slot.picked, icon("tick", 20)),
        slot.label,
        rx.cond(slot.period, hidden_text(slot.period)),
        rx.cond(slot.place, _place_line(slot)),
        type="button",
        class_name=rx.cond(slot.place, "slot placed", "slot"),
        aria_pressed=slot.picked,
        on_click=on_pick(slot.key),
    )


def _place_line(slot: SlotView) -> rx.Component:
    return rx.el.span(slot.place, class_name="place")
