"""Follow changes that people made in the host calendar.

Staff decide about changes that cannot be followed. The product's own writes are
recognized by the stored version of the event and ignored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from invo_booking.domain.access.roles import Author
from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.host_events import (
    EventState,
    StoredEvent,
    order_of_move,
)
from invo_booking.domain.calendars.outside import EventListing, HostEvent
from invo_booking.domain.calendars.ports import BackendCalendar
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.domain.interval import Interval, merge_intervals
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment import changing, history
from invo_booking.usecases.appointment.changing import Move
from invo_booking.usecases.appointment.drafts import LONGEST
from invo_booking.usecases.appointment.history import HOST_CALENDAR
from invo_booking.usecases.calendars.host import (
    counting,
    deletions,
    following,
    rereading,
)
from invo_booking.usecases.calendars.host.counting import ChangeCount
from invo_booking.usecases.calendars.host.drafts import event_digest, event_draft
from invo_booking.usecases.calendars.host.listing import (
    compare_events,
    foreign_intervals,
    unreadable_note,
)
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import availability, placement

LOOK_BACK = timedelta(days=1)
CANNOT_FOLLOW = (SlotTakenError, SlotClosedError, InvalidInputError)

MOVED_ON_BOTH_SIDES = "connections.pull.moved_twice"
TOO_LONG = "connections.pull.too_long"
STANDS_SEVERAL_TIMES = "connections.pull.repeated"
NOT_TRIED = ""
"""Stored as the reason if a move was not followed because many events were changed."""


def pull_changes(
    deps: Deps, calendar: BackendCalendar, connection: Connection, now: datetime
) -> int:
    """Read the host calendar, or its list of changes, and follow what people changed.

    The stored events are loaded before the calendar is read. A change in the calendar
    is followed only if the stored event has not changed in the meantime. An appointment
    that was changed meanwhile waits for the next run. Safe to kill and to run twice.

    Returns:
        Number of appointments whose events were moved or deleted in the calendar.

    Raises:
        ProviderError: If the calendar could not be read.
    """
    with deps.unit_of_work() as work:
        zone = work.roster.institution.zone
        latest = availability.last_horizon_end(work.roster, now, work.settings)
        window = Interval(now - LOOK_BACK, latest)
        known = work.host_events.existing_events(connection.id, window)
    there = following.read_host_calendar(deps, calendar, connection, window, known)
    listing = compare_events(known, there, now)
    with deps.unit_of_work() as work:
        work.host_events.record_versions(connection.id, listing.touched, now)
        work.connections.note_unreadable(connection.id, unreadable_note(there, zone))
        _keep_foreign(work, connection, known, there)
    moved = rereading.confirm_moves(calendar, listing.moved)
    changes = counting.count_changes(
        deps,
        connection.id,
        missing=listing.missing,
        moved=[stored for stored, _ in moved],
    )
    for stored, event in sorted((*moved, *listing.stuck), key=_order):
        apply_move(deps, stored, event, changes)
    for stored, event in listing.unclear:
        show_unclear(deps, stored, event)
    gone = _take_missing(deps, calendar, listing.missing, changes)
    return len(moved) + gone


def apply_move(
    deps: Deps, stored: StoredEvent, event: HostEvent, changes: ChangeCount
) -> None:
    """Move an appointment to its event's time, or let staff decide.

    Args:
        stored: The stored event that was compared with the calendar. If the stored
            event has changed since the comparison, nothing is done.
        event: The event as it is in the calendar.
        changes: What ``count_changes`` returned for this reading of the calendar.
    """
    try:
        with deps.unit_of_work() as work:
            _settle_move(deps, work, stored, event, changes)
    except ConflictError:
        return  # just changed here; the next reading finds the move again
    except CANNOT_FOLLOW as refused:
        with deps.unit_of_work() as work:
            if work.host_events.lock_if_unchanged(stored):
                _show_moved(work, stored, event, str(refused), deps.now())
    deps.wake()


def show_unclear(deps: Deps, stored: StoredEvent, event: HostEvent) -> None:
    """Let staff decide about a repeated event of which no copy has the stored time.

    Args:
        stored: The stored event. If the stored event has changed since the comparison,
            nothing is done.
        event: One of the listed events.
    """
    with deps.unit_of_work() as work:
        if work.host_events.lock_if_unchanged(stored):
            _show_moved(work, stored, event, say(STANDS_SEVERAL_TIMES), deps.now())
    deps.wake()


def follow_event(
    deps: Deps,
    work: UnitOfWork,
    before: Appointment,
    known: StoredEvent,
    stored: StoredEvent,
    actor: Author,
) -> Appointment:
    """Move an appointment to the time of its event, under the rules for staff.

    When this function is called, the institution days of the previous and the new time
    must be locked. The transaction must not have written or locked any rows yet, so
    that the shared availability index can be used.

    Args:
        before: The stored appointment, at its previous time.
        known: The stored event, which must not have changed since it was read.
        stored: The event to store, with its new time as ``wanted``.
        actor: Author of the move in the history.

    Raises:
        InvalidInputError: If the length is not allowed, or the agent is unsuitable.
        SlotTakenError: If the agent is busy at that time; for an unassigned
            appointment, if all agents are busy.
        SlotClosedError: If the time breaks a rule.
        ConflictError: If the appointment or event was changed at the same time.
    """
    now, wanted = deps.now(), stored.wanted or stored.period
    after = replace(before, starts_at=wanted.start, ends_at=wanted.end)
    if before.agent_id is not None:  # the agent's calendar may show the event already
        work.busy.release(before.agent_id, wanted)
    placement.require_placeable(work, after, now, before=before)
    if not work.host_events.lock_if_unchanged(known):
        raise ConflictError
    as_written = stored.digest == event_digest(event_draft(work, before, stored.key))
    move = Move(actor=actor, action="moved")
    saved = changing.store_change(deps, work, before, after, move, now)
    digest = event_digest(event_draft(work, saved, stored.key)) if as_written else ""
    _save_agreed(work, replace(stored, digest=digest), wanted, now)
    return saved


def _keep_foreign(
    work: UnitOfWork,
    connection: Connection,
    known: Iterable[StoredEvent],
    there: EventListing,
) -> None:
    """Store the spans of other people's events, and nothing else about these events."""
    everything = (*there.events, *there.unreadable)
    our_keys = work.host_events.own_keys(event.key for event in everything if event.key)
    spans = merge_intervals(foreign_intervals(known, our_keys, there))
    if work.host_events.replace_busy(connection.id, spans):
        work.notify({"host": str(connection.id)})


