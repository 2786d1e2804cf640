"""Times as Google takes and writes them."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.support.google.calendars import Moment
from tests.support.google.wire import RefusalError, invalid

RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE
)
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_bound(text: object) -> datetime:
    """Return an instant that has to have an offset.

    Raises:
        RefusalError: As Google refuses one without.
    """
    if not isinstance(text, str) or not RFC3339.fullmatch(text):
        raise invalid()
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid() from None


def zone_named(name: str) -> ZoneInfo:
    """Return a zone.

    Raises:
        RefusalError: If there is none of the name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid(f"Invalid value for: {name}", "invalid") from None


def read_moment(value: Mapping[str, Any] | None, which: str) -> tuple[Moment, str]:
    """Return the start or end of an event, and the zone named with it.

    Raises:
        RefusalError: As Google refuses what it cannot read.
    """
    given = {name: it for name, it in (value or {}).items() if it is not None}
    zone = str(given.get("timeZone") or "")
    if "date" in given and "dateTime" not in given:
        if not DAY.fullmatch(str(given["date"])):
            raise invalid(f"Invalid {which} time.", "invalid")
        return date.fromisoformat(given["date"]), zone
    if "dateTime" not in given or "date" in given:
        raise invalid(f"Missing {which} time.", "required")
    text = str(given["dateTime"])
    if RFC3339.fullmatch(text):
        return read_bound(text), zone
    if not zone:
        message = f"Missing time zone definition for {which} time."
        raise invalid(message, "required")
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        raise RefusalError(400, "invalid", f"Invalid {which} time.") from None
    return wall.replace(tzinfo=zone_named(zone)).astimezone(UTC), zone


def write_moment(moment: Moment, zone: ZoneInfo, named: str) -> dict[str, str]:
    """Return the start or end of an event, on the clock of a zone."""
    if not isinstance(moment, datetime):
        return {"date": moment.isoformat()}
    text = rfc3339(moment, zone)
    return {"dateTime": text, "timeZone": named or zone.key}


def rfc3339(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant on the clock of a zone, with its offset."""
    text = at.astimezone(zone).isoformat(timespec="seconds")
    return text.replace("+00:00", "Z") if zone.key == "UTC" else text
