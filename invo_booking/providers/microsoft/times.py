"""Convert Microsoft's times, which are wall times with a zone name."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from invo_booking.domain.interval import Interval
from invo_booking.providers.events import (
    SHORTEST,
    YEARS,
    Possible,
    days_interval,
    longest_interval,
)

_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/GMT"})
FARTHEST_AHEAD, FARTHEST_BEHIND = timedelta(hours=14), timedelta(hours=12)
"""Largest offsets of a time zone ahead of UTC and behind UTC."""


def write_instant(at: datetime) -> dict[str, str]:
    """Return an instant in UTC in Graph's form."""
    return {
        "dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}",
        "timeZone": "UTC",
    }


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
    if instant.year not in YEARS:
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
        return days_interval(start.date(), end.date(), zone)
    return Interval(start, end if end > start else start + SHORTEST)


def longest_period(item: Mapping[str, Any], zone: ZoneInfo) -> Interval | None:
    """Return the longest possible period of an event with unreadable times.

    A wall time in an unknown zone may be in any zone on Earth. See
    ``longest_interval``.
    """
    start, end = _instants(item.get("start")), _instants(item.get("end"))
    return longest_interval(start, end, zone)


def _instants(value: Any) -> Possible:
    """Return the earliest and the latest possible instant of a time."""
    try:
        wall = datetime.fromisoformat(value["dateTime"]).replace(tzinfo=UTC)
        if wall.year not in YEARS:
            return None
        if value.get("timeZone") in _UTC_NAMES:
            return wall, wall
        return wall - FARTHEST_AHEAD, wall + FARTHEST_BEHIND
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
