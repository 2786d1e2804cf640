"""Parse and format instants of requests and responses."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain import contact
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import instant_at
from invo_booking.texts import say

_LEAP = (
    "(19(7[26]|8[048]|9[26])|[2-8][0-9](0[48]|[2468][048]|[13579][26])"
    "|(2[048]|3[26]|4[048]|5[26]|6[048]|7[26]|8[048])00)"
)
_DATE = (
    "((19[7-9][0-9]|[2-8][0-9]{3})-"
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP}-02-29)"
)
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
_OFFSET = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
DATE_PATTERN = f"^{_DATE}$"
"""Pattern of a date in the years 1970 to 8999."""

INSTANT_PATTERN = f"^{_DATE}T{_TIME}{_OFFSET}$"
"""Pattern of an RFC 3339 instant in the years 1970 to 8999; seconds are optional."""

BOUND_PATTERN = f"^({_DATE}(T{_TIME}{_OFFSET})?)?$"
"""Pattern of a date, an instant, or an empty text."""

_DAY = re.compile(DATE_PATTERN)
_INSTANT = re.compile(INSTANT_PATTERN)


def instant_in_json(instant: datetime) -> str:
    """Return an instant as RFC 3339 text in UTC, such as ``2026-11-24T16:15:00Z``."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_instant_of_query(text: object) -> datetime:
    """Parse an RFC 3339 instant with an offset; return it in UTC.

    Raises:
        ValueError: If the value is no such instant, with a message to show.
    """
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise ValueError("Write a time with its offset, such as 2026-11-24T16:15:00Z.")
    return datetime.fromisoformat(text).astimezone(UTC)


def read_zone_of_query(name: str, field: str) -> ZoneInfo:
    """Return the zone with this exact IANA name.

    Raises:
        InvalidInputError: For ``field``, if there is no zone of this name.
    """
    try:
        return ZoneInfo(contact.clean_time_zone(name))
    except ValueError as error:
        raise InvalidInputError({field: str(error)}) from None


def read_bound_of_query(text: str, zone: ZoneInfo, field: str) -> datetime:
    """Return a bound of a window: an instant, or the midnight that begins a date.

    Args:
        text: A date such as ``2026-11-24``, or an RFC 3339 instant with an offset.
        zone: Zone of dates.
        field: Field that an error names.

    Raises:
        InvalidInputError: If the text is neither a date nor an instant.
    """
    try:
        if _DAY.fullmatch(text):
            midnight = datetime.combine(date.fromisoformat(text), time(), zone)
            return midnight.astimezone(UTC)
        return read_instant_of_query(text)
    except ValueError:
        raise InvalidInputError({field: say("api.sentences.date")}) from None


def read_window_of_query(
    bounds: tuple[str | None, str | None],
    zone: ZoneInfo,
    *,
    now: datetime,
    default: timedelta,
) -> Interval:
    """Return the window between two bounds; by default, it begins today.

    The default begins at midnight, not now, so that equal requests of a day can share a
    cached response.

    Args:
        bounds: Texts as for ``read_bound_of_query``; the second bound is exclusive.
        zone: Zone of dates.
        now: The current instant in UTC.
        default: Length of the window if its end is not given.

    Raises:
        InvalidInputError: For ``from`` or ``to``, if the bound is invalid, or the
            window is empty.
    """
    first, last = bounds
    start = read_bound_of_query(first, zone, "from") if first else _midnight(now, zone)
    end = read_bound_of_query(last, zone, "to") if last else start + default
    if start >= end:
        raise InvalidInputError({"to": say("api.instants.end_before_start")})
    return Interval(start, end)


@lru_cache(maxsize=64)
def spans_json(
    starts: tuple[int, ...],
    minutes: int,
    zones: tuple[str, ...],
    branches: tuple[UUID | None, ...],
) -> str:
    """Return open slots as a JSON list, with times in UTC and local times.

    Many requests get the same list, and different lists share most of their slots.
    Formatting the times takes far longer than finding the slots, so both whole lists
    and single slots are cached.

    Args:
        starts: Start of each slot, in minutes since 1970 in UTC.
        minutes: Length of each slot.
        zones: IANA name of the zone of each slot's local times.
        branches: Branch of the visit in each slot; ``None`` for other channels.
    """
    places = ["null" if it is None else f'"{it}"' for it in branches]
    return "[{}]".format(
        ",".join(
            f'{_span_json(start, minutes, zone)},"branch":{place}}}'
            for start, zone, place in zip(starts, zones, places, strict=True)
        )
    )


@lru_cache(maxsize=65_536)
def _span_json(start: int, minutes: int, zone_name: str) -> str:
    """Return the beginning of a slot's JSON, without the branch and closing brace."""
    zone = ZoneInfo(zone_name)
    begins, ends = instant_at(start), instant_at(start + minutes)
    here = begins.astimezone(zone).isoformat(), ends.astimezone(zone).isoformat()
    return (
        f'{{"start":"{instant_in_json(begins)}","end":"{instant_in_json(ends)}",'
        f'"local_start":"{here[0]}","local_end":"{here[1]}"'
    )


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone).date()
    return datetime.combine(today, time(), zone).astimezone(UTC)
