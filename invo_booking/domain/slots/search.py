"""Find open starts, and explain why the others are closed.

The same evaluation finds the starts to offer and checks a requested start.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.demand import WaitingQueue
from invo_booking.domain.slots.evaluation import (
    Evaluation,
    enough_free_flags,
    is_plausible,
    starts_closed_by_time,
)
from invo_booking.domain.slots.matching import Claim
from invo_booking.domain.slots.obstacles import agent_obstacle
from invo_booking.domain.slots.open_slots import Slot, Slots
from invo_booking.domain.slots.reasons import ClosingRule, Reason, explain_rule
from invo_booking.domain.slots.rules import Rules
from invo_booking.domain.slots.schedules import AgentSchedules
from invo_booking.domain.slots.supply import (
    AgentSupply,
    Booking,
    CalendarFreshness,
    Group,
)
from invo_booking.domain.slots.verdict import (
    StartFinding,
    StartReport,
    Verdict,
    rule_facts,
)
from invo_booking.domain.slots.waiting import Claimant
from invo_booking.domain.wall import (
    MINUTE,
    Minutes,
    ceil_minute,
    floor_minute,
    instant_at,
    wall_grid,
)
from invo_booking.texts import say

__all__ = [
    "NEEDED",
    "AgentSupply",
    "Booking",
    "CalendarFreshness",
    "Group",
    "Rules",
    "Situation",
    "Slot",
    "Slots",
    "StartFinding",
    "Verdict",
    "nearest_openings",
    "verdict_out_of_time",
]

LONGEST_WINDOW = timedelta(days=366)
"""Longest window of starts that can be searched at once."""

NEEDED = say("reasons.agent.needed")


class Situation:
    """A snapshot of the time of all agents around some starts.

    The snapshot is for one kind of appointment. Later changes of the index do not
    affect it.

    Args:
        group: Queue and language of the appointment, and branch of a visit.
        schedules: Schedules of all agents who may affect the result. The schedules must
            begin one buffer before the first start, and end one buffer after the end of
            an appointment at the last start.
        waiting: All unassigned live appointments that may affect the result.
        waits: The unassigned appointment that is being moved; ``waiting`` must not
            contain it.
    """

    def __init__(
        self,
        rules: Rules,
        group: Group,
        schedules: AgentSchedules,
        waiting: Iterable[Claimant],
        waits: Claimant | None = None,
    ) -> None:
        self._rules = rules
        self._group = group
        self._schedules = schedules
        self._waiting = WaitingQueue.of_schedules(waiting, schedules, rules.now)
        self._waits = waits

    def evaluation(self, starts: Minutes) -> Evaluation:
        """Return the free agents and competing appointments at some starts."""
        return Evaluation(
            self._rules, self._group, self._schedules, self._waiting, starts
        )

    def open_slots(self, window: Interval, *, agent: UUID | None = None) -> Slots:
        """Return the open slots that start within a window, earliest first.

        Args:
            window: Window in which appointments start; they may end later.
            agent: Return only slots that this agent can take; ``None`` for any agent.
                The numbers in a slot always count all agents.

        Raises:
            ValueError: If the window is longer than ``LONGEST_WINDOW``.
        """
        starts = self._ahead(window)
        if not starts.size:
            return Slots(self._rules.length)
        evaluation = self.evaluation(starts)
        designated, free = evaluation.supply()
        chosen = ~self._closed_by_time(starts) & (free > 0)
        chosen &= enough_free_flags(self._rules, designated, free)
        if agent is None:
            chosen &= ~evaluation.lacks_room(chosen, free)
        else:
            chosen = evaluation.takes(chosen, self._schedules.agent_index.index(agent))
        return Slots(
            self._rules.length, starts[chosen], free[chosen], designated[chosen]
        )

    def openings(self, window: Interval) -> dict[UUID, list[Interval]]:
        """Return the spans in which each agent of the group could take an appointment.

        Does not consider whether unassigned appointments need the agent.

        Args:
            window: Window in which appointments start; they may end later.
        """
        agent_index, starts = self._schedules.agent_index, self._ahead(window)
        agents = np.flatnonzero(agent_index.designated_flags(self._group)).tolist()
        if not starts.size:
            return {agent_index.members[agent].id: [] for agent in agents}
        ruled = ~self._closed_by_time(starts)
        free = self.evaluation(starts).free_by_agent(agents)
        return {
            agent_index.members[agent].id: self._spans(starts[ruled & theirs])
            for agent, theirs in zip(agents, free, strict=True)
        }

    def judge(self, start: datetime, *, on_grid: bool = True) -> Verdict:
        """Return whether a start is open, and if it is closed, every reason.

        A start on the grid is open if and only if ``open_slots`` returns it.

        Args:
            start: In UTC.
            on_grid: Whether the start must lie on the grid. Staff can choose any whole
                minute.
        """
        verdict = verdict_out_of_time(self._rules, start)
        if verdict:
            return verdict
        starts = np.array([floor_minute(start)])
        evaluation = self.evaluation(starts)
        finding = self._account(evaluation, starts).findings()[0]
        reasons = (*_off_grid(self._rules, start, on_grid=on_grid), *finding.reasons)
        return Verdict(
            open=not reasons,
            reasons=reasons,
            free=finding.free,
            designated=finding.designated,
            placeable=tuple(it.id for it in evaluation.placeable(int(starts[0]))),
        )

    def survey(self, window: Interval) -> list[StartFinding]:
        """Return the verdict on every start of the grid in a window.

        Includes closed starts, past starts and starts beyond the booking horizon.

        Args:
            window: Window in which appointments start; they may end later.

        Raises:
            ValueError: If the window is longer than ``LONGEST_WINDOW``.
        """
        check_search_window(window)
        starts = _grid(self._rules, window.start, window.end)
        if not starts.size:
            return []
        return self._account(self.evaluation(starts), starts).findings()

    def is_worked(self, agent: UUID, start: datetime) -> bool:
        """Whether an agent is on duty for all of an appointment with this start."""
        index, claim = self._schedules.agent_index.index(agent), self._claim(start)
        return index is not None and self._schedules.is_worked(
            index, claim.start, claim.end, self._group.branch_id
        )

    def busy_reason(self, agent: UUID, start: datetime) -> str | None:
        """Return why an agent cannot take a start; ``None`` if the agent can.

        The reason is ``NEEDED`` if the agent is free, but is the only agent who can
        serve an unassigned appointment.
        """
        index = self._schedules.agent_index.index(agent)
        if index is None:
            return say("reasons.agent.off_duty")
        claim = self._claim(start)
        why = agent_obstacle(
            self._schedules, index, claim, self._rules, self._group.branch_id
        )
        is_needed = not why and not self._waiting.spares(
            index, claim, waits=self._waits
        )
        return NEEDED if is_needed else why or None

    def appointment_count(self, agent: UUID, window: Interval) -> int:
        """Return the number of an agent's appointments that overlap a window."""
        own = self._schedules.own
        near = (own.start < ceil_minute(window.end)) & (
            own.end > floor_minute(window.start)
        )
        return int((own.agent[near] == self._schedules.agent_index.index(agent)).sum())

    def _spans(self, starts: Minutes) -> list[Interval]:
        length = self._rules.length
        begins = map(instant_at, starts.tolist())
        return [Interval(start, start + length) for start in begins]

    def _claim(self, start: datetime) -> Claim:
        end = ceil_minute(start + self._rules.length)
        return Claim(floor_minute(start), end, *self._rules.buffer_minutes)

    def _ahead(self, window: Interval) -> Minutes:
        check_search_window(window)
        rules = self._rules
        earliest = max(rules.earliest, rules.now)
        return _grid(rules, max(window.start, earliest), min(window.end, rules.latest))

    def _closed_by_time(self, starts: Minutes) -> Flags:
        return np.logical_or.reduce(
            list(starts_closed_by_time(self._rules, starts).values())
        )

    def _account(self, evaluation: Evaluation, starts: Minutes) -> StartReport:
        agents = self._schedules.agent_index
        return StartReport(self._rules, agents, evaluation, starts)


