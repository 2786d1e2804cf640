"""Turn agents' working hours on the wall clock into instants."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.interval import Interval, merge_intervals, subtract_intervals
from invo_booking.domain.wall import (
    DAY_MINUTES,
    Minutes,
    Stretch,
    day_number,
    floor_minute,
    instant_at,
    local_midnight,
    offset_stretches,
    weekdays,
)

Periods = tuple[tuple[time, time], ...]
"""Wall-time periods ``[from, to)`` of one day; midnight as ``to`` ends the day."""

Period = tuple[time, time] | tuple[time, time, UUID]
"""A wall-time period ``[from, to)`` in which a person works. If the period names a
branch, the person serves visits only at this branch. Calls are served in every
period."""

PlacedPeriods = tuple[Period, ...]

WeeklyHours = Mapping[int, PlacedPeriods]
"""Periods by weekday, 0 = Monday; a missing weekday has no hours."""

Week = tuple[tuple[int, PlacedPeriods], ...]
"""Weekly hours as a hashable key."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AgentHours:
    """When one agent works.

    Attributes:
        zone: Time zone of the agent's hours.
        weekly: Periods of a usual week.
        exceptions: By local date, the periods that replace those of the usual week; no
            periods for a day off.
        time_off: Absences, in UTC.
        has_places: Whether any period names a branch.

    Raises:
        ValueError: If a period is empty, reversed or not in whole minutes.
    """

    zone: ZoneInfo
    weekly: WeeklyHours
    exceptions: Mapping[date, PlacedPeriods] = field(
        default_factory=dict[date, PlacedPeriods]
    )
    time_off: tuple[Interval, ...] = ()
    has_places: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        for periods in (*self.weekly.values(), *self.exceptions.values()):
            for begins, ends, *_ in periods:
                _check_hours(begins, ends)
        object.__setattr__(self, "has_places", bool(self.places))

    @property
    def places(self) -> frozenset[UUID]:
        """Branches that any period names."""
        lists = (*self.weekly.values(), *self.exceptions.values())
        named = (period_place(it) for periods in lists for it in periods)
        return frozenset(filter(None, named))

    def at(self, branch_id: UUID) -> "AgentHours":
        """Return the hours in which the agent can serve visits at a branch."""
        if not self.has_places:
            return self
        return replace(
            self,
            weekly={day: _periods_at(branch_id, it) for day, it in self.weekly.items()},
            exceptions={
                day: _periods_at(branch_id, it) for day, it in self.exceptions.items()
            },
        )


def make_period(begins: time, ends: time, branch_id: UUID | None) -> Period:
    """Return a period, with a branch unless ``branch_id`` is ``None``."""
    return (begins, ends) if branch_id is None else (begins, ends, branch_id)


def period_place(period: Period) -> UUID | None:
    """Return the branch that a period names; ``None`` if it names no branch."""
    return period[2] if len(period) == 3 else None  # noqa: PLR2004


def _periods_at(branch_id: UUID, periods: PlacedPeriods) -> PlacedPeriods:
    return tuple(it for it in periods if period_place(it) in {None, branch_id})


def duty_intervals(
    hours: AgentHours,
    window: Interval,
    closed: frozenset[date],
    institution_zone: ZoneInfo,
) -> list[Interval]:
    """Return when an agent works within a window, merged, earliest first, in UTC.

    The agent works at an instant if the local time at that instant lies within the
    hours of the local date. An hour that the clocks skip is not worked; an hour that
    the clocks repeat is worked twice.

    Args:
        hours: The agent's hours.
        window: Span to examine, in UTC; the result lies within it.
        closed: Dates in the institution's zone on which nobody works.
        institution_zone: Zone of ``closed``.
    """
    first = window.start.date()
    last = window.end.date() + _ONE_DAY
    span = Interval(_utc_midnight(first), _utc_midnight(last))
    worked = _worked_intervals(hours, span)
    off = [*hours.time_off, *_days(closed, institution_zone, first, last)]
    return _clip_to(_without(worked, merge_intervals(off)), window)


class HoursPattern(NamedTuple):
    """Working hours without time off, as a hashable key.

    Agents with the same hours have equal keys, unless the dates of their ``exceptions``
    are in a different order.
    """

    zone: ZoneInfo
    week: Week
    exceptions: tuple[tuple[date, PlacedPeriods], ...]


def hours_pattern(hours: AgentHours) -> HoursPattern:
    """Return the pattern of an agent's hours."""
    return HoursPattern(hours.zone, _week(hours), tuple(hours.exceptions.items()))


