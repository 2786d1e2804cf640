"""When an agent works: hours on the wall clock, turned into instants."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from invo_booking.domain.interval import Interval, merge, subtract
from invo_booking.domain.wall import (
    DAY_MINUTES,
    Stretch,
    day_of_number,
    floor_minute,
    instant_at,
    midnight,
    stretches,
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


def _worked(hours: AgentHours, span: Interval) -> Sequence[Interval]:
    days = {
        day: periods
        for day, periods in hours.exceptions.items()
        if span.start.date() - _ONE_DAY <= day <= span.end.date() + _ONE_DAY
    }
    weekly = tuple(sorted(hours.weekly.items()))
    if days:
        return _spans(hours.zone, dict(weekly), days, span)
    return _usual(hours.zone, weekly, span)


@lru_cache(maxsize=512)
def _usual(
    zone: ZoneInfo, weekly: tuple[tuple[int, Periods], ...], span: Interval
) -> tuple[Interval, ...]:
    return _spans(zone, dict(weekly), {}, span)


def _spans(
    zone: ZoneInfo,
    weekly: WeeklyHours,
    exceptions: Mapping[date, Periods],
    span: Interval,
) -> tuple[Interval, ...]:
    parts = stretches(zone, floor_minute(span.start), floor_minute(span.end))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(
        piece for part in parts for piece in _pieces(part, weekly, exceptions)
    ):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(Interval(instant_at(start), instant_at(end)) for start, end in joined)


def _pieces(
    part: Stretch, weekly: WeeklyHours, exceptions: Mapping[date, Periods]
) -> Iterator[tuple[int, int]]:
    first = (part.start + part.offset) // DAY_MINUTES
    last = (part.end - 1 + part.offset) // DAY_MINUTES
    for number in range(first, last + 1):
        day = day_of_number(number)
        midnight_minute = number * DAY_MINUTES - part.offset
        for begins, ends in exceptions.get(day, weekly.get(day.weekday(), ())):
            start = max(part.start, midnight_minute + _minute(begins))
            end = min(part.end, midnight_minute + (_minute(ends) or DAY_MINUTES))
            if start < end:
                yield start, end


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


def _check(begins: time, ends: time) -> None:
    if begins.second or ends.second or begins.microsecond or ends.microsecond:
        raise ValueError(f"not in whole minutes: {begins}-{ends}")
    if _minute(begins) >= (_minute(ends) or DAY_MINUTES):
        raise ValueError(f"empty or reversed hours: {begins}-{ends}")
