"""Compute when many agents are on duty, as spans of minutes."""

from collections.abc import Sequence
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
from invo_booking.domain.slots.schedules import Gaps, Spans, free_gaps, working_gaps
from invo_booking.domain.wall import Minutes, ceil_minute, floor_minute, join_ranges


def duty_index(
    hours: Sequence[AgentHours],
    reach: tuple[int, int],
) -> IntervalIndex:
    """Return an index of when agents are on duty, as ``duty_intervals`` computes it.

    Closed days are included, since the zone of their dates depends on the appointment;
    the rules exclude them. Most agents share a few patterns of hours; each pattern is
    computed once.

    Args:
        hours: Hours of each agent.
        reach: First minute and first minute beyond.
    """
    numbers: dict[HoursPattern, int] = {}
    theirs = [numbers.setdefault(hours_pattern(it), len(numbers)) for it in hours]
    patterns = list(numbers)
    off = _absences(patterns)
    worked = working_gaps(_worked_spans(patterns, reach), reach)
    duty = _gaps_by_agent(
        free_gaps(worked, off, reach, (0, 0)), np.array(theirs, np.int64)
    )
    index = IntervalIndex(len(hours))
    index.pack(duty.agent, duty.start, duty.end)
    return index


def _gaps_by_agent(gaps: Gaps, patterns: Minutes) -> Gaps:
    """Return for each agent the gaps of the agent's pattern."""
    first = gaps.agent.searchsorted(patterns)
    count = gaps.agent.searchsorted(patterns + 1) - first
    place = join_ranges(first, count)
    agent = np.arange(patterns.size).repeat(count)
    return Gaps(agent, gaps.start[place], gaps.end[place])


def _worked_spans(hours: Sequence[HoursPattern], reach: tuple[int, int]) -> Spans:
    """Return the working hours of all patterns, computed together for each zone."""
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
    """Return the rows of all lists, with the owner's index as a fourth column."""
    owner = np.repeat(np.array(agents), [len(it) for it in lists])
    return np.column_stack((np.concatenate(lists), owner))


def _absences(hours: Sequence[HoursPattern]) -> Spans:
    """Return the time off of each pattern."""
    away = [
        (number, floor_minute(it.start), ceil_minute(it.end))
        for number, theirs in enumerate(hours)
        for it in theirs.time_off
    ]
    rows = np.array(away, np.int64).reshape(-1, 3)
    none = np.zeros(len(rows), np.int64)
    return Spans(rows[:, 0], rows[:, 1], rows[:, 2], none, none)
