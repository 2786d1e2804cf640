"""Compare the events listed in the host calendar with the stored events."""

from collections import defaultdict
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
from invo_booking.texts import count, say
from invo_booking.texts.dates import instant_text

TRIED_AGAIN_FOR = timedelta(minutes=15)
"""How long the product keeps trying to move an appointment to the time of its moved
event. A try can fail because the agent's calendar already contained the moved event, so
that the agent counted as busy."""

MOST_NAMED = 5
"""Maximum number of unreadable events that a note names."""

Events = list[HostEvent]
Pairs = list[tuple[StoredEvent, HostEvent]]


@dataclass(frozen=True, slots=True)
class HostListing:
    """The differences between the host calendar and the stored events.

    Attributes:
        touched: Events that were changed but not moved, by appointment.
        moved: Events with a changed time, each with the stored event.
        stuck: Moved events whose appointment could not be moved so far; the move is
            tried again.
        unclear: Stored events that match a series or several copies in the listing, but
            none at the stored time; each with one of the listed events.
        missing: Stored events that are no longer listed.
    """

    touched: dict[UUID, HostEvent] = field(default_factory=dict[UUID, HostEvent])
    moved: Pairs = field(default_factory=Pairs)
    stuck: Pairs = field(default_factory=Pairs)
    unclear: Pairs = field(default_factory=Pairs)
    missing: list[StoredEvent] = field(default_factory=list[StoredEvent])


def compare_events(
    known: Iterable[StoredEvent], there: EventListing, now: datetime
) -> HostListing:
    """Return the differences between stored events and the listing.

    Events that are being written, and unreadable events, are left out. If the listing
    contains an unreadable event without an id, no stored event counts as missing,
    because any stored event may be the unreadable one.
    """
    index = _Index(there)
    unreadable = {it.id for it in there.unreadable} | {
        it.key for it in there.unreadable
    }
    is_complete = all(it.id or it.key for it in there.unreadable)
    listing = HostListing()
    for stored in known:
        if stored.state is EventState.PENDING or unreadable & {
            stored.event_id,
            stored.key,
        }:
            continue
        candidates = index.candidates(stored)
        if event := _the_one(stored, candidates):
            _sort_in(listing, stored, event, now)
        elif candidates:
            listing.unclear.append((stored, candidates[0]))
        elif is_complete and stored.event_id and stored.state is not EventState.DELETED:
            listing.missing.append(stored)
    return listing


def foreign_intervals(
    known: Iterable[StoredEvent],
    our_keys: Collection[UUID],
    there: EventListing,
) -> Iterator[Interval]:
    """Yield the spans of the host calendar's events that the product did not write.

    Copies of the product's events are included. If somebody made one of the product's
    events a series, the other times of the series are included too. For an event with
    unclear times, the longest possible span is yielded.
    """
    index, our_ids, standing = _Index(there), set[str](), set[UUID]()
    for stored in known:
        our_ids.add(stored.event_id)
        if event := _the_one(stored, index.candidates(stored)):
            our_ids.add(event.id)
            standing.add(stored.key)
    alone = frozenset(our_keys) - standing
    for event in (*index.listed, *there.unreadable):
        is_alone = isinstance(event, UnreadableEvent) or not event.series_id
        is_ours = event.id in our_ids or (is_alone and event.key in alone)
        if not is_ours and event.period is not None:
            yield event.period


def usable_listing(listing: EventListing) -> EventListing:
    """Return a listing in which own events that cannot be stored are unreadable."""
    ours = [it for it in listing.events if it.key and not it.is_storable]
    if not ours:
        return listing
    return EventListing(
        events=tuple(it for it in listing.events if it not in ours),
        unreadable=(
            *listing.unreadable,
            *(UnreadableEvent(id=it.id, key=it.key, period=it.period) for it in ours),
        ),
    )


def unreadable_note(there: EventListing, zone: ZoneInfo) -> str:
    """Return a note for administrators about unreadable events.

    The note names events by time or id, never by their text. It is empty if all events
    are readable.
    """
    number = len(there.unreadable)
    if not number:
        return ""
    events = count("connections.host_listing.events", number)
    named = "; ".join(_name(it, zone) for it in there.unreadable[:MOST_NAMED])
    more = (
        say("connections.host_listing.more", number=number - MOST_NAMED)
        if number > MOST_NAMED
        else ""
    )
    return say(
        "connections.host_listing.unreadable",
        events=events,
        named=named,
        more=more,
    )


def _name(event: UnreadableEvent, zone: ZoneInfo) -> str:
    if event.period is None:
        return (
            say("connections.host_listing.id", start=event.id[:12], end=event.id[-12:])
            if event.id
            else say("connections.host_listing.no_id")
        )
    start, end = (
        instant_text(at.astimezone(zone))
        for at in (event.period.start, event.period.end)
    )
    return say("connections.host_listing.between", start=start, end=end)


class _Index:
    """An index of listed events by event id, series id and the product's own key."""

    def __init__(self, there: EventListing) -> None:
        self.listed = [event for event in there.events if not event.cancelled]
        self._by_id = {event.id: event for event in self.listed}
        self._by_key: defaultdict[UUID | None, Events] = defaultdict(list)
        self._by_series: defaultdict[str, Events] = defaultdict(list)
        for event in self.listed:
            self._by_key[event.key].append(event)
            self._by_series[event.series_id].append(event)

    def candidates(self, stored: StoredEvent) -> Events:
        """Return the listed events that may be this stored event, or copies of it."""
        if event := self._by_id.get(stored.event_id):
            return [event]
        series = self._by_series[stored.event_id] if stored.event_id else []
        return series or self._by_key[stored.key]


def _the_one(stored: StoredEvent, candidates: Events) -> HostEvent | None:
    """Return the candidate that is the stored event; ``None`` if this is unclear.

    In a series, only the occurrence at the stored time is recognized.
    """
    if len(candidates) == 1 and not candidates[0].series_id:
        return candidates[0]
    return next((it for it in candidates if it.period == stored.period), None)


def _sort_in(
    listing: HostListing, stored: StoredEvent, event: HostEvent, now: datetime
) -> None:
    if stored.state is EventState.DELETED:
        listing.moved.append((stored, event))
    elif event.version == stored.version:
        if _is_stuck(stored, now):
            listing.stuck.append((stored, event))
    elif event.period == (stored.wanted or stored.period):
        listing.touched[stored.appointment_id] = event
    else:
        listing.moved.append((stored, event))


def _is_stuck(stored: StoredEvent, now: datetime) -> bool:
    """Whether the event was recently moved and its appointment could not follow."""
    since = stored.seen_at or now
    was_tried = stored.state is EventState.MOVED and bool(stored.problem)
    return was_tried and now - since <= TRIED_AGAIN_FOR
