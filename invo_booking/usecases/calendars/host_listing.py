"""Compare the host calendar with the stored events."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.outside import (
    EventListing,
    HostEvent,
    UnreadableEvent,
)
from invo_booking.domain.interval import Interval

TRIED_AGAIN_FOR = timedelta(minutes=15)
"""How long a move that cannot be followed is tried again. The agent's calendar may have
shown the event before the host calendar did, and so block it."""

MOST_NAMED = 5
"""Most unreadable events that are listed."""

Pairs = list[tuple[StoredEvent, HostEvent]]


@dataclass(frozen=True, slots=True)
class HostListing:
    """The differences found in the host calendar.

    Attributes:
        touched: Changed events with an unchanged time, by appointment.
        moved: Events with a changed time, each with the stored event.
        stuck: Moved events that could not be followed a moment ago.
        missing: Stored events that are no longer listed.
    """

    touched: dict[UUID, HostEvent] = field(default_factory=dict[UUID, HostEvent])
    moved: Pairs = field(default_factory=Pairs)
    stuck: Pairs = field(default_factory=Pairs)
    missing: list[StoredEvent] = field(default_factory=list[StoredEvent])


def compare_events(
    known: Iterable[StoredEvent], there: EventListing, now: datetime
) -> HostListing:
    """Return the differences between the listed and the stored events.

    Leaves out events that are being written and unreadable ones. If an unreadable event
    has no id, it may be any event, so no event counts as missing.
    """
    listed = [event for event in there.events if not event.cancelled]
    unreadable = {it.id for it in there.unreadable} | {
        it.key for it in there.unreadable
    }
    is_complete = all(it.id or it.key for it in there.unreadable)
    by_id = {event.id: event for event in listed}
    by_key = {event.key: event for event in listed if event.key}
    found = HostListing()
    for stored in known:
        event = by_id.get(stored.event_id) or by_key.get(stored.key)
        if stored.state is EventState.PENDING or unreadable & {
            stored.event_id,
            stored.key,
        }:
            continue
        if event is not None:
            _sort_in(found, stored, event, now)
        elif is_complete and stored.event_id and stored.state is not EventState.DELETED:
            found.missing.append(stored)
    return found


def foreign_intervals(
    known: Iterable[StoredEvent],
    our_keys: Collection[UUID],
    there: EventListing,
) -> Iterator[Interval]:
    """Yield the spans of other people's events; the longest possible if unknown."""
    our_ids = {stored.event_id for stored in known}
    taking = (event for event in there.events if not event.cancelled)
    for event in (*taking, *there.unreadable):
        is_ours = event.id in our_ids or event.key in our_keys
        if not is_ours and event.period is not None:
            yield event.period


def unreadable_note(there: EventListing, zone: ZoneInfo) -> str:
    """Return a note for administrators about unreadable events.

    It identifies them by time or id, never by their text.
    """
    number = len(there.unreadable)
    if not number:
        return ""
    events = "1 event" if number == 1 else f"{number} events"
    named = "; ".join(_name(it, zone) for it in there.unreadable[:MOST_NAMED])
    more = f"; {number - MOST_NAMED} more" if number > MOST_NAMED else ""
    return f"{events} of the host calendar cannot be read: {named}{more}."


def _name(event: UnreadableEvent, zone: ZoneInfo) -> str:
    if event.period is None:
        return f"id {event.id[:12]}…{event.id[-12:]}" if event.id else "without an id"
    start, end = (
        f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
        for at in (event.period.start, event.period.end)
    )
    return f"between {start} and {end}"


def _sort_in(
    found: HostListing, stored: StoredEvent, event: HostEvent, now: datetime
) -> None:
    if stored.state is EventState.DELETED:
        found.moved.append((stored, event))
    elif event.version == stored.version:
        if _is_stuck(stored, now):
            found.stuck.append((stored, event))
    elif event.period == (stored.wanted or stored.period):
        found.touched[stored.appointment_id] = event
    else:
        found.moved.append((stored, event))


def _is_stuck(stored: StoredEvent, now: datetime) -> bool:
    """Whether the event was recently moved to a time that could not be followed."""
    since = stored.seen_at or now
    return stored.state is EventState.MOVED and now - since <= TRIED_AGAIN_FOR
