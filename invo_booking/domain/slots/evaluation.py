"""Evaluate which starts are open for appointments, and which rules close the others.

The same evaluation is used to offer slots and to check a requested start.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from invo_booking.domain.opening import are_within, opening_spans
from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.days import Agent
from invo_booking.domain.slots.demand import WaitingQueue
from invo_booking.domain.slots.matching import Claim, Demand
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.domain.slots.rules import Rules
from invo_booking.domain.slots.schedules import (
    AgentSchedules,
    Gaps,
    Spans,
    free_gaps,
    working_gaps,
)
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.wall import (
    DAY_MINUTES,
    Minutes,
    Numbers,
    ceil_minute,
    day_number,
    local_minutes,
    weekdays,
)

_SATURDAY = 5
_FIRST = datetime(1971, 1, 1, tzinfo=UTC)
_LAST = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EvaluationArrays:
    """The state of each start; the arrays have one value per start.

    Each designated agent on duty is counted once: as free, booked, busy, buffered or
    unknown.

    Attributes:
        closed: For each rule, a flag per start: whether the rule closes the start.
        designated: Number of designated agents on duty for the whole appointment.
        free: Number of these agents who are free.
        booked: Number of these agents who have another appointment at the time.
        busy: Number of these agents who are busy only in their outside calendar.
        buffered: Number of these agents who would be free if there were no buffers.
        unread: Working time of agents whose calendar was not read recently enough.
    """

    closed: dict[ClosingRule, Flags]
    designated: Minutes
    free: Minutes
    booked: Minutes
    busy: Minutes
    buffered: Minutes
    unread: Gaps


class Evaluation:
    """The free agents and the competing unassigned appointments at some starts.

    Args:
        group: Queue and language of the appointment, and branch of a visit.
        schedules: Schedules of all agents who may affect the result.
        waiting: All unassigned appointments that may affect the result.
        starts: Starts to evaluate, ascending, in minutes; at least one.
    """

    def __init__(
        self,
        rules: Rules,
        group: Group,
        schedules: AgentSchedules,
        waiting: WaitingQueue,
        starts: Minutes,
    ) -> None:
        self._rules = rules
        self._starts = starts
        self._schedules = schedules
        self._window = int(starts[0]), int(starts[-1]) + rules.length_minutes
        self._group = group
        self.agents: Flags = schedules.agent_index.designated_flags(group)
        self.known: Flags = self.agents & schedules.agent_index.known_flags(rules.now)
        self.unknown: Flags = self.agents & ~self.known
        self._work: Gaps = working_gaps(
            schedules.duty_of(group.branch_id).of(self.agents), self._window
        )
        self._gaps: Gaps = self._free(self.known)
        self._waiting = waiting

    def supply(self) -> tuple[Minutes, Minutes]:
        """Return for each start the numbers of designated and of free agents."""
        return self._count(self._work), self._count(self._gaps)

    def findings(self) -> EvaluationArrays:
        """Return the result of every rule for each start."""
        designated, free = self.supply()
        unread = self._work.of(self.unknown)
        loose = self._unclaimed_gaps(self._schedules.busy)
        unbooked = self._unclaimed_gaps(self._schedules.own)
        without_buffers, not_booked = self._count(loose), self._count(unbooked)
        booked = designated - self._count(unread) - not_booked
        busy = not_booked - without_buffers
        buffered = without_buffers - free
        nobody = np.full(self._starts.shape, not self.agents.any())
        taken = free == 0
        closed = starts_closed_by_time(self._rules, self._starts) | {
            ClosingRule.NOBODY_DESIGNATED: nobody,
            ClosingRule.OUTSIDE_HOURS: ~nobody & (designated == 0),
            ClosingRule.AGENTS_BUSY: taken & (booked + busy > 0),
            ClosingRule.BUFFERS: taken & (buffered > 0),
            ClosingRule.CALENDAR_UNKNOWN: taken & (self._count(unread) > 0),
            ClosingRule.PERCENT: (free > 0)
            & ~enough_free_flags(self._rules, designated, free),
            ClosingRule.CAPACITY: self.lacks_room(free > 0, free),
        }
        return EvaluationArrays(
            closed, designated, free, booked, busy, buffered, unread
        )

    def lacks_room(self, of: Flags, free: Minutes) -> Flags:
        """Return flags of starts at which an appointment would strand another.

        Args:
            of: Flag per start: whether to check it. The start must have a free agent.
            free: Number of free agents per start.
        """
        doubtful = of & (free <= self._rivals())
        lacking = np.zeros_like(doubtful)
        for index in np.flatnonzero(doubtful):
            demand = self._demand(int(self._starts[index]))
            lacking[index] = not self._waiting.has_room(demand)
        return lacking

    def takes(self, of: Flags, agent: int | None) -> Flags:
        """Return a flag per start: whether an agent can take the start.

        Args:
            of: Flag per start: whether to check it; the others get false.
            agent: Index of the agent; ``None`` for an unknown agent, for whom all flags
                are false.
        """
        mine = self.known & (np.arange(self.known.size) == agent)
        can = of & (self._count(self._free(mine)) > 0)
        for index in np.flatnonzero(can & (self._rivals() > 0)):
            demand = self._demand(int(self._starts[index]))
            can[index] = agent in self._waiting.placeable(demand)
        return can

    def free_by_agent(self, agents: Iterable[int]) -> Iterator[Flags]:
        """Yield for each agent a flag per start: whether the agent is free."""
        for agent in agents:
            yield self._count(self._gaps.at(self._gaps.agent == agent)) > 0

    def placeable(self, start: int) -> list[Agent]:
        """Return the agents who can take a start without stranding an appointment."""
        agents = self._waiting.placeable(self._demand(start))
        return [self._schedules.agent_index.members[agent] for agent in sorted(agents)]

    def _free(self, agents: Flags) -> Gaps:
        working, taken = self._work.of(agents), self._schedules.busy.of(agents)
        return free_gaps(working, taken, self._window, self._rules.buffer_minutes)

    def _unclaimed_gaps(self, taken: Spans) -> Gaps:
        working, claims = self._work.of(self.known), taken.of(self.known).bare()
        return free_gaps(working, claims, self._window, (0, 0))

    def _count(self, gaps: Gaps) -> Minutes:
        return gaps.count(self._starts, self._rules.length_minutes)

    def _rivals(self) -> Minutes:
        before, after = self._rules.buffer_minutes
        claim = Claim(0, self._rules.length_minutes, before, after)
        return self._waiting.count(self._starts, claim, self._group)

    def _demand(self, start: int) -> Demand:
        length = self._rules.length_minutes
        before, after = self._rules.buffer_minutes
        return Demand(
            Claim(start, start + length, before, after),
            frozenset(self._work.agents_with_room(start, start + length).tolist()),
            frozenset(self._gaps.agents_with_room(start, start + length).tolist()),
        )


def is_plausible(instant: datetime) -> bool:
    """Whether an instant is in the range that slots can be computed for."""
    return _FIRST <= instant < _LAST


def enough_free_flags(rules: Rules, designated: Numbers, free: Numbers) -> Flags:
    """Return a flag per start: whether enough designated agents are free."""
    return free * 100 >= rules.percent * designated


def starts_closed_by_time(rules: Rules, starts: Minutes) -> dict[ClosingRule, Flags]:
    """Return flags of the closed starts for each rule that does not consider agents."""
    now, day, latest = map(ceil_minute, (rules.now, rules.earliest_day, rules.latest))
    window_ends = ceil_minute(rules.now + rules.disabled_window)
    return {
        ClosingRule.PAST: starts < now,
        ClosingRule.EARLIEST_DAY: (now <= starts) & (starts < day),
        ClosingRule.DISABLED_WINDOW: (now <= starts) & (starts < window_ends),
        ClosingRule.BEYOND_HORIZON: starts >= latest,
        **starts_when_closed(rules, starts),
    }


def starts_when_closed(rules: Rules, starts: Minutes) -> dict[ClosingRule, Flags]:
    """Return, by rule, flags of starts on closed days or outside opening hours."""
    return {
        **_starts_on_closed_days(rules, starts),
        ClosingRule.CLOSED_HOURS: _starts_outside_opening(rules, starts),
    }


def _starts_outside_opening(rules: Rules, starts: Minutes) -> Flags:
    if rules.opening is None:
        return np.zeros(starts.shape, np.bool_)
    ends = starts + rules.length_minutes
    reach = int(starts.min()) - DAY_MINUTES, int(ends.max()) + DAY_MINUTES
    spans = opening_spans(rules.zone, rules.opening, reach)
    return ~are_within(spans, starts, ends)


def _starts_on_closed_days(rules: Rules, starts: Minutes) -> dict[ClosingRule, Flags]:
    first = local_minutes(rules.zone, starts) // DAY_MINUTES
    last = local_minutes(rules.zone, starts + rules.length_minutes - 1) // DAY_MINUTES
    days: Minutes = np.arange(int(first.min()), int(last.max()) + 1, dtype=np.int64)
    weekend = (weekdays(days) >= _SATURDAY) & rules.weekends_off
    holiday = np.isin(days, [day_number(day) for day in rules.holidays])
    return {
        ClosingRule.WEEKEND: _touched_starts(weekend, first - days[0], last - days[0]),
        ClosingRule.HOLIDAY: _touched_starts(holiday, first - days[0], last - days[0]),
    }


def _touched_starts(closed: Flags, first: Minutes, last: Minutes) -> Flags:
    before = np.concatenate(([0], np.cumsum(closed)))
    return before[last + 1] > before[first]
