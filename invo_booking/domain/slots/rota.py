"""Compute when many agents are on duty, as spans of minutes."""

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.hours import (
    AgentHours,
    HoursPattern,
    PlacedPeriods,
    Week,
    days_around,
    hours_pattern,
    period_minutes,
)
from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.intervals import IntervalIndex, LazyOwners
from invo_booking.domain.slots.schedules import Gaps, Spans, free_gaps, working_gaps
from invo_booking.domain.wall import (
    DAY_MINUTES,
    Minutes,
    ceil_minute,
    day_number,
    floor_minute,
    join_ranges,
    offset_stretches,
    weekdays,
)


class DutyIndex:
    """When agents are on duty, as ``duty_intervals`` computes it.

    Duty on closed days is included, since the zone in which a day is closed depends on
    the appointment. Starts on closed days are excluded later, by the rules.

    Args:
        hours: Hours of each agent.
        reach: First minute and first minute beyond.
    """

    def __init__(self, hours: Sequence[AgentHours], reach: tuple[int, int]) -> None:
        self._hours = hours
        self._reach = reach
        self._computed = LazyOwners(len(hours))
        self._spans = IntervalIndex(len(hours))

    def near(self, agents: Minutes, first: int, last: int) -> Spans:
        """Return the spans that overlap ``[first, last)``, and some spans near it.

        Args:
            agents: By index, ascending.
            first: First minute.
            last: First minute beyond.
        """
        self.compute(agents)
        return self._spans.near(agents, first, last)[0]

    def contain(self, spans: Spans) -> Flags:
        """Return for each span whether its agent works during the whole span."""
        self.compute(spans.agent)
        return self._spans.contain(spans)

    def compute(self, agents: Minutes | slice) -> None:
        """Compute the duty of agents for whom it is not yet computed."""
        some = self._computed.extend(agents)
        if some is not None:
            chosen: list[int] = some.tolist()
            duty = _duty([self._hours[it] for it in chosen], self._reach)
            self._spans.pack(some[duty.agent], duty.start, duty.end)


def _duty(hours: Sequence[AgentHours], reach: tuple[int, int]) -> Gaps:
    """Return when agents are on duty.

    Most agents share a few patterns of hours; each pattern is computed once.
    """
    numbers: dict[HoursPattern, int] = {}
    theirs = [numbers.setdefault(hours_pattern(it), len(numbers)) for it in hours]
    pattern = np.array(theirs, np.int64)
    worked = working_gaps(_worked_spans(list(numbers), reach), reach)
    absences = _absences(hours, reach)
    away, place = np.unique(absences.agent, return_inverse=True)
    if away.size:
        usual = _gaps_by_agent(worked, pattern[away])
        left = free_gaps(usual, absences.of_agents(place), reach, (0, 0))
        worked = worked.followed_by(left.of_agents(left.agent + len(numbers)))
        pattern[away] = np.arange(away.size) + len(numbers)
    return _gaps_by_agent(worked, pattern)


def _gaps_by_agent(gaps: Gaps, patterns: Minutes) -> Gaps:
    """Return for each agent the working time of the agent's pattern."""
    first = gaps.agent.searchsorted(patterns)
    count = gaps.agent.searchsorted(patterns + 1) - first
    place = join_ranges(first, count)
    agent = np.arange(patterns.size).repeat(count)
    return Gaps(agent, gaps.start[place], gaps.end[place])


class _Periods(NamedTuple):
    """Wall-time periods, as parallel arrays with one value per period.

    Attributes:
        owner: Index of the pattern or the week.
        day: Day number.
        begin: First minute of the day inside the period.
        end: First minute of the day beyond the period.
    """

    owner: Minutes
    day: Minutes
    begin: Minutes
    end: Minutes


