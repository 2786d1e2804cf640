"""When an agent works: hours on the wall clock, turned into instants."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.interval import Interval, merge, subtract
from invo_booking.domain.wall import (
    DAY_MINUTES,
    Minutes,
    Stretch,
    day_number,
    floor_minute,
    instant_at,
    midnight,
    stretches,
    weekdays,
)

Periods = tuple[tuple[time, time], ...]
"""Wall-time periods ``[from, to)`` of one day; midnight as ``to`` ends the day."""

WeeklyHours = Mapping[int, Periods]
"""Periods by weekday, 0 = Monday; a missing weekday is free."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AgentHours:
    """When one agent works.

    Attributes:
        zone: Where the agent's clock hangs.
        weekly: The usual week.
        exceptions: Periods that replace a local date's usual ones; empty for none.
        time_off: Absences, in UTC.

    Raises:
        ValueError: If a period is empty, reversed or not in whole minutes.
    """

    zone: ZoneInfo
    weekly: WeeklyHours
    exceptions: Mapping[date, Periods] = field(default_factory=dict[date, Periods])
    time_off: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        for periods in (*self.weekly.values(), *self.exceptions.values()):
            for begins, ends in periods:
                _check(begins, ends)


def duty(
    hours: AgentHours,
    window: Interval,
    closed: frozenset[date],
    institution_zone: ZoneInfo,
) -> list[Interval]:
    """Return when an agent works within a window, merged, earliest first, in UTC.

    An instant counts if the agent's wall clock then shows a time within the hours of
    the date it shows: an hour the clocks skip is not worked, one they repeat is worked
    twice.

    Args:
        hours: The agent's hours.
        window: What to look at, in UTC; nothing outside is returned.
        closed: Dates in the institution's zone on which nobody works.
        institution_zone: Zone of ``closed``.
    """
    first = window.start.date()
    last = window.end.date() + _ONE_DAY
    span = Interval(_utc_midnight(first), _utc_midnight(last))
    worked = _worked(hours, span)
    off = [*hours.time_off, *_days(closed, institution_zone, first, last)]
    return _clipped(_without(worked, merge(off)), window)


def worked(hours: AgentHours, first: int, last: int) -> Minutes:
    """Return when the hours say an agent works, time off not taken out.

    Args:
        hours: The agent's hours.
        first: First minute of interest, in UTC.
        last: First minute beyond.

    Returns:
        Rows of first minute and first minute beyond, in no order; they may touch, and
        overlap where the hours do.
    """
    weekly = tuple(sorted(hours.weekly.items()))
    usual = _usual(hours.zone, weekly, first, last)
    if not hours.exceptions:
        return usual[:, 1:]
    replaced = [day_number(day) for day in hours.exceptions]
    special = _placed(hours.zone, _exceptional(hours.exceptions), first, last)
    kept = usual[~np.isin(usual[:, 0], replaced)]
    return np.concatenate((kept, special))[:, 1:]


def _worked(hours: AgentHours, span: Interval) -> Sequence[Interval]:
    first, last = floor_minute(span.start), floor_minute(span.end)
    if hours.exceptions:
        return _joined(worked(hours, first, last))
    weekly = tuple(sorted(hours.weekly.items()))
    return _usually_joined(hours.zone, weekly, first, last)


@lru_cache(maxsize=512)
def _usually_joined(
    zone: ZoneInfo, weekly: tuple[tuple[int, Periods], ...], first: int, last: int
) -> tuple[Interval, ...]:
    return _joined(_usual(zone, weekly, first, last)[:, 1:])


@lru_cache(maxsize=512)
def _usual(
    zone: ZoneInfo, weekly: tuple[tuple[int, Periods], ...], first: int, last: int
) -> Minutes:
    table = np.array(
        [(day, *_minutes(it)) for day, periods in weekly for it in periods], np.int64
    ).reshape(-1, 3)
    days = np.arange(first // DAY_MINUTES - 1, last // DAY_MINUTES + 2)
    day, row = np.nonzero(weekdays(days)[:, None] == table[:, 0])
    dated = np.column_stack((days[day], table[row, 1:]))
    return _placed(zone, dated, first, last)


def _exceptional(exceptions: Mapping[date, Periods]) -> Minutes:
    rows = [
        (day_number(day), *_minutes(it))
        for day, periods in exceptions.items()
        for it in periods
    ]
    return np.array(rows, np.int64).reshape(-1, 3)


def _placed(zone: ZoneInfo, dated: Minutes, first: int, last: int) -> Minutes:
    """Turn rows of day, first and last wall minute into rows of day and instants."""
    parts = [_placed_in(part, dated) for part in stretches(zone, first, last)]
    return np.concatenate(parts)


def _placed_in(part: Stretch, dated: Minutes) -> Minutes:
    midnights = dated[:, 0] * DAY_MINUTES - part.offset
    start = np.maximum(midnights + dated[:, 1], part.start)
    end = np.minimum(midnights + dated[:, 2], part.end)
    return np.column_stack((dated[:, 0], start, end))[start < end]


def _joined(rows: Minutes) -> tuple[Interval, ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(rows.tolist()):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(Interval(instant_at(start), instant_at(end)) for start, end in joined)


def _days(
    days: Iterable[date], zone: ZoneInfo, first: date, last: date
) -> Iterator[Interval]:
    for day in days:
        if first - _ONE_DAY <= day <= last + _ONE_DAY:
            start, end = midnight(day, zone), midnight(day + _ONE_DAY, zone)
            if start < end:
                yield Interval(start, end)


def _without(worked: Sequence[Interval], off: Sequence[Interval]) -> Sequence[Interval]:
    if not off:
        return worked
    return [piece for span in worked for piece in subtract(span, off)]


def _clipped(spans: Sequence[Interval], window: Interval) -> list[Interval]:
    return [
        span
        if window.covers(span)
        else Interval(max(span.start, window.start), min(span.end, window.end))
        for span in spans
        if span.overlaps(window)
    ]


def _utc_midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC)


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _minutes(period: tuple[time, time]) -> tuple[int, int]:
    begins, ends = period
    return _minute(begins), _minute(ends) or DAY_MINUTES


def _check(begins: time, ends: time) -> None:
    if begins.second or ends.second or begins.microsecond or ends.microsecond:
        raise ValueError(f"not in whole minutes: {begins}-{ends}")
    start, end = _minutes((begins, ends))
    if start >= end:
        raise ValueError(f"empty or reversed hours: {begins}-{ends}")
