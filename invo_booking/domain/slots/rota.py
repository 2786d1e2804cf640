"""Compute when many agents are on duty, as rows of minutes."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.hours import (
    AgentHours,
    hours_by_date,
    hours_pattern,
    place_hours,
)
from invo_booking.domain.slots.days import END, START, Rows
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
    first_with: dict[Hashable, AgentHours] = {}
    habits = [hours_pattern(it) for it in hours]
    for it, theirs in zip(habits, hours, strict=True):
        first_with.setdefault(it, theirs)
    gaps = _gaps_of_rows(
        list(first_with.values()), reach, list(_days(closed, zone, reach))
    )
    rows = dict(zip(first_with, _rows(gaps, len(first_with)), strict=True))
    spans = IntervalIndex(len(hours))
    spans.fill([rows[it] for it in habits])
    return spans


def _gaps_of_rows(
    hours: Sequence[AgentHours],
    reach: tuple[int, int],
    shut: Sequence[tuple[int, int]],
) -> Gaps:
    off = [np.array([*_absences(it, reach), *shut], np.int64) for it in hours]
    return free_gaps(
        working_gaps(_worked_spans(hours, reach), reach), _spans(off), reach, (0, 0)
    )


def _rows(gaps: Gaps, owners: int) -> list[Rows]:
    """The spans as rows, by owner."""
    rows = np.zeros((gaps.agent.size, 5), np.int32)
    rows[:, START], rows[:, END] = gaps.start, gaps.end
    return np.split(rows, gaps.agent.searchsorted(np.arange(1, owners)))[:owners]


def _worked_spans(hours: Sequence[AgentHours], reach: tuple[int, int]) -> Spans:
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


def _spans(lists: Sequence[Minutes]) -> Spans:
    flat = np.concatenate(
        [np.zeros((0, 2), np.int64), *(it for it in lists if len(it))]
    )
    none = np.zeros(len(flat), np.int64)
    agent = np.repeat(np.arange(len(lists)), [len(it) for it in lists])
    return Spans(agent, flat[:, 0], flat[:, 1], none, none)


def _absences(hours: AgentHours, reach: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for span in hours.time_off:
        start, end = floor_minute(span.start), ceil_minute(span.end)
        if start < reach[1] and reach[0] < end:
            yield start, end


def _days(
    days: Iterable[date], zone: ZoneInfo, reach: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    first, last = instant_at(reach[0]).date(), instant_at(reach[1]).date()
    for day in days:
        if first - _ONE_DAY <= day <= last + _ONE_DAY:
            start, end = local_midnight(day, zone), local_midnight(day + _ONE_DAY, zone)
            yield floor_minute(start), floor_minute(end)