def verdict_out_of_time(rules: Rules, start: datetime) -> Verdict | None:
    """Return a verdict if a start is too early or late to compute, else ``None``."""
    if is_plausible(start):
        return None
    rule = ClosingRule.PAST if start < rules.earliest else ClosingRule.BEYOND_HORIZON
    reason = explain_rule(rule, rule_facts(rules))
    return Verdict(open=False, reasons=(reason,), free=0, designated=0, placeable=())


def nearest_openings(
    slots: Sequence[Slot] | Sequence[Interval], start: datetime, count: int = 3
) -> list[Interval]:
    """Return the open spans that start closest to ``start``, earliest first."""
    if isinstance(slots, Slots):
        slots = slots.around(start, count)
    closest = sorted(slots, key=lambda slot: (abs(slot.start - start), slot.start))
    return sorted(Interval(slot.start, slot.end) for slot in closest[:count])


def check_search_window(window: Interval) -> None:
    """Raise ``ValueError`` if a window is longer than ``LONGEST_WINDOW``."""
    if window.duration > LONGEST_WINDOW:
        raise ValueError(f"a window may last {LONGEST_WINDOW.days} days at most")


def _grid(rules: Rules, start: datetime, end: datetime) -> Minutes:
    if start >= end or not is_plausible(start) or not is_plausible(end):
        return np.zeros(0, np.int64)
    first, last = ceil_minute(start), ceil_minute(end)
    return wall_grid(rules.zone, rules.step // MINUTE, first, last)


def _off_grid(rules: Rules, start: datetime, *, on_grid: bool) -> list[Reason]:
    minute, step = floor_minute(start), rules.step // MINUTE
    on_minute = not start.second and not start.microsecond
    fits = on_minute and (
        not on_grid or wall_grid(rules.zone, step, minute, minute + 1).size > 0
    )
    return [] if fits else [explain_rule(ClosingRule.OFF_GRID, rule_facts(rules))]
