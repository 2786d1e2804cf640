"""Convert Microsoft's times, which are wall times with a zone name."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import local_midnight

_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/GMT"})
SHORTEST = timedelta(minutes=1)
FARTHEST_AHEAD, FARTHEST_BEHIND = timedelta(hours=14), timedelta(hours=12)
"""Largest offsets of a time zone ahead of UTC and behind UTC."""

_YEARS = range(1970, 2500)
DAY = timedelta(days=1)


def write_instant(at: datetime) -> dict[str, str]:
    """Return an instant in UTC in Graph's form."""
    return {
        "dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}",
        "timeZone": "UTC",
    }


def write_bound(at: datetime) -> str:
    """Return an instant as the bound of a requested window, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_graph_instant(value: Mapping[str, Any]) -> datetime:
    """Return the instant of a ``dateTimeTimeZone``.

    Raises:
        KeyError, TypeError, ValueError: If the value is malformed, out of range, or not
        in UTC, although every call requests UTC. With a guessed zone,
        appointments could be moved to a wrong time.
    """
    if value["timeZone"] not in _UTC_NAMES:
        raise ValueError("not in UTC")
    instant = datetime.fromisoformat(value["dateTime"])
    if instant.utcoffset():
        raise ValueError("of two zones")
    if instant.year not in _YEARS:
        raise ValueError("too far off")
    return instant.replace(tzinfo=UTC)


def event_period(item: Mapping[str, Any], zone: ZoneInfo) -> Interval:
    """Return the period of an event; an event of no length counts as one minute.

    Args:
        item: The event.
        zone: Zone of all-day events. Graph returns their dates as midnights of the
            requested zone.

    Raises:
        KeyError, TypeError, ValueError: If the event's times cannot be read.
    """
    start, end = read_graph_instant(item["start"]), read_graph_instant(item["end"])
    if item.get("isAllDay"):
        return _days(start.date(), end.date(), zone)
    return Interval(start, end if end > start else start + SHORTEST)


def longest_period(item: Mapping[str, Any], zone: ZoneInfo) -> Interval | None:
    """Return the longest possible period of an event with unreadable times.

    A wall time in an unknown zone may be in any zone on Earth. An event without an end
    lasts until the end of the day in ``zone`` on which it starts; an event without a
    start begins at the beginning of the day on which it ends. ``None`` if neither start
    nor end is usable.
    """
    start, end = _instants(item.get("start")), _instants(item.get("end"))
    if start is None and end is None:
        return None
    if start is None or end is None:
        known = start or end or ()
        days = [it.astimezone(zone).date() for it in known]
        whole = _days(days[0], days[-1] + DAY, zone)
        first = start[0] if start else whole.start
        last = end[-1] if end else whole.end
    else:
        first, last = start[0], end[-1]
    return Interval(first, last) if first < last else None


def _days(first: date, end: date, zone: ZoneInfo) -> Interval:
    return Interval(
        local_midnight(first, zone), local_midnight(max(end, first + DAY), zone)
    )


def _instants(value: Any) -> tuple[datetime, datetime] | None:
    """Return the earliest and the latest possible instant of a time."""
    try:
        wall = datetime.fromisoformat(value["dateTime"]).replace(tzinfo=UTC)
        if wall.year not in _YEARS:
            return None
        if value.get("timeZone") in _UTC_NAMES:
            return wall, wall
        return wall - FARTHEST_AHEAD, wall + FARTHEST_BEHIND
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
