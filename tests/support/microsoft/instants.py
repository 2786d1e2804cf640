"""Instants the way Graph writes them: a wall time and the name of a zone."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.support.microsoft.wire import RefusalError

WINDOWS_ZONES = {
    "Central Europe Standard Time": "Europe/Budapest",
    "Eastern Standard Time": "America/New_York",
    "GMT Standard Time": "Europe/London",
    "Pacific Standard Time": "America/Los_Angeles",
    "Tokyo Standard Time": "Asia/Tokyo",
    "W. Europe Standard Time": "Europe/Berlin",
}
"""Some of the names Windows has for zones; Graph takes them and those of IANA."""


def zone(name: str) -> ZoneInfo:
    """Return a zone by either kind of name.

    Raises:
        RefusalError: As Graph refuses a name it does not know.
    """
    try:
        return ZoneInfo(WINDOWS_ZONES.get(name, name))
    except (ZoneInfoNotFoundError, ValueError):
        raise RefusalError(
            400,
            "TimeZoneNotSupportedException",
            f"A valid TimeZone value must be specified. '{name}' is not supported.",
        ) from None


def instant(value: Any) -> datetime:
    """Return the instant a ``dateTimeTimeZone`` names, in UTC."""
    try:
        at = datetime.fromisoformat(_six_digits(value["dateTime"]))
    except (KeyError, TypeError, ValueError):
        raise RefusalError(
            400, "RequestBodyRead", f"Cannot read {value!r} as a time with a zone."
        ) from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone(value.get("timeZone") or "UTC"))
    return at.astimezone(UTC)


def asked_instant(text: str) -> datetime:
    """Return the instant of a query parameter; one without a zone is in UTC."""
    try:
        at = datetime.fromisoformat(_six_digits(text))
    except ValueError:
        raise RefusalError(
            400, "ErrorInvalidParameter", f"The value '{text}' is no date and time."
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def written(at: datetime, zone_name: str = "UTC") -> dict[str, str]:
    """Return an instant as Graph answers it: seven digits of a second, no offset."""
    wall = at.astimezone(zone(zone_name))
    return {"dateTime": f"{wall:%Y-%m-%dT%H:%M:%S.%f}0", "timeZone": zone_name}


def stamp(at: datetime) -> str:
    """Return an instant as Graph writes ``lastModifiedDateTime``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"


def _six_digits(text: str) -> str:
    return re.sub(r"(\.\d{6})\d+", r"\1", text)
