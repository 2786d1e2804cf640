"""Let staff resolve conflicts between appointments and the host calendar."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.appointment import LIVE, Appointment, Status
from invo_booking.domain.calendars.host_events import (
    NEEDS_DECISION,
    EventState,
    StoredEvent,
    order_of_move,
)
from invo_booking.domain.errors import ConflictError, NotFoundError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment import history
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.calendars import pull
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import (
    may_see,
    require_right,
    visible_appointment,
)
from invo_booking.usecases.slots import availability

SETTLED = "staff.host_conflicts.already_settled"
MOVED_WITH_MANY = "connections.pull.moved_with_many"

MOST_AT_ONCE = 250
"""Most appointments that one click moves; each move takes hundredths of a second."""

_SHOWN = NEEDS_DECISION | {EventState.REFUSED}

Resolution = Callable[[Deps, UnitOfWork, Actor, Appointment, StoredEvent], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An appointment whose event in the host calendar differs or is missing.

    Attributes:
        customer: Name of the customer.
        agent: Name of the agent; empty while unassigned.
        kind: ``"moved"``, ``"deleted"`` or ``"refused"``.
        wanted: The time to which the event was moved; ``None`` for other kinds.
        is_one_of_many: Whether the event was moved together with many others, so that
            the product did not try to move the appointment.
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
    is_one_of_many: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictSummary:
    """The open conflicts of the appointments that a person may see.

    Attributes:
        first: The conflicts of the earliest appointments.
        number: Number of all open conflicts.
        number_deleted: Number of open conflicts whose event was deleted.
        number_moved_at_once: Number of open conflicts whose event was moved together
            with many others.
    """

    first: list[Conflict]
    number: int
    number_deleted: int
    number_moved_at_once: int


def host_conflicts(deps: Deps, actor: Actor) -> list[Conflict]:
    """Return the open conflicts of appointments that the actor may see."""
    with deps.unit_of_work() as work:
        return [_conflict(work, *pair) for pair in _visible_pairs(work, actor)]


def conflict_summary(deps: Deps, actor: Actor, most: int) -> ConflictSummary:
    """Return the number of open conflicts, and the first ``most`` conflicts."""
    with deps.unit_of_work() as work:
        pairs = _visible_pairs(work, actor)
        events = [stored for stored, _ in pairs]
        return ConflictSummary(
            first=[_conflict(work, *pair) for pair in pairs[:most]],
            number=len(events),
            number_deleted=sum(map(_is_deleted, events)),
            number_moved_at_once=sum(map(_is_one_of_many, events)),
        )


def conflict_of(deps: Deps, actor: Actor, appointment_id: UUID) -> Conflict | None:
    """Return the open conflict of an appointment; ``None`` if there is none.

    Raises:
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
    """
    with deps.unit_of_work() as work:
        appointment = visible_appointment(work, actor, appointment_id)
        connection = work.connections.active()
        stored = connection and work.host_events.find(appointment_id, connection.id)
        is_open = stored and stored.state in _SHOWN and _is_open(stored, appointment)
        return _conflict(work, stored, appointment) if stored and is_open else None


def restore_event(deps: Deps, actor: Actor, appointment_id: UUID) -> None:
    """Resolve a conflict: move the event back to the appointment's time.

    The write to the host calendar is queued.

    Raises:
        NotAllowedError: If the actor is not allowed to edit appointments.
        ConflictError: If the conflict does not exist any more.
    """
    with deps.unit_of_work() as work:
        appointment, stored = _find_conflict(
            work, actor, appointment_id, {EventState.MOVED}
        )
        _restore(deps, work, actor, appointment, stored)
    deps.wake()


def follow_moved_event(deps: Deps, actor: Actor, appointment_id: UUID) -> None:
    """Resolve a conflict: move the appointment to the time of its moved event.

    Raises:
        NotAllowedError: If the actor is not allowed to edit appointments.
        ConflictError: If the conflict does not exist any more.
        InvalidInputError: If the length is not allowed, or the agent does not serve the
            appointment.
        SlotTakenError: If the agent is still busy at that time; for an unassigned
            appointment, if all agents are busy.
        SlotClosedError: If the time still breaks a rule.
    """
    with deps.unit_of_work() as work:
        states = {EventState.MOVED}
        before, seen = _find_conflict(work, actor, appointment_id, states, lock=False)
        wanted = _new_period(seen)
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
        NotAllowedError: If the actor is not allowed to edit appointments.
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
        NotAllowedError: If the actor is not allowed to edit appointments.
    """
    return _resolve_all(deps, actor, _is_deleted, _write_again)


def restore_events_moved_at_once(deps: Deps, actor: Actor) -> int:
    """Resolve conflicts about events that were moved together: move the events back.

    The writes to the host calendar are queued.

    Returns:
        Number of events that are moved back.

    Raises:
        NotAllowedError: If the actor is not allowed to edit appointments.
    """
    return _resolve_all(deps, actor, _is_one_of_many, _restore)


