"""Booking Management."""

import reflex as rx

from invo_booking.web.appointment.conflicts_state import ConflictsState
from invo_booking.web.appointment.draft import draft
from invo_booking.web.appointment.draft_state import DraftState
from invo_booking.web.appointment.drawer import drawer
from invo_booking.web.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.calendar import calendar
from invo_booking.web.bookings.clientside import shortcuts
from invo_booking.web.bookings.keys import KeyState
from invo_booking.web.bookings.side import side
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.bookings.toolbar import toolbar
from invo_booking.web.core import routes
from invo_booking.web.core.moment import look_again
from invo_booking.web.kit import layout
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.unsaved import discards


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