def hours_by_date(hours: HoursPattern, reach: tuple[int, int]) -> Minutes:
    """Return the wall-time periods of a pattern by date; do not modify the array.

    Args:
        hours: The pattern.
        reach: First minute of interest and first minute beyond, since 1970 in UTC.

    Returns:
        One row for each period: day number, first minute and first minute beyond,
        counted from midnight.
    """
    usual = _usual(hours.week, *reach)
    if not hours.exceptions:
        return usual
    special = np.array(
        [
            (day_number(day), *period_minutes(it))
            for day, periods in hours.exceptions
            for it in periods
        ],
        np.int64,
    ).reshape(-1, 3)
    replaced = np.array([day_number(day) for day, _ in hours.exceptions])
    unchanged = (usual[:, :1] != replaced).all(axis=1)
    return np.concatenate((usual[unchanged], special))


def place_hours(zone: ZoneInfo, periods: Minutes, reach: tuple[int, int]) -> Minutes:
    """Return wall-time periods as instants, cut to ``reach``.

    Args:
        zone: Zone of the wall times.
        periods: Rows as ``hours_by_date`` returns them; further columns are allowed.
        reach: First minute of interest and first minute beyond, since 1970 in UTC.

    Returns:
        One row for each period: first minute, first minute beyond and the further
        columns. A period that contains a clock change may be split into two rows.
    """
    parts = [_periods_within(part, periods) for part in offset_stretches(zone, *reach)]
    return np.concatenate(parts)


def _periods_within(part: Stretch, periods: Minutes) -> Minutes:
    midnights = periods[:, 0] * DAY_MINUTES - part.offset
    start = np.maximum(midnights + periods[:, 1], part.start)
    end = np.minimum(midnights + periods[:, 2], part.end)
    real = start < end
    return np.column_stack((start[real], end[real], periods[real, 3:]))


def _week(hours: AgentHours) -> Week:
    return tuple(hours.weekly.items())


def usual_periods(week: Week, first: int, last: int) -> Minutes:
    """Return the periods of a usual week by date; see ``hours_by_date``.

    Args:
        week: Periods by weekday.
        first: First minute of interest, since 1970 in UTC.
        last: First minute beyond.
    """
    rows = [(day, *period_minutes(it)) for day, periods in week for it in periods]
    table = np.array(rows, np.int64).reshape(-1, 3)
    days = days_around(first, last)
    day, row = np.nonzero(weekdays(days)[:, None] == table[:, 0])
    return np.column_stack((days[day], table[row, 1:]))


def days_around(first: int, last: int) -> Minutes:
    """Return the numbers of all days that ``[first, last)`` touches in any zone."""
    return np.arange(first // DAY_MINUTES - 1, last // DAY_MINUTES + 2)


_usual = lru_cache(maxsize=512)(usual_periods)


def _worked_intervals(hours: AgentHours, span: Interval) -> Sequence[Interval]:
    reach = floor_minute(span.start), floor_minute(span.end)
    if hours.exceptions:
        rows = hours_by_date(hours_pattern(hours), reach)
        return _join_touching(place_hours(hours.zone, rows, reach))
    return _usually_joined(hours.zone, _week(hours), *reach)


@lru_cache(maxsize=512)
def _usually_joined(
    zone: ZoneInfo, week: Week, first: int, last: int
) -> tuple[Interval, ...]:
    return _join_touching(place_hours(zone, _usual(week, first, last), (first, last)))


def _join_touching(rows: Minutes) -> tuple[Interval, ...]:
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
            start, end = local_midnight(day, zone), local_midnight(day + _ONE_DAY, zone)
            if start < end:
                yield Interval(start, end)


def _without(worked: Sequence[Interval], off: Sequence[Interval]) -> Sequence[Interval]:
    if not off:
        return worked
    return [piece for span in worked for piece in subtract_intervals(span, off)]


def _clip_to(spans: Sequence[Interval], window: Interval) -> list[Interval]:
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


def period_minutes(period: Period) -> tuple[int, int]:
    """Return a period's first minute and first minute beyond, counted from midnight."""
    begins, ends = period[0], period[1]
    return _minute(begins), _minute(ends) or DAY_MINUTES


def _check_hours(begins: time, ends: time) -> None:
    if begins.second or ends.second or begins.microsecond or ends.microsecond:
        raise ValueError(f"not in whole minutes: {begins}-{ends}")
    start, end = period_minutes((begins, ends))
    if start >= end:
        raise ValueError(f"empty or reversed hours: {begins}-{ends}")
