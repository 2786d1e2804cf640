"""Convert between instants and local wall time.

Instants are whole minutes since 1970 in UTC, so that arrays of instants can be used in
computations. Each year of a zone is divided into stretches of constant UTC offset.
Within a stretch, wall time is the instant plus the offset, so no other code needs to
handle gaps, folds and skipped days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.interval import Interval

Minutes = NDArray[np.int64]
"""Instants or durations in minutes."""
Numbers = NDArray[np.signedinteger]
"""Whole numbers of any width."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60

_EPOCH_ORDINAL = EPOCH.toordinal()
_EPOCH_WEEKDAY = EPOCH.weekday()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span in which a zone keeps one offset.

    Attributes:
        start: First minute inside.
        end: First minute outside.
        offset: Minutes that local clocks are ahead of UTC.
    """

    start: int
    end: int
    offset: int


def join_ranges(first: Minutes, count: Minutes) -> Minutes:
    """Return ranges of ``count`` numbers that begin at each ``first``, joined."""
    return np.arange(int(count.sum())) + (first + count - count.cumsum()).repeat(count)


def floor_minute(instant: datetime) -> int:
    """Return the whole minute that contains an instant."""
    return (instant - EPOCH) // MINUTE


def ceil_minute(instant: datetime) -> int:
    """Return the first whole minute at or after an instant."""
    return -((EPOCH - instant) // MINUTE)


def whole_minutes(duration: timedelta) -> int:
    """Return a duration in minutes, rounded up."""
    return -(-duration // MINUTE)


def instant_at(minute: int) -> datetime:
    """Return the instant, in UTC, at which a minute begins."""
    return EPOCH + timedelta(minutes=minute)


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local date, in UTC.

    If clocks jump over midnight, the result is the instant of the jump. For a date that
    a zone skipped (Apia, 30 December 2011), the result is the instant at which the next
    date begins.
    """
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def wall_text(instant: datetime, zone: ZoneInfo) -> str:
    """Return the wall time of an instant in a zone, as ``2026-11-23T10:00``."""
    return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"


def instants_of(wall: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants, in UTC, of a wall time in a zone.

    Args:
        wall: As ``wall_text`` writes it.
        zone: Zone under the rules of today's time-zone data.

    Returns:
        One instant, or two where clocks are set back, the earlier first. For a wall
        time that the clocks skip, the offset before the change is used.
    """
    local = datetime.fromisoformat(wall).replace(tzinfo=zone)
    both = {local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = sorted(it for it in both if wall_text(it, zone) == wall)
    return tuple(shown or (local.astimezone(UTC),))


def days_of(period: Interval, zone: ZoneInfo) -> list[date]:
    """Return all local dates that a period touches."""
    first = period.start.astimezone(zone).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def day_number(day: date) -> int:
    """Return the number of days from 1 January 1970 to a date."""
    return day.toordinal() - _EPOCH_ORDINAL


def day_of_number(number: int) -> date:
    """Return the date with this day number."""
    return date.fromordinal(number + _EPOCH_ORDINAL)


def local_dates(zone: ZoneInfo, minutes: Sequence[int]) -> list[date]:
    """Return the local date of each instant in a zone, in the order of the instants."""
    if not minutes:
        return []
    numbers = local_minutes(zone, np.array(minutes, np.int64)) // DAY_MINUTES
    known = {number: day_of_number(number) for number in set(numbers.tolist())}
    return [known[number] for number in numbers.tolist()]


def weekdays(numbers: Minutes) -> Minutes:
    """Return the weekday of each day number; 0 is Monday."""
    return (numbers + _EPOCH_WEEKDAY) % 7


def offset_stretches(zone: ZoneInfo, start: int, end: int) -> list[Stretch]:
    """Return the stretches of constant offset that make up ``[start, end)``."""
    years = range(instant_at(start).year, instant_at(end - 1).year + 1)
    parts = (part for year in years for part in _stretches_of_year(zone, year))
    return [
        Stretch(max(part.start, start), min(part.end, end), part.offset)
        for part in parts
        if part.start < end and start < part.end
    ]


def wall_grid(zone: ZoneInfo, step: int, start: int, end: int) -> Minutes:
    """Return the minutes in ``[start, end)`` at which a slot may begin.

    At these minutes, the wall time in ``zone`` is a multiple of ``step`` minutes after
    midnight. A wall time that the clocks skip does not occur; a wall time that they
    repeat occurs twice.
    """
    marks = np.arange(0, DAY_MINUTES, step, dtype=np.int64)
    parts = [_marks_in(part, marks) for part in offset_stretches(zone, start, end)]
    return np.concatenate(parts)


def shown_spans(zone: ZoneInfo, start: int, end: int) -> list[tuple[int, int]]:
    """Return the wall time of ``zone`` during ``[start, end)``.

    Returns:
        For each stretch of constant offset, the first minute and the first minute
        beyond, since 1970 in wall time. Where clocks are set back, the wall times of
        consecutive stretches overlap.
    """
    return [
        (part.start + part.offset, part.end + part.offset)
        for part in offset_stretches(zone, start, end)
    ]


def local_minutes(zone: ZoneInfo, minutes: Minutes) -> Minutes:
    """Return the wall time of ``zone`` at each instant, in minutes since 1970."""
    if not minutes.size:
        return minutes
    parts = offset_stretches(zone, int(minutes.min()), int(minutes.max()) + 1)
    local = minutes + parts[0].offset
    for before, part in pairwise(parts):
        local[minutes >= part.start] += part.offset - before.offset
    return local


def _marks_in(part: Stretch, marks: Minutes) -> Minutes:
    first, last = part.start + part.offset, part.end + part.offset
    days = np.arange(first // DAY_MINUTES, (last - 1) // DAY_MINUTES + 1)
    shown = days[:, None] * DAY_MINUTES + marks
    return shown[(first <= shown) & (shown < last)] - part.offset


@lru_cache(maxsize=4096)
def _stretches_of_year(zone: ZoneInfo, year: int) -> tuple[Stretch, ...]:
    first = floor_minute(datetime(year, 1, 1, tzinfo=UTC))
    last = floor_minute(datetime(year + 1, 1, 1, tzinfo=UTC))
    days = range(first, last + 1, DAY_MINUTES)
    offsets = [_offset(zone, day) for day in days]
    changes = [
        _first_minute_after_change(zone, day, day + DAY_MINUTES)
        for day, (old, new) in zip(days, pairwise(offsets), strict=False)
        if old != new
    ]
    return tuple(_between(zone, [first, *changes, last]))


def _between(zone: ZoneInfo, bounds: list[int]) -> Iterable[Stretch]:
    for start, end in pairwise(bounds):
        if start < end:
            yield Stretch(start, end, _offset(zone, start))


def _first_minute_after_change(zone: ZoneInfo, before: int, after: int) -> int:
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, minute: int) -> int:
    offset = instant_at(minute).astimezone(zone).utcoffset()
    return (offset or timedelta()) // MINUTE