def _worked_spans(patterns: Sequence[HoursPattern], reach: tuple[int, int]) -> Spans:
    """Return the working hours of all patterns; some of the spans are empty.

    ``hours_by_date`` and ``place_hours`` return the hours of one pattern.
    """
    periods = _usual_periods(patterns, reach)
    if any(it.exceptions for it in patterns):
        periods = _with_exceptions(periods, patterns, reach)
    midnight = periods.day * DAY_MINUTES
    begin, end = midnight + periods.begin, midnight + periods.end
    numbers: dict[ZoneInfo, int] = {}
    zone = np.array([numbers.setdefault(it.zone, len(numbers)) for it in patterns])
    zone_of_period = zone.astype(np.int64)[periods.owner]
    starts, ends = [begin[:0]], [end[:0]]
    for low, high, offset in _stretches(list(numbers), reach):
        shift = offset[zone_of_period]
        starts.append(np.maximum(begin - shift, low[zone_of_period]))
        ends.append(np.minimum(end - shift, high[zone_of_period]))
    start, end = np.concatenate(starts), np.concatenate(ends)
    none = np.zeros_like(start)
    return Spans(np.tile(periods.owner, len(starts) - 1), start, end, none, none)


def _usual_periods(
    patterns: Sequence[HoursPattern], reach: tuple[int, int]
) -> _Periods:
    """Return the periods of all patterns, without exceptions."""
    weeks: dict[Week, int] = {}
    week = [weeks.setdefault(it.week, len(weeks)) for it in patterns]
    usual = _periods_of_weeks(list(weeks), reach)
    first = usual.owner.searchsorted(week)
    count = usual.owner.searchsorted(week, side="right") - first
    place = join_ranges(first, count)
    owner = np.arange(len(patterns)).repeat(count)
    return _Periods(owner, *(it[place] for it in usual[1:]))


def _periods_of_weeks(weeks: Sequence[Week], reach: tuple[int, int]) -> _Periods:
    """Return the periods of usual weeks, in the order of the weeks."""
    minutes: dict[PlacedPeriods, list[tuple[int, int]]] = {}
    rows: list[tuple[int, int, int, int]] = []
    for number, week in enumerate(weeks):
        for day, periods in week:
            if periods not in minutes:  # most days have the hours of another day
                minutes[periods] = [period_minutes(it) for it in periods]
            rows += [(number, day, *it) for it in minutes[periods]]
    table = np.array(rows, np.int64).reshape(-1, 4)
    days = days_around(*reach)
    row, day = np.nonzero(table[:, 1:2] == weekdays(days))
    return _Periods(table[row, 0], days[day], table[row, 2], table[row, 3])


def _with_exceptions(
    usual: _Periods, patterns: Sequence[HoursPattern], reach: tuple[int, int]
) -> _Periods:
    """Return the usual periods, except on days for which a pattern has exceptions."""
    days = days_around(*reach)
    special = [
        (number, day_number(day) - int(days[0]), periods)
        for number, it in enumerate(patterns)
        for day, periods in it.exceptions
    ]
    special = [it for it in special if 0 <= it[1] < days.size]
    rows = [(*it, *period_minutes(one)) for *it, periods in special for one in periods]
    owner, place, begin, end = np.array(rows, np.int64).reshape(-1, 4).T
    replaced = np.zeros((len(patterns), days.size), np.bool_)
    replaced[[it[0] for it in special], [it[1] for it in special]] = True
    is_usual = ~replaced[usual.owner, usual.day - days[0]]
    fresh = _Periods(owner, days[place], begin, end)
    return _Periods(
        *(
            np.concatenate((it[is_usual], new))
            for it, new in zip(usual, fresh, strict=True)
        )
    )


def _stretches(zones: Sequence[ZoneInfo], reach: tuple[int, int]) -> Minutes:
    """Return the stretches of constant offset of several zones.

    Returns:
        By number of the stretch: the first minutes, the first minutes beyond and the
        offsets, each by zone. A zone with fewer stretches has empty stretches at the
        end.
    """
    of_zones = [offset_stretches(it, *reach) for it in zones]
    table = np.zeros((max(map(len, of_zones), default=0), 3, len(zones)), np.int64)
    for zone, stretches in enumerate(of_zones):
        for number, it in enumerate(stretches):
            table[number, :, zone] = it.start, it.end, it.offset
    return table


def _absences(hours: Sequence[AgentHours], reach: tuple[int, int]) -> Spans:
    """Return the time off of each agent."""
    away = [
        (number, floor_minute(it.start), ceil_minute(it.end))
        for number, theirs in enumerate(hours)
        for it in theirs.time_off
    ]
    agent, start, end = np.array(away, np.int64).reshape(-1, 3).T
    none = np.zeros_like(start)
    spans = Spans(agent, start, end, none, none)
    return spans.at((start < reach[1]) & (reach[0] < end))
