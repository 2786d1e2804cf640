"""The effect of keyboard shortcuts on Booking Management."""

import reflex as rx
from reflex.event import EventType

from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState


class KeyState(SessionState):
    """Handles keyboard shortcuts; stores nothing."""

    @rx.event
    @allow(EventPolicy.STAFF)
    async def handle_key(self, key: str) -> EventType[()] | None:
        """Close what is open on Escape; open the form for a new appointment on N."""
        if key == "Escape":
            return [DrawerState.close_drawer(), DraftState.close_draft()]
        if key == "n" and self.may_create:
            return DraftState.open_draft("", "", "")
        return None
