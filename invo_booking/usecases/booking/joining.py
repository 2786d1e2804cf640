"""Let customers enter the room of their video call."""

from dataclasses import replace

from invo_booking.usecases.appointment import history, rooms
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.booking.repeating import retry_overtaken
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps


def require_entrance(deps: Deps, token: str) -> None:
    """Raise an error if the customer cannot enter the room now. Changes nothing.

    Raises:
        The errors of ``enter_room``.
    """
    with deps.unit_of_work() as work:
        appointment = links.open_link(work, token)
        rooms.require_open_room(deps, work, appointment, deps.now())


def enter_room(deps: Deps, token: str) -> str:
    """Record that the customer joined, and return the room's URL.

    The URL may contain a signed token, so give the URL only to the customer, for
    immediate use.

    Raises:
        NotFoundError: If the link is not valid.
        NoRoomError: If the appointment is no video call, or has no room.
        SlotClosedError: If the room does not open yet, with reason ``"too_early"``.
        LinkExpiredError: If the call can no longer be joined.
    """
    return retry_overtaken(lambda: _enter_in_transaction(deps, token))


def _enter_in_transaction(deps: Deps, token: str) -> str:
    with deps.unit_of_work() as work:
        appointment, now = links.open_link(work, token), deps.now()
        rooms.require_open_room(deps, work, appointment, now)
        if appointment.joined_at is None:
            appointment = work.appointments.save(replace(appointment, joined_at=now))
            event = AppointmentEvent(actor=history.CUSTOMER, action="joined", detail={})
            history.record_event(work, appointment, event, now)
        return rooms.customer_address(deps, work, appointment, now)