def follow_events_moved_at_once(
    deps: Deps, actor: Actor, *, most: int = MOST_AT_ONCE
) -> int:
    """Resolve conflicts about events that were moved together: move the appointments.

    Moves at most ``most`` appointments, each in its own transaction, so that no page
    waits long. Call this function again to move the other appointments. The conflict of
    an appointment that cannot be moved stays open, with the reason, and moving is tried
    again for some minutes. Safe to run twice.

    Returns:
        Number of appointments that were moved.

    Raises:
        NotAllowedError: If the actor is not allowed to edit appointments.
    """
    with deps.unit_of_work() as work:
        require_right(work, actor, Action.EDIT)
        moved = list(filter(_is_one_of_many, _visible_events(work, actor)))
    ordered = sorted(moved, key=lambda it: order_of_move(it.period, _new_period(it)))
    return sum(_follow_or_explain(deps, actor, it) for it in ordered[:most])


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
    """Return an appointment and its stored event, if the event is in one of ``states``.

    With ``lock`` the stored event is locked until the commit.

    Raises:
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
        NotAllowedError: If the actor is not allowed to edit appointments.
        ConflictError: If the conflict does not exist any more.
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


def _visible_pairs(
    work: UnitOfWork, actor: Actor
) -> list[tuple[StoredEvent, Appointment]]:
    """Return events that need a decision, each with its appointment, earliest first.

    Events whose appointments are hidden from the actor are left out.
    """
    connection = work.connections.active()
    events = work.host_events.events_to_decide(connection.id) if connection else []
    appointments = work.appointments.with_ids(it.appointment_id for it in events)
    pairs = [
        (it, appointments[it.appointment_id])
        for it in events
        if it.appointment_id in appointments
    ]
    visible = [pair for pair in pairs if may_see(work, actor, pair[1])]
    return sorted(visible, key=lambda pair: pair[1].starts_at)


def _visible_events(work: UnitOfWork, actor: Actor) -> list[StoredEvent]:
    return [stored for stored, _ in _visible_pairs(work, actor)]


def _resolve_all(
    deps: Deps,
    actor: Actor,
    is_meant: Callable[[StoredEvent], bool],
    resolve: Resolution,
) -> int:
    """Resolve the conflicts of events selected by ``is_meant``; return their number."""
    done = 0
    with deps.unit_of_work() as work:
        require_right(work, actor, Action.EDIT)
        for seen in filter(is_meant, _visible_events(work, actor)):
            if work.host_events.lock_if_unchanged(seen):
                appointment = work.appointments.get(seen.appointment_id)
                resolve(deps, work, actor, appointment, seen)
                done += 1
    deps.wake()
    return done


def _follow_or_explain(deps: Deps, actor: Actor, seen: StoredEvent) -> bool:
    """Move one appointment to its event's time; return whether that was possible."""
    try:
        follow_moved_event(deps, actor, seen.appointment_id)
    except (ConflictError, NotFoundError):
        return False
    except pull.CANNOT_FOLLOW as refused:
        with deps.unit_of_work() as work:
            if work.host_events.lock_if_unchanged(seen):
                tried = replace(seen, problem=str(refused), seen_at=deps.now())
                work.host_events.save(tried)
        return False
    return True


def _restore(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    appointment: Appointment,
    stored: StoredEvent,
) -> None:
    """Queue a write that moves an event back."""
    back = replace(stored, state=EventState.WRITTEN, digest="", problem="")
    work.host_events.save(back)
    _record_decision(work, appointment, actor, "put back", deps.now())


def _write_again(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    appointment: Appointment,
    stored: StoredEvent,
) -> None:
    """Queue a write, which creates the event again if it does not exist any more."""
    pending = replace(stored, state=EventState.PENDING, digest="", problem="")
    work.host_events.save(pending)
    _record_decision(work, appointment, actor, "written again", deps.now())


def _new_period(stored: StoredEvent) -> Interval:
    return stored.wanted or stored.period


def _is_deleted(stored: StoredEvent) -> bool:
    return stored.state is EventState.DELETED


def _is_open(stored: StoredEvent, appointment: Appointment) -> bool:
    """Whether the appointment is live, or writing its cancellation was refused."""
    is_refused = stored.state is EventState.REFUSED
    cancelled = appointment.status is Status.CANCELLED
    return appointment.status in LIVE or (is_refused and cancelled)


def _record_decision(
    work: UnitOfWork, appointment: Appointment, actor: Actor, action: str, now: datetime
) -> None:
    history.record_event(
        work, appointment, AppointmentEvent(actor=actor, action=action, detail={}), now
    )


def _is_one_of_many(stored: StoredEvent) -> bool:
    return stored.state is EventState.MOVED and not stored.problem


def _conflict(
    work: UnitOfWork, stored: StoredEvent, appointment: Appointment
) -> Conflict:
    is_one_of_many = _is_one_of_many(stored)
    return Conflict(
        appointment_id=appointment.id,
        title=appointment.title,
        customer=appointment.customer.name,
        agent=work.roster.person_name(appointment.agent_id),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        kind=stored.state.value,
        wanted=stored.wanted if stored.state is EventState.MOVED else None,
        is_one_of_many=is_one_of_many,
        sentence=say(MOVED_WITH_MANY) if is_one_of_many else stored.problem,
    )
