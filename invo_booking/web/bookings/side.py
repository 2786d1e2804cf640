"""The panel beside the calendar: small month, unassigned appointments, calendars."""

import reflex as rx
from reflex_components_core.react_router import ReactRouterLink

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.day_list import waiting_list
from invo_booking.web.bookings.packing import STUCK, UNASSIGNED
from invo_booking.web.bookings.side_view import MiniDayView, MiniWeekView, SideLinkView
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.kit.calendar.personal import (
    calendar_storage_rows,
    personal_calendar_texts,
    personal_count,
    personal_gear,
    personal_panel,
)
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import icon_link
from invo_booking.web.kit.tables import empty_line, month_table

MINI = BookingsState.mini


def calendar_side_panel() -> rx.Component:
    """The small month, unassigned appointments, and personal calendars."""
    return rx.el.aside(
        rx.el.div(
            _mini_month(),
            rx.cond(BookingsState.stuck_count > 0, _unplaced_section()),
            _unassigned_section(),
            class_name="scroll",
            tab_index=0,
            role="group",
            aria_label=say("bookings.side.open"),
        ),
        _side_footer(),
        class_name="side",
        aria_label=say("bookings.side.label"),
    )


def _mini_month() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(MINI.title, id="mini-title"),
            icon_link("left", MINI.back.label, MINI.back.href, "sm"),
            icon_link("right", MINI.on.label, MINI.on.href, "sm"),
            class_name="head",
        ),
        month_table(
            MINI.weekdays,
            _weekday_head,
            MINI.weeks,
            _week_row,
            labelled_by="mini-title",
        ),
        class_name="mini",
        custom_attrs={"aria-labelledby": "mini-title"},
    )


def _weekday_head(day: SideLinkView) -> rx.Component:
    return rx.el.th(day.label, scope="col", custom_attrs={"abbr": day.href})


def _week_row(week: MiniWeekView) -> rx.Component:
    return rx.el.tr(rx.foreach(week.days, _day_cell), class_name=week.kind)


def _day_cell(day: MiniDayView) -> rx.Component:
    return rx.el.td(
        ReactRouterLink.create(
            day.number,
            to=day.href,
            aria_label=day.name,
            custom_attrs={"aria-current": day.current},
        ),
        class_name=day.kind,
    )


def _unplaced_section() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(say("unplaced.heading"), id="stuck-title"),
            rx.el.span(BookingsState.stuck_count, class_name="count u"),
            class_name="head",
        ),
        _unassigned_list(STUCK),
        class_name="un",
        custom_attrs={"aria-labelledby": "stuck-title"},
    )


def _unassigned_section() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(say("unassigned.heading"), id="pool-title"),
            rx.el.span(BookingsState.pool_count, class_name="count u"),
            class_name="head",
        ),
        rx.cond(
            BookingsState.pool_count > 0,
            _unassigned_list(UNASSIGNED),
            empty_line(say("unassigned.none")),
        ),
        class_name="un",
        custom_attrs={"aria-labelledby": "pool-title"},
    )


def _unassigned_list(kind: str) -> rx.Component:
    return waiting_list(
        rows=BookingsState.rows,
        changes=BookingsState.changes,
        kind=kind,
        current=DrawerState.seen.id,
        on_gap=BookingsState.send_all,
        on_open=DrawerState.open_appointment,
    )


def _side_footer() -> rx.Component:
    return rx.el.div(
        personal_calendar_gear(),
        personal_count(texts=personal_calendar_texts()),
        class_name="foot",
    )


def personal_calendar_gear() -> rx.Component:
    """The button that opens and closes the panel of personal calendars."""
    return personal_gear(icon("gear"), say("bookings.personal.heading"))


def personal_calendars() -> rx.Component:
    """The panel of personal calendars; nothing while it is closed."""
    return personal_panel(
        icon("x"),
        stored=calendar_storage_rows(),
        head={
            "heading": say("bookings.personal.heading"),
            "lead": say("bookings.personal.lead"),
            "close": say("kit.close"),
        },
    )
