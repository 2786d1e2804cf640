"""Compute when many agents are on duty, as spans of minutes."""

from collections.abc import Sequence
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.hours import (
    AgentHours,
    PlacedPeriods,
    days_around,
    period_minutes,
    place_hours,
)
from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.intervals import IntervalIndex, LazyOwners
from invo_booking.domain.slots.schedules import (
    Gaps,
    Spans,
    free_gaps,
    join_spans,
    working_gaps,
)
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

_UNEVEN = np.int64(-1) << 40
"""A minute before all others."""


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
    """Return when agents are on duty."""
    working = working_gaps(_worked_spans(hours, reach), reach)
    absences = _absences(hours)
    return free_gaps(working, absences, reach, (0, 0)) if absences else working


def _worked_spans(hours: Sequence[AgentHours], reach: tuple[int, int]) -> Spans:
    """Return the working hours of all agents, computed together; some are empty."""
    days = days_around(*reach)
    kinds: dict[PlacedPeriods, int] = {(): 0}
    kind = _kinds_of_days(hours, days, kinds).ravel()
    zones: dict[ZoneInfo, int] = {}
    zone = np.array([zones.setdefault(it.zone, len(zones)) for it in hours], np.int64)
    periods = [[period_minutes(it) for it in periods] for periods in kinds]
    size = np.array([len(it) for it in periods])
    count = size[kind]
    place = join_ranges((size.cumsum() - size)[kind], count)
    minutes = np.array([*chain(*periods)], np.int64).reshape(-1, 2)
    begin, end = minutes.T.take(place, axis=1)
    agent = np.arange(len(hours)).repeat(count.reshape(-1, days.size).sum(axis=1))
    midnight = _midnights(list(zones), days)[zone].ravel().repeat(count)
    spans = _bare_spans(agent, midnight + begin, midnight + end)
    uneven = np.flatnonzero(midnight == _UNEVEN)
    if not uneven.size:
        return spans
    day = np.tile(days, len(hours)).repeat(count)
    rows = np.stack((day, begin, end, agent), axis=1)[uneven]
    return join_spans(spans, _spans_by_zone(rows, list(zones), zone, reach))


def _kinds_of_days(
    hours: Sequence[AgentHours], days: Minutes, kinds: dict[PlacedPeriods, int]
) -> Minutes:
    """Return by agent and day the number of the day's periods.

    Args:
        hours: Hours of each agent.
        days: Day numbers, consecutive.
        kinds: The numbers of periods; missing periods are added.
    """
    weeks: list[list[int]] = []
    for theirs in hours:
        week = [0] * 7
        for weekday, periods in theirs.weekly.items():
            week[weekday] = kinds.setdefault(periods, len(kinds))
        weeks.append(week)
    kind = np.array(weeks, np.int64).reshape(-1, 7)[:, weekdays(days)]
    for agent, theirs in enumerate(hours):
        for day, periods in theirs.exceptions.items():
            place = day_number(day) - int(days[0])
            if 0 <= place < days.size:
                kind[agent, place] = kinds.setdefault(periods, len(kinds))
    return kind


def _midnights(zones: Sequence[ZoneInfo], days: Minutes) -> Minutes:
    """Return by zone and day the minute at which the day begins.

    Args:
        zones: The zones.
        days: Day numbers, consecutive.

    Returns:
        ``_UNEVEN`` for days on which clocks change.
    """
    first, last = int(days[0]), int(days[-1])
    around = (first - 1) * DAY_MINUTES, (last + 2) * DAY_MINUTES
    midnights = np.tile(days * DAY_MINUTES, (len(zones), 1))
    for zone, row in zip(zones, midnights, strict=True):
        stretches = offset_stretches(zone, *around)
        np.subtract(row, stretches[0].offset, out=row)
        for before, after in pairwise(stretches):
            low, high = sorted((before.end + before.offset, after.start + after.offset))
            begin = max(low // DAY_MINUTES - first, 0)
            end = max(-(-high // DAY_MINUTES) - first, 0)
            row[end:] += before.offset - after.offset
            row[begin:end] = _UNEVEN
    return midnights


def _spans_by_zone(
    rows: Minutes, zones: Sequence[ZoneInfo], zone: Minutes, reach: tuple[int, int]
) -> Spans:
    """Return wall-time periods as spans, with regard to clock changes.

    Args:
        rows: Day number, first minute of the day, first minute beyond, and agent.
        zones: All zones.
        zone: Index of each agent's zone.
        reach: First minute and first minute beyond.
    """
    here = zone[rows[:, 3]]
    parts = [place_hours(it, rows[here == k], reach) for k, it in enumerate(zones)]
    start, end, agent = np.concatenate(parts).T
    return _bare_spans(agent, start, end)


def _absences(hours: Sequence[AgentHours]) -> Spans | None:
    """Return the time off of each agent; ``None`` if nobody has time off."""
    away = [
        (number, floor_minute(it.start), ceil_minute(it.end))
        for number, theirs in enumerate(hours)
        for it in theirs.time_off
    ]
    return _bare_spans(*np.array(away, np.int64).T) if away else None


def _bare_spans(agent: Minutes, start: Minutes, end: Minutes) -> Spans:
    none = np.zeros_like(start)
    return Spans(agent, start, end, none, none)
