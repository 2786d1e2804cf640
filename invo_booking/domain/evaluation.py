"""The one evaluation behind offering slots and judging a start."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from invo_booking.domain.capacity import Claim, Demand, Line
from invo_booking.domain.reasons import Rule
from invo_booking.domain.rules import Rules
from invo_booking.domain.supply import Calendar, Group, Waiting
from invo_booking.domain.timetable import (
    Flags,
    Gaps,
    Timetable,
    gaps,
    timetable,
    work,
)
from invo_booking.domain.wall import (
    DAY_MINUTES,
    Minutes,
    ceil_minute,
    day_number,
    local_minutes,
    weekdays,
)

_SATURDAY = 5
_FIRST = datetime(1971, 1, 1, tzinfo=UTC)
_LAST = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is true of each start.

    Attributes:
        starts: The starts looked at, ascending, in minutes.
        serving: How many agents are designated for the group at all.
        designated: Agents designated and on duty for the whole span, per start.
        free: Those of them who are free, per start.
        closed: For each rule, the starts it closes; capacity is not among them.
    """

    starts: Minutes
    serving: int
    designated: Minutes
    free: Minutes
    closed: dict[Rule, Flags]

    @property
    def open(self) -> Flags:
        """The starts that no rule closes."""
        return ~np.logical_or.reduce(list(self.closed.values()))


class Evaluation:
    """Supply and demand around some starts.

    Args:
        rules: The institution's rules.
        group: What is asked of an agent.
        calendars: All agents who may matter.
        waiting: All unassigned appointments that may matter.
        starts: Starts to look at, ascending, in minutes; at least one.
    """

    def __init__(
        self,
        rules: Rules,
        group: Group,
        calendars: Timetable | Iterable[Calendar],
        waiting: Sequence[Waiting],
        starts: Minutes,
    ) -> None:
        self._rules = rules
        self._starts = starts
        self._table = _table(calendars, group, waiting)
        window = int(starts[0]), int(starts[-1]) + rules.length_minutes
        agents = self._table.designated(group)
        self._serving = int(agents.sum())
        self._group = group
        self._work: Gaps = work(self._table, agents, window)
        self._gaps: Gaps = gaps(self._table, agents, window, rules.buffer_minutes)
        self._line = Line(waiting, self._table)

    def findings(self) -> Findings:
        """Return what every rule but capacity says."""
        length = self._rules.length_minutes
        designated = self._work.count(self._starts, length)
        free = self._gaps.count(self._starts, length)
        closed = _closed_by_time(self._rules, self._starts)
        nobody = np.full(self._starts.shape, self._serving == 0)
        closed[Rule.NOBODY_DESIGNATED] = nobody
        closed[Rule.OUTSIDE_HOURS] = ~nobody & (designated == 0)
        closed[Rule.AGENTS_BUSY] = (designated > 0) & (free == 0)
        closed[Rule.PERCENT] = (free > 0) & (
            free * 100 < self._rules.percent * designated
        )
        return Findings(self._starts, self._serving, designated, free, closed)

    def lacks_room(self, findings: Findings) -> Flags:
        """Return which otherwise open starts are needed for somebody who waits."""
        before, after = self._rules.buffer_minutes
        claim = Claim(0, self._rules.length_minutes, before, after)
        rivals = self._line.count(findings.starts, claim, self._group)
        doubtful = findings.open & (findings.free <= rivals)
        lacking = np.zeros_like(doubtful)
        for index in np.flatnonzero(doubtful):
            demand = self._demand(int(findings.starts[index]))
            lacking[index] = not self._line.has_room(demand)
        return lacking

    def placeable(self, start: int) -> list[Calendar]:
        """Return the free agents who can be given a start and strand nobody."""
        agents = self._line.placeable(self._demand(start))
        return [self._table.calendars[agent] for agent in sorted(agents)]

    def _demand(self, start: int) -> Demand:
        length = self._rules.length_minutes
        before, after = self._rules.buffer_minutes
        return Demand(
            Claim(start, start + length, before, after),
            frozenset(self._work.holding(start, length)),
            frozenset(self._gaps.holding(start, length)),
        )


def is_plausible(instant: datetime) -> bool:
    """Whether an instant lies in the centuries the engine can count in."""
    return _FIRST <= instant < _LAST


def _table(
    calendars: Timetable | Iterable[Calendar], group: Group, waiting: Sequence[Waiting]
) -> Timetable:
    if isinstance(calendars, Timetable):
        return calendars
    groups = {group, *(it.group for it in waiting)}
    return timetable(it for it in calendars if any(map(it.serves, groups)))


def _closed_by_time(rules: Rules, starts: Minutes) -> dict[Rule, Flags]:
    now, earliest, latest = map(ceil_minute, (rules.now, rules.earliest, rules.latest))
    first = local_minutes(rules.zone, starts) // DAY_MINUTES
    last = local_minutes(rules.zone, starts + rules.length_minutes - 1) // DAY_MINUTES
    days: Minutes = np.arange(int(first.min()), int(last.max()) + 1, dtype=np.int64)
    weekend = (weekdays(days) >= _SATURDAY) & rules.weekends_off
    holiday = np.isin(days, [day_number(day) for day in rules.holidays])
    return {
        Rule.PAST: starts < now,
        Rule.TOO_EARLY: (now <= starts) & (starts < earliest),
        Rule.BEYOND_HORIZON: starts >= latest,
        Rule.WEEKEND: _touched(weekend, first - days[0], last - days[0]),
        Rule.HOLIDAY: _touched(holiday, first - days[0], last - days[0]),
    }


def _touched(closed: Flags, first: Minutes, last: Minutes) -> Flags:
    before = np.concatenate(([0], np.cumsum(closed)))
    return before[last + 1] > before[first]
