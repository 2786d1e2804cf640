"""Let staff resolve conflicts between appointments and the host calendar."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.appointment import LIVE, Appointment, Status
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.errors import ConflictError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment import history
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.calendars import pull
from invo_booking.usecases.calendars.host import deletions
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import (
    may_see,
    require_right,
    visible_appointment,
)
from invo_booking.usecases.slots import availability

SETTLED = "staff.host_conflicts.already_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An appointment whose event in the host calendar differs or is missing.

    Attributes:
        customer: Name of the customer.
        agent: Name of the agent; empty while unassigned.
        kind: ``"moved"``, ``"deleted"`` or ``"refused"``.
        wanted: The time to which the event was moved; ``None`` for other kinds.
        sentence: Why the product could not resolve the conflict itself.
    """

    appointment_id: UUID
    title: str
    customer: str
    agent: str
    starts_at: datetime
    ends_at: datetime
    kind: str
    wanted: Interval | None
    sentence: str


def host_conflicts(deps: Deps, actor: Actor) -> list[Conflict]:
    """Return the open conflicts of appointments that the actor may see."""
    with deps.unit_of_work() as work:
        connection = work.connections.active()
        if connection is None:
            return []
        pairs = (
            (stored, work.appointments.find(stored.appointment_id))
            for stored in work.host_events.events_to_decide(connection.id)
        )
        return [
            _conflict(work, stored, appointment)
            for stored, appointment in pairs
            if appointment and may_see(work, actor, appointment)
        ]


def restore_event(deps: Deps, actor: Actor, appointment_id: UUID) -> None:
    """Resolve a conflict: move the event back to the appointment's time.

    The write to the host calendar is queued.

    Raises:
        NotAllowedError: If the actor may not edit appointments.
        ConflictError: If the conflict does not exist any more.
    """
    with deps.unit_of_work() as work:
        appointment, stored = _find_conflict(
            work, actor, appointment_id, {EventState.MOVED}
        )
        work.host_events.save(
            replace(stored, state=EventState.WRITTEN, digest="", problem="")
        )
        _record_decision(work, appointment, actor, "put back", deps.now())
    deps.wake()


def follow_moved_event(deps: Deps, actor: Actor, appointment_id: UUID) -> None:
    """Resolve a conflict: move the appointment to the time of its moved event.

    Raises:
        NotAllowedError: If the actor may not edit appointments.
        ConflictError: If the conflict does not exist any more.
        InvalidInputError: If the length is not allowed, or the agent does not serve the
            appointment.
        SlotTakenError: If the agent is still busy at that time; for an unassigned
            appointment, if all agents are.
        SlotClosedError: If the time still breaks a rule.
    """
    with deps.unit_of_work() as work:
        states = {EventState.MOVED}
        before, seen = _find_conflict(work, actor, appointment_id, states, lock=False)
        wanted = seen.wanted or seen.period
        availability.lock_appointment(work, deps.now(), before, wanted)
        before, stored = _find_conflict(work, actor, appointment_id, states, lock=False)
        if stored.wanted != seen.wanted:
            raise ConflictError
        pull.follow_event(deps, work, before, stored, stored, actor)
    deps.wake()


def rewrite_event(deps: Deps, actor: Actor, appointment_id: UUID) -> None:
    """Resolve a conflict: write a deleted or refused event again.

    The write to the host calendar is queued.

    Raises:
        NotAllowedError: If the actor may not edit appointments.
        ConflictError: If the conflict does not exist any more.
    """
    states = {EventState.DELETED, EventState.REFUSED}
    with deps.unit_of_work() as work:
        appointment, stored = _find_conflict(work, actor, appointment_id, states)
        _write_again(deps, work, actor, appointment, stored)
    deps.wake()


def rewrite_deleted_events(deps: Deps, actor: Actor) -> int:
    """Resolve all conflicts about deleted events: write these events again.

    The writes to the host calendar are queued.

    Returns:
        Number of events that are written again.

    Raises:
        NotAllowedError: If the actor may not edit appointments.
    """
    with deps.unit_of_work() as work:
        require_right(work, actor, Action.EDIT)
        connection = work.connections.active()
        events = work.host_events.events_to_decide(connection.id) if connection else []
        done = 0
        for seen in events:
            appointment = work.appointments.find(seen.appointment_id)
            if (
                seen.state is EventState.DELETED
                and appointment is not None
                and may_see(work, actor, appointment)
                and work.host_events.lock_if_unchanged(seen)
            ):
                _write_again(deps, work, actor, appointment, seen)
                done += 1
    deps.wake()
    return done


def host_busy_intervals(
    deps: Deps, actor: Actor, window: Interval
) -> tuple[Interval, ...]:
    """Return the spans in which the host calendar has events of other people.

    All signed-in staff may see these spans, which say nothing else about the events.
    """
    del actor
    with deps.unit_of_work() as work:
        connection = work.connections.active()
        return work.host_events.busy(connection.id, window) if connection else ()


def _find_conflict(
    work: UnitOfWork,
    actor: Actor,
    appointment_id: UUID,
    states: set[EventState],
    *,
    lock: bool = True,
) -> tuple[Appointment, StoredEvent]:
    """Return an appointment and its stored event, which is in one of these states.

    With ``lock`` the stored event is locked until the commit.

    Raises:
        NotFoundError: If there is no such appointment that the actor may see.
        NotAllowedError: If the actor may not edit appointments.
        ConflictError: If the event is not in one of these states any more.
    """
    appointment = visible_appointment(work, actor, appointment_id)
    require_right(work, actor, Action.EDIT)
    connection = work.connections.active()
    stored = connection and work.host_events.find(
        appointment_id, connection.id, lock=lock
    )
    if not stored or stored.state not in states or not _is_open(stored, appointment):
        raise ConflictError(say(SETTLED))
    return appointment, stored


def _write_again(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    appointment: Appointment,
    stored: StoredEvent,
) -> None:
    """Queue a write; a deleted event is created again, a refused one is tried again."""
    pending = replace(stored, state=EventState.PENDING, digest="", problem="")
    if stored.state is EventState.DELETED:
        pending = deletions.make_pending(stored, appointment)
    work.host_events.save(pending)
    _record_decision(work, appointment, actor, "written again", deps.now())


def _is_open(stored: StoredEvent, appointment: Appointment) -> bool:
    """Whether the conflict still matters: not for appointments that have ended."""
    is_refused = stored.state is EventState.REFUSED
    cancelled = appointment.status is Status.CANCELLED
    return appointment.status in LIVE or (is_refused and cancelled)


def _record_decision(
    work: UnitOfWork, appointment: Appointment, actor: Actor, action: str, now: datetime
) -> None:
    history.record_event(
        work, appointment, AppointmentEvent(actor=actor, action=action, detail={}), now
    )


def _conflict(
    work: UnitOfWork, stored: StoredEvent, appointment: Appointment
) -> Conflict:
    return Conflict(
        appointment_id=appointment.id,
        title=appointment.title,
        customer=appointment.customer.name,
        agent=work.roster.person_name(appointment.agent_id),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        kind=stored.state.value,
        wanted=stored.wanted if stored.state is EventState.MOVED else None,
        sentence=stored.problem,
    )
