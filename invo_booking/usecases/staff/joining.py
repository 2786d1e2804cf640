"""Let staff enter the room of a video call."""

from dataclasses import replace
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import NotAllowedError
from invo_booking.texts import say
from invo_booking.usecases.appointment import history, rooms
from invo_booking.usecases.appointment.as_seen import SeenVersion, explain_overtaken
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import visible_appointment


def may_host(actor: Actor, appointment: Appointment) -> bool:
    """Whether the actor may enter the room as its host: its agent, or an overseer.

    Others take the appointment first, so that the customer knows whom they meet.
    """
    return appointment.agent_id == actor.id or actor.oversees


def enter_room_as_staff(deps: Deps, actor: Actor, appointment_id: UUID) -> str:
    """Record that staff joined and return where the actor enters the room.

    The address may contain a signed token and is meant for the actor alone, at once.

    Raises:
        NotFoundError: If there is none that the actor may see.
        NotAllowedError: Unless it is the actor's own, or the actor oversees it.
        NoRoomError: If it is not a video call, or has no room.
        SlotClosedError: If it is too early, with reason ``"too_early"``.
        LinkExpiredError: If it can no longer be joined.
    """
    seen = SeenVersion(appointment_id, None)
    with explain_overtaken(deps, actor, seen), deps.unit_of_work() as work:
        appointment, now = visible_appointment(work, actor, appointment_id), deps.now()
        if not may_host(actor, appointment):
            raise NotAllowedError(say("refusals.take_first"))
        rooms.require_open_room(deps, work, appointment, now)
        if appointment.staff_joined_at is None:
            joined = replace(appointment, staff_joined_at=now)
            appointment = work.appointments.save(joined)
            event = AppointmentEvent(actor=actor, action="staff joined", detail={})
            history.record_event(work, appointment, event, now)
        return rooms.staff_address(deps, work, appointment, actor, now)


def read_room(deps: Deps, actor: Actor, appointment_id: UUID) -> Appointment:
    """Return the appointment of a room, to be shown before it is entered.

    Raises:
        NotFoundError: If there is none that the actor may see.
        And as ``enter_room_as_staff``.
    """
    with deps.unit_of_work() as work:
        appointment = visible_appointment(work, actor, appointment_id)
        if not may_host(actor, appointment):
            raise NotAllowedError(say("refusals.take_first"))
        rooms.require_open_room(deps, work, appointment, deps.now())
        return appointment
