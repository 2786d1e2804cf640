"""Booking Management."""

import reflex as rx

from invo_booking.web import layout, routes
from invo_booking.web.components.moment import look_again
from invo_booking.web.components.staff.calendar import calendar
from invo_booking.web.components.staff.clientside import shortcuts
from invo_booking.web.components.staff.draft import draft
from invo_booking.web.components.staff.drawer import drawer
from invo_booking.web.components.staff.icons import icon
from invo_booking.web.components.staff.side import side
from invo_booking.web.components.staff.toolbar import toolbar
from invo_booking.web.components.staff.unsaved import discards, unsaved
from invo_booking.web.states.bookings import BookingsState
from invo_booking.web.states.conflicts import ConflictsState
from invo_booking.web.states.draft import DraftState
from invo_booking.web.states.drawer import DrawerState
from invo_booking.web.states.keys import KeyState


@rx.page(
    route=routes.BOOKINGS,
    title="Bookings",
    on_load=[
        BookingsState.open_page,
        DrawerState.open_from_address,
        DraftState.open_from_address,
        ConflictsState.open_page,
    ],
)
def bookings() -> rx.Component:
    """The calendars of a person, a team and the queues."""
    return layout.frame(
        toolbar(),
        side(),
        calendar(),
        drawer(),
        draft(),
        unsaved(),
        shortcuts(keys=["Escape", "n"], on_key=KeyState.press),
        look_again(BookingsState.moment, DrawerState.moment, on_due=DrawerState.tick),
        here=routes.BOOKINGS,
        skip="Skip to the calendar",
        kind="bk",
        action=_new(),
    )


def _new() -> rx.Component:
    return rx.cond(
        BookingsState.may_create,
        rx.el.button(
            icon("plus"),
            rx.el.span("New appointment"),
            type="button",
            class_name="btn primary new",
            on_click=DraftState.begin("", "", ""),
            custom_attrs=discards(),
        ),
    )
