"""The calendar: a grid on wide screens; a list on phones, or if a person chose it."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.day_list import day_list
from invo_booking.web.bookings.drag_state import DragState
from invo_booking.web.bookings.event_calendar import event_calendar
from invo_booking.web.bookings.side import personal_calendar_gear
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.bookings.toolbar import calendar_filter_bar
from invo_booking.web.core.routes import room_door_route
from invo_booking.web.kit.calendar.personal import (
    personal_calendar_texts,
    personal_notices,
)
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, problem_alert, skeleton, undo_bar
from invo_booking.web.kit.unsaved import discard_attributes

GRID = BookingsState.grid


def bookings_calendar() -> rx.Component:
    """Filters, problems, the grid or the list, and the offer to undo."""
    return rx.el.div(
        calendar_filter_bar(),
        problem_alert(DragState.problem, DragState.dismiss_notices),
        rx.cond(
            DraftState.is_open,
            rx.fragment(),
            problem_alert(DraftState.problem, DraftState.dismiss_notices),
        ),
        personal_notices(shown=BookingsState.personal, texts=personal_calendar_texts()),
        rx.cond(BookingsState.is_ready, _grid_or_list(), skeleton()),
        undo_bar(
            DragState.done,
            number=DragState.undo_number,
            undo=DragState.undo_drag,
            on_end=DragState.end_undo(DragState.undo_number),
            name="undo",
        ),
        rx.el.div(personal_calendar_gear(), class_name="own-foot"),
        class_name="cal",
    )


def _grid_or_list() -> rx.Component:
    return rx.fragment(
        rx.cond(GRID.view != "", _event_grid()),
        rx.cond(BookingsState.topics.matter, _legend(), _legend_of_team()),
        rx.el.section(
            rx.cond(BookingsState.is_empty, _empty_notice()),
            _appointment_list(),
            class_name=rx.cond(GRID.view == "", "daylist is-on", "daylist"),
            tab_index=0,
            aria_label=say("bookings.list.label"),
        ),
    )


def _appointment_list() -> rx.Component:
    return day_list(
        rows=BookingsState.rows,
        changes=BookingsState.changes,
        join={"label": say("drawer.join"), "href": room_door_route("")},
        on_gap=BookingsState.send_all,
        on_open=DrawerState.open_appointment,
    )


def _event_grid() -> rx.Component:
    return event_calendar(
        texts=_calendar_texts(),
        view=GRID.view,
        day=GRID.day,
        rows=BookingsState.rows,
        changes=BookingsState.changes,
        lanes=BookingsState.lanes,
        subjects=BookingsState.subjects,
        holidays=BookingsState.holidays,
        openings=DragState.openings,
        hidden_days=GRID.hidden_days,
        first=GRID.first,
        last=GRID.last,
        opens=GRID.opens,
        step=GRID.step,
        offset=GRID.offset,
        locale=GRID.locale,
        first_day=GRID.first_day,
        selectable=BookingsState.may_create,
        revision=DragState.revision,
        on_gap=BookingsState.send_all,
        on_open=DrawerState.open_appointment,
        on_grab=DragState.show_openings,
        on_move=DragState.move_appointment,
        on_pick=DraftState.open_draft,
    )


def _legend() -> rx.Component:
    """The meaning of the colors on the lanes of queues."""
    return rx.el.ul(
        rx.el.li(
            rx.el.span(say("bookings.key.example_free"), class_name="slot open"),
            say("bookings.key.open"),
        ),
        rx.el.li(
            rx.el.span(say("bookings.key.example_closed"), class_name="slot closed"),
            say("bookings.key.closed"),
        ),
        rx.cond(BookingsState.host_is_busy, _host_legend()),
        class_name="key",
        aria_label=say("bookings.key.label"),
    )


def _legend_of_team() -> rx.Component:
    return rx.cond(
        BookingsState.host_is_busy,
        rx.el.ul(
            _host_legend(),
            class_name="key",
            aria_label=say("bookings.key.label"),
        ),
    )


def _host_legend() -> rx.Component:
    return rx.el.li(
        rx.el.span(say("bookings.key.busy"), class_name="slot host"),
        say("bookings.key.host"),
    )


def _empty_notice() -> rx.Component:
    return rx.el.div(
        icon("cal", 20),
        rx.el.p(say("bookings.none")),
        rx.cond(
            BookingsState.may_create,
            button(
                say("draft.heading"),
                press=DraftState.open_draft("", "", ""),
                custom_attrs=discard_attributes(),
            ),
        ),
        class_name="nothing",
    )


def _calendar_texts() -> dict[str, str]:
    day, times, subject, why = "{day}", "{times}", "{subject}", "{why}"
    return {
        "day": say("bookings.grid.day", day=day),
        "closed": say(
            "bookings.grid.closed", day=day, times=times, subject=subject, why=why
        ),
        "all_day": say("bookings.grid.all_day"),
        "why": say("bookings.grid.why", times=times),
        "this_day": say("bookings.grid.this_day"),
    }
