"""Let staff enter the room of a video call."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment, joinable_from
from invo_booking.domain.errors import NotAllowedError
from invo_booking.texts import say
from invo_booking.usecases.appointment import history, rooms
from invo_booking.usecases.appointment.as_seen import SeenVersion, explain_overtaken
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.appointment.steps import join_rules
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import visible_appointment


def may_host(actor: Actor, appointment: Appointment) -> bool:
    """Whether the actor may enter the room as staff.

    The appointment's agent and people who see all appointments may enter. Others must
    take the appointment first, so that the customer knows whom to expect.
    """
    return appointment.agent_id == actor.id or actor.oversees


def enter_room_as_staff(deps: Deps, actor: Actor, appointment_id: UUID) -> str:
    """Record that staff joined, and return the room's URL.

    The URL may contain a signed token, so give the URL only to the actor, for immediate
    use.

    Raises:
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
        NotAllowedError: If the actor is not the appointment's agent, and does not see
            all appointments.
        NoRoomError: If the appointment is no video call, or has no room.
        SlotClosedError: If the room does not open yet, with reason ``"too_early"``.
        LinkExpiredError: If the call can no longer be joined.
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


def room_opens_at(deps: Deps, actor: Actor, appointment_id: UUID) -> datetime:
    """Return when the room of a call opens, in the actor's time zone.

    Raises:
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
    """
    with deps.unit_of_work() as work:
        appointment = visible_appointment(work, actor, appointment_id)
        person = work.roster.people.get(actor.id)
        zone = person.hours.zone if person else work.roster.institution.zone
        rules = join_rules(work.settings)
        return joinable_from(appointment, rules).astimezone(zone)


def read_room(deps: Deps, actor: Actor, appointment_id: UUID) -> Appointment:
    """Return an appointment whose room the actor can enter now. Changes nothing.

    Raises:
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
        Further errors: those of ``enter_room_as_staff``.
    """
    with deps.unit_of_work() as work:
        appointment = visible_appointment(work, actor, appointment_id)
        if not may_host(actor, appointment):
            raise NotAllowedError(say("refusals.take_first"))
        rooms.require_open_room(deps, work, appointment, deps.now())
        return appointment
