"""Microsoft's times, which are a wall clock and the name of a zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from invo_booking.domain.interval import Interval

_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/GMT"})
SHORTEST = timedelta(minutes=1)


def written(at: datetime) -> dict[str, str]:
    """Return an instant in UTC as Graph takes it."""
    return {
        "dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}",
        "timeZone": "UTC",
    }


def read(value: Mapping[str, Any]) -> datetime:
    """Return the instant of a ``dateTimeTimeZone``.

    Raises:
        KeyError, TypeError, ValueError: If it is none, or not in UTC as every call
            asks for; guessing a zone would move appointments.
    """
    if value["timeZone"] not in _UTC_NAMES:
        raise ValueError("not in UTC")
    return datetime.fromisoformat(value["dateTime"]).replace(tzinfo=UTC)


def period(item: Mapping[str, Any]) -> Interval:
    """Return when an event takes place; one of no length counts as a minute.

    Raises:
        KeyError, TypeError, ValueError: If its times cannot be read.
    """
    start, end = read(item["start"]), read(item["end"])
    return Interval(start, end if end > start else start + SHORTEST)
