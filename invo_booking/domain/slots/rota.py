"""Compute when many agents are on duty, as rows of minutes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.hours import (
    AgentHours,
    HoursPattern,
    hours_by_date,
    hours_pattern,
    place_hours,
)
from invo_booking.domain.slots.intervals import IntervalIndex
from invo_booking.domain.slots.timetable import Gaps, Spans, free_gaps, working_gaps
from invo_booking.domain.wall import (
    Minutes,
    ceil_minute,
    floor_minute,
    instant_at,
    local_midnight,
)

_ONE_DAY = timedelta(days=1)


def duty_index(
    hours: Sequence[AgentHours],
    reach: tuple[int, int],
    closed: Iterable[date],
    zone: ZoneInfo,
) -> IntervalIndex:
    """Return an index of agents' duty: the same instants as ``duty_intervals``.

    Most agents share a few weekly patterns; each pattern is computed once.

    Args:
        hours: Hours of each agent.
        reach: First minute and first minute beyond.
        closed: Dates in ``zone`` on which the institution is closed.
        zone: The institution's time zone.
    """
    numbers: dict[HoursPattern, int] = {}
    theirs = [numbers.setdefault(hours_pattern(it), len(numbers)) for it in hours]
    patterns = list(numbers)
    off = _absences(patterns, list(_days(closed, zone, reach)))
    worked = working_gaps(_worked_spans(patterns, reach), reach)
    duty = _gaps_by_agent(
        free_gaps(worked, off, reach, (0, 0)), np.array(theirs, np.int64)
    )
    index = IntervalIndex(len(hours))
    index.pack(duty.agent, duty.start, duty.end)
    return index


def _gaps_by_agent(gaps: Gaps, patterns: Minutes) -> Gaps:
    """Return the gaps of each agent's pattern."""
    first = gaps.agent.searchsorted(patterns)
    count = gaps.agent.searchsorted(patterns + 1) - first
    place = np.arange(int(count.sum())) + (first + count - count.cumsum()).repeat(count)
    agent = np.arange(patterns.size).repeat(count)
    return Gaps(agent, gaps.start[place], gaps.end[place])


def _worked_spans(hours: Sequence[HoursPattern], reach: tuple[int, int]) -> Spans:
    """Compute all hours of one zone together."""
    by_zone: dict[ZoneInfo, list[int]] = {}
    for index, it in enumerate(hours):
        by_zone.setdefault(it.zone, []).append(index)
    parts = [
        place_hours(
            zone,
            _rows_with_owner(
                agents, [hours_by_date(hours[it], reach) for it in agents]
            ),
            reach,
        )
        for zone, agents in by_zone.items()
    ]
    start, end, agent = np.concatenate([np.zeros((0, 3), np.int64), *parts]).T
    none = np.zeros_like(start)
    return Spans(agent, start, end, none, none)


def _rows_with_owner(agents: Sequence[int], lists: Sequence[Minutes]) -> Minutes:
    """Rows of all lists, with the owner's index as a fourth column."""
    owner = np.repeat(np.array(agents), [len(it) for it in lists])
    return np.column_stack((np.concatenate(lists), owner))


def _absences(
    hours: Sequence[HoursPattern],
    shut: Sequence[tuple[int, int]],
) -> Spans:
    """Return the time off of each pattern, and the closed days of all."""
    away = [
        (number, floor_minute(it.start), ceil_minute(it.end))
        for number, theirs in enumerate(hours)
        for it in theirs.time_off
    ]
    number = np.arange(len(hours)).repeat(len(shut))
    closed = np.tile(np.array(shut, np.int64).reshape(-1, 2), (len(hours), 1))
    rows = np.concatenate(
        (
            np.array(away, np.int64).reshape(-1, 3),
            np.column_stack((number, closed)),
        )
    )
    none = np.zeros(len(rows), np.int64)
    return Spans(rows[:, 0], rows[:, 1], rows[:, 2], none, none)


def _days(
    days: Iterable[date], zone: ZoneInfo, reach: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    first, last = instant_at(reach[0]).date(), instant_at(reach[1]).date()
    for day in days:
        if first - _ONE_DAY <= day <= last + _ONE_DAY:
            start, end = local_midnight(day, zone), local_midnight(day + _ONE_DAY, zone)
            yield floor_minute(start), floor_minute(end)
