"""Read events and their times as several vendors send them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import (
    EventListing,
    HostEvent,
    UnreadableEvent,
)
from invo_booking.domain.calendars.provider_errors import EventUnreadableError
from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import local_midnight

T = TypeVar("T")

SHORTEST: Final = timedelta(minutes=1)
"""Length of an event that has none."""

DAY: Final = timedelta(days=1)
YEARS: Final = range(1970, 2500)
"""Years in which a time is read; other times count as unreadable."""

Possible = tuple[datetime, datetime] | None
"""The earliest and the latest possible instant of a time; ``None`` if unusable."""


def write_bound(at: datetime) -> str:
    """Return an instant as the bound of a requested window, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def days_interval(first: date, end: date, zone: ZoneInfo) -> Interval:
    """Return an event of whole days, at least one; ``end`` is exclusive."""
    last = max(end, first + DAY)
    return Interval(local_midnight(first, zone), local_midnight(last, zone))


def longest_interval(start: Possible, end: Possible, zone: ZoneInfo) -> Interval | None:
    """Return the longest possible period of an event with unreadable times.

    An event without an end lasts until the end of the day in ``zone`` on which it
    starts; an event without a start begins at the beginning of the day on which it
    ends. ``None`` if neither start nor end is usable.
    """
    known = start or end
    if known is None:
        return None
    days = [at.astimezone(zone).date() for at in known]
    whole = days_interval(days[0], days[-1] + DAY, zone)
    first = start[0] if start else whole.start
    last = end[1] if end else whole.end
    return Interval(first, last) if first < last else None


def event_of_unreadable(
    event: Mapping[str, Any],
    key_of: Callable[[Mapping[str, Any]], UUID | None],
    period: Interval | None,
) -> UnreadableEvent:
    """Return id, key and possible period of an event that cannot be read.

    Args:
        event: The event in the provider's form.
        key_of: Returns the key that we gave to an event.
        period: A span that contains the event; ``None`` if it is not known.
    """
    name = event.get("id")
    try:
        key = key_of(event)
    except (AttributeError, KeyError, TypeError):
        key = None
    return UnreadableEvent(
        id=name if isinstance(name, str) else "", key=key, period=period
    )


def read_listing(
    entries: Iterable[T],
    read: Callable[[T], HostEvent],
    read_unreadable: Callable[[T], UnreadableEvent],
) -> EventListing:
    """Return the events that can be read, cancelled ones too, and the others.

    Args:
        entries: Events in the provider's form.
        read: Returns an event, or raises ``EventUnreadableError``.
        read_unreadable: Returns what is known of an event that cannot be read.
    """
    events: list[HostEvent] = []
    unreadable: list[UnreadableEvent] = []
    for entry in entries:
        try:
            events.append(read(entry))
        except EventUnreadableError:
            unreadable.append(read_unreadable(entry))
    return EventListing(events=tuple(events), unreadable=tuple(unreadable))
