"""The page Booking Management."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.draft import appointment_draft_drawer
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer import appointment_drawer
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.calendar import bookings_calendar
from invo_booking.web.bookings.clientside import shortcuts
from invo_booking.web.bookings.keys import KeyState
from invo_booking.web.bookings.side import calendar_side_panel, personal_calendars
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.bookings.toolbar import calendar_toolbar
from invo_booking.web.core import routes
from invo_booking.web.core.moment import refresh_timer
from invo_booking.web.kit import layout
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.unsaved import discard_attributes


@rx.page(
    route=routes.BOOKINGS,
    title=say("frame.bookings"),
    on_load=[
        BookingsState.open_page,
        DrawerState.open_from_address,
        DraftState.open_from_address,
    ],
)
def bookings_page() -> rx.Component:
    """The calendars of a person, a team and the queues."""
    return layout.staff_frame(
        calendar_toolbar(),
        calendar_side_panel(),
        bookings_calendar(),
        personal_calendars(),
        appointment_drawer(),
        appointment_draft_drawer(),
        shortcuts(keys=["Escape", "n"], on_key=KeyState.handle_key),
        refresh_timer(
            BookingsState.moment, DrawerState.moment, on_due=DrawerState.refresh_page
        ),
        here=routes.BOOKINGS,
        skip=say("bookings.skip"),
        kind="bk",
        action=_new_button(),
    )


def _new_button() -> rx.Component:
    return rx.cond(
        BookingsState.may_create,
        rx.el.button(
            icon("plus"),
            rx.el.span(say("draft.heading")),
            type="button",
            class_name="btn primary new",
            on_click=DraftState.open_draft("", "", ""),
            custom_attrs=discard_attributes(),
        ),
    )
