"""Convert Google's times, which are instants with an offset, or whole days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
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

_FARTHEST = timedelta(hours=14)
"""Largest offset from UTC that a time zone is assumed to have, in either direction."""


def write_instant(at: datetime) -> dict[str, Any]:
    """Return an instant in UTC in Google's form; an all-day date is cleared."""
    text = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {"dateTime": text, "timeZone": "UTC", "date": None}


def read_google_instant(text: Any) -> datetime:
    """Return an instant with an offset, in UTC.

    Raises:
        TypeError, ValueError: If the text is malformed, or has no offset. With
        a guessed zone, appointments could be moved to a wrong time.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("of no zone")
    try:
        return instant.astimezone(UTC)
    except OverflowError:  # at either end of the calendar
        return instant.replace(tzinfo=UTC)


def event_period(event: Mapping[str, Any], zone: ZoneInfo) -> Interval:
    """Return the period of an event; an event of no length counts as one minute.

    Args:
        event: The event in Google's form.
        zone: Zone of all-day events.

    Raises:
        KeyError, OverflowError, TypeError, ValueError: If the times cannot be read, or
        their years are out of range.
    """
    start, end = event["start"], event["end"]
    if start.get("date") and not start.get("dateTime"):
        days = date.fromisoformat(start["date"]), date.fromisoformat(end["date"])
        _check_years(*days)
        return days_interval(*days, zone)
    first, last = (
        read_google_instant(start["dateTime"]),
        read_google_instant(end["dateTime"]),
    )
    _check_years(first, last)
    return Interval(first, last if last > first else first + SHORTEST)


def longest_period(event: Mapping[str, Any], zone: ZoneInfo) -> Interval | None:
    """Return the longest possible period of an event with unreadable times.

    A time without an offset may be in any zone. See ``longest_interval``.
    """
    start, end = (_possible(event.get(name)) for name in ("start", "end"))
    return longest_interval(start, end, zone)


def busy_span(entry: Mapping[str, Any], window: Interval) -> Interval | None:
    """Return the part of a busy range within a window; ``None`` if there is none.

    Raises:
        KeyError, TypeError, ValueError: If the range cannot be read.
    """
    start, end = read_google_instant(entry["start"]), read_google_instant(entry["end"])
    if end < start:
        raise ValueError("ends before it starts")
    first, last = max(start, window.start), min(end, window.end)
    return Interval(first, last) if first < last else None


def _check_years(*days: date) -> None:
    if any(day.year not in YEARS for day in days):
        raise ValueError("too far off")


def _possible(moment: Any) -> Possible:
    """Return the earliest and the latest possible instant of a start or end."""
    try:
        at = datetime.fromisoformat(moment.get("dateTime") or moment["date"])
        if at.year not in YEARS:
            return None
        if at.tzinfo is not None:
            return at.astimezone(UTC), at.astimezone(UTC)
        wall = at.replace(tzinfo=UTC)
        return wall - _FARTHEST, wall + _FARTHEST
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