def _settle_move(
    deps: Deps,
    work: UnitOfWork,
    stored: StoredEvent,
    event: HostEvent,
    changes: ChangeCount,
) -> None:
    """Follow an event whose time has changed, if possible; otherwise let staff decide.

    Staff also decide if many events were changed at once.

    Raises:
        CANNOT_FOLLOW: If the appointment cannot be moved to the event's time.
        ConflictError: If the appointment was changed at the same time.
    """
    now = deps.now()
    current = work.appointments.find(stored.appointment_id)
    if current is None or event.period.duration > LONGEST:
        if current and work.host_events.lock_if_unchanged(stored):
            _show_moved(work, stored, event, say(TOO_LONG), now)
        return
    appointment = availability.lock_appointment(work, now, current, event.period)
    seen = replace(stored, version=event.version, wanted=event.period)
    is_live = appointment.status is Status.CONFIRMED
    known_here = {appointment.period, stored.period}
    is_moved = is_live and event.period not in known_here
    if is_moved and len(known_here) == 1 and changes.is_usual:
        follow_event(deps, work, appointment, stored, seen, HOST_CALENDAR)
    elif not work.host_events.lock_if_unchanged(stored):
        return
    elif is_moved and len(known_here) > 1:
        _show_moved(work, stored, event, say(MOVED_ON_BOTH_SIDES), now)
    elif is_moved:
        _show_moved(work, stored, event, NOT_TRIED, now)
        counting.alarm_administrators(deps, work, changes.number, now)
    else:
        there = event.period == appointment.period
        agreed = appointment.period if there and is_live else stored.period
        _save_agreed(work, seen, agreed, now)
        if is_live and not there:  # the appointment was moved meanwhile
            history.add_calendar_write(work, appointment.id, now)


def _save_agreed(
    work: UnitOfWork, stored: StoredEvent, period: Interval, now: datetime
) -> None:
    """Store that the event's time agrees with the appointment."""
    work.host_events.save(
        replace(
            stored,
            state=EventState.WRITTEN,
            period=period,
            wanted=None,
            problem="",
            seen_at=now,
        )
    )


def _show_moved(
    work: UnitOfWork, stored: StoredEvent, event: HostEvent, why: str, now: datetime
) -> None:
    """Let staff decide about a moved event that its appointment cannot follow."""
    is_known = stored.state is EventState.MOVED and stored.wanted == event.period
    if is_known and stored.problem == why:
        return
    work.host_events.save(
        replace(
            stored,
            state=EventState.MOVED,
            version=event.version,
            wanted=event.period,
            problem=why,
            seen_at=stored.seen_at if is_known else now,
        )
    )
    work.notify(
        {"id": str(stored.appointment_id), "at": stored.period.start.isoformat()}
    )


def _take_missing(
    deps: Deps,
    calendar: BackendCalendar,
    missing: Sequence[StoredEvent],
    changes: ChangeCount,
) -> int:
    """Read unlisted events again, and follow events that were moved or deleted.

    An unlisted event may merely be outside the window, or not be in the list yet.
    Returns the number of deleted events.
    """
    gone = 0
    for stored, event in rereading.read_missing(calendar, missing, changes):
        if event is None:
            deletions.apply_deletion(deps, stored, changes)
            gone += 1
        elif isinstance(event, HostEvent) and _is_elsewhere(stored, event):
            if event.series_id:
                show_unclear(deps, stored, event)
            else:
                apply_move(deps, stored, event, changes)
    return gone


def _order(move: tuple[StoredEvent, HostEvent]) -> tuple[bool, float]:
    stored, event = move
    return order_of_move(stored.period, event.period)


def _is_elsewhere(stored: StoredEvent, event: HostEvent) -> bool:
    return event.period != (stored.wanted or stored.period)
