"""Determine whether all unassigned appointments can still get an agent.

An unassigned appointment still needs an agent. If the only remaining agent got another
appointment, the unassigned appointment would be *stranded*. A slot is therefore offered
only if agents can be found both for the new appointment and for all unassigned
appointments nearby.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, Self
from uuid import UUID

import numpy as np

from invo_booking.domain.slots.agents import AgentIndex, Flags
from invo_booking.domain.slots.matching import (
    Claim,
    Demand,
    assign_agents,
    assign_most_agents,
    can_serve_as_many,
)
from invo_booking.domain.slots.schedules import (
    AgentSchedules,
    Gaps,
    Spans,
    count_covering,
    free_gaps,
    working_gaps,
)
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.slots.waiting import Claimant
from invo_booking.domain.wall import EPOCH, Minutes


def claims_without_agent(
    claimants: Sequence[Claimant], schedules: AgentSchedules
) -> frozenset[int]:
    """Return which unassigned appointments get no agent in the best matching.

    Args:
        claimants: Unassigned live appointments.
        schedules: Schedules of all agents who can serve any of these appointments. The
            latest reading of an outside calendar counts, however old.

    Returns:
        Indexes into ``claimants``.
    """
    source = ScheduleDemands(schedules, claimants, EPOCH)
    demands = [source.of(it) for it in claimants]
    takable = [index for index, it in enumerate(demands) if it.takers]
    some = [demands[index] for index in takable]
    served = range(len(some)) if assign_agents(some) else assign_most_agents(some)
    return frozenset(range(len(demands))) - {takable[index] for index in served}


class DemandSource(Protocol):
    """A source of the agents who can serve an unassigned appointment."""

    @property
    def agent_index(self) -> AgentIndex:
        """The agents by index."""
        ...

    def of(self, claimant: Claimant) -> Demand:
        """Return the possible agents of an appointment."""
        ...


class ScheduleDemands:
    """The agents who can serve each appointment, computed from the agents' schedules.

    Args:
        schedules: Schedules of all agents who may affect the result.
        claimants: Appointments for which ``of`` is likely to be called.
        now: The current instant, to decide which calendars were read too long ago.
    """

    def __init__(
        self, schedules: AgentSchedules, claimants: Sequence[Claimant], now: datetime
    ) -> None:
        self.agent_index = schedules.agent_index
        self._schedules = schedules
        self._known = schedules.agent_index.known_flags(now)
        self._window = (
            min((it.claim.start for it in claimants), default=0),
            max((it.claim.end for it in claimants), default=0),
        )
        self._supplies: dict[tuple[int, int, UUID | None], tuple[Gaps, Gaps]] = {}

    def of(self, claimant: Claimant) -> Demand:
        """Return the possible agents of an appointment."""
        it, designated = claimant.claim, self.agent_index.designated_flags
        flags = designated(claimant.group)
        able, takers = (
            agents[flags[agents]].tolist()
            for agents in (
                gaps.agents_with_room(it.start, it.end)
                for gaps in self._supply(it, claimant.group.branch_id)
            )
        )
        return Demand(it, frozenset(able), frozenset(takers))

    def _supply(self, it: Claim, place: UUID | None) -> tuple[Gaps, Gaps]:
        """Return working time, and free time of agents whose calendar could be read."""
        buffers = it.before, it.after
        if it.start < self._window[0] or self._window[1] < it.end:
            return self._supply_within((it.start, it.end), buffers, place)
        if place not in self._schedules.duty_at:
            place = None
        key = *buffers, place
        if key not in self._supplies:
            self._supplies[key] = self._supply_within(self._window, buffers, place)
        return self._supplies[key]

    def _supply_within(
        self, window: tuple[int, int], buffers: tuple[int, int], place: UUID | None
    ) -> tuple[Gaps, Gaps]:
        schedules, known = self._schedules, self._known
        working = working_gaps(schedules.duty_of(place), window)
        return working, free_gaps(
            working.of(known), schedules.busy.of(known), window, buffers
        )


class WaitingQueue:
    """The unassigned appointments, and whether there is room for one more appointment.

    An unassigned appointment without a designated agent on duty is ignored.

    Attributes:
        spans: Time of the unassigned appointments, in the order of ``demands``.

    Args:
        waiting: Unassigned live appointments.
        source: Source of the possible agents of each appointment, used when needed.
    """

    def __init__(self, waiting: Iterable[Claimant], source: DemandSource) -> None:
        self._waiting = sorted(waiting, key=_order)
        self._source = source
        rows = [(it.start, it.end, it.before, it.after) for it, _ in self._waiting]
        start, end, before, after = np.array(rows, np.int64).reshape(-1, 4).T
        self.spans = Spans(np.arange(start.size), start, end, before, after)
        self._starts: list[int] = start.tolist()
        self._longest = int((end - start).max(initial=0))
        self._widest = int(np.maximum(before, after).max(initial=0))
        self._demands: dict[int, Demand] = {}
        self._links: dict[int, frozenset[int]] = {}
        self._plans: dict[frozenset[int], dict[int, int] | None] = {}

    @classmethod
    def of_schedules(
        cls, waiting: Iterable[Claimant], schedules: AgentSchedules, now: datetime
    ) -> Self:
        """Return a queue that computes possible agents from schedules.

        Args:
            waiting: Unassigned live appointments.
            schedules: Schedules of all agents who may affect the result.
            now: The current instant, to decide which calendars were read too long ago.
        """
        claimants = list(waiting)
        return cls(claimants, ScheduleDemands(schedules, claimants, now))

    def demands(self) -> list[Demand]:
        """Return the demands of all unassigned appointments."""
        return [self._demand(index) for index in range(len(self._waiting))]

    def count(self, starts: Minutes, claim: Claim, group: Group) -> Minutes:
        """Return how many unassigned appointments may compete with one at each start.

        Args:
            starts: Possible starts of the appointment to place, ascending, in minutes.
            claim: The appointment to place; only its length and buffers matter.
            group: Queue, language and branch of the appointment to place.
        """
        return count_rivals_at(starts, claim, self.spans.of(self._sharing_flags(group)))

    def has_room(self, demand: Demand) -> bool:
        """Whether ``demand`` can get an agent without stranding an appointment."""
        rivals = self._rivals_of(demand)
        if len(demand.takers) > len(rivals):
            return True
        crowd = self._crowd_indexes(rivals)
        plan = self._plan(crowd)
        if plan is None:
            return False
        if demand.takers.difference(map(plan.__getitem__, rivals)):
            return True
        return assign_agents([*self._demands_of(crowd), demand]) is not None

    def stuck(self) -> list[Claimant]:
        """Return the appointments of crowds in which at least one gets no agent."""
        return [
            it
            for index, it in enumerate(self._waiting)
            if len(self._links_of(index)) > 1
            and self._plan(self._links_of(index)) is None
        ]

    def placeable(self, demand: Demand) -> frozenset[int]:
        """Return the agents who can take ``demand`` without stranding an appointment.

        If ``demand`` and the unassigned appointments cannot all get an agent, the
        result is usually empty. However, if ``demand`` has more takers than rivals, the
        result contains the takers whom the best matching does not assign to a rival.
        """
        rivals = self._rivals_of(demand)
        if not rivals:
            return demand.takers
        crowd = self._crowd(rivals)
        plan = assign_agents([*crowd, demand])
        if plan is None:
            scarce = len(demand.takers) <= len(rivals)
            return (
                frozenset() if scarce else demand.takers - _needed_agents(crowd, demand)
            )
        needed = frozenset(plan[:-1]) - {plan[-1]}
        return frozenset(
            agent
            for agent in demand.takers
            if agent not in needed or _works_with(crowd, demand, agent)
        )

    def spares(
        self, agent: int, claim: Claim, *, waits: Claimant | None = None
    ) -> bool:
        """Whether an agent can take a claim without stranding an appointment.

        Considers the unassigned appointments that the agent could serve at this time,
        those that compete with them for other agents, and so on.

        Args:
            agent: Index of the agent, who is free for the claim.
            claim: The span and its buffers.
            waits: The appointment of the claim, if the appointment is unassigned now.
                It must not be part of this queue.
        """
        only = Demand(claim, frozenset({agent}), frozenset({agent}))
        rivals = self._rivals_of(only)
        if not rivals:
            return True
        crowd = self._crowd(rivals)
        before = [*crowd, self._source.of(waits)] if waits else crowd
        return can_serve_as_many(before, [only, *crowd])

    def _sharing_flags(self, group: Group) -> Flags:
        designated = self._source.agent_index.designated_flags(group)
        shared = {
            other: bool(
                (designated & self._source.agent_index.designated_flags(other)).any()
            )
            for other in {it.group for it in self._waiting}
        }
        return np.array([shared[it.group] for it in self._waiting], dtype=np.bool_)

    def _rivals_of(self, demand: Demand) -> list[int]:
        claim, able = demand.claim, demand.able
        widest = max(self._widest, claim.before, claim.after)
        first = bisect_left(self._starts, claim.start - widest - self._longest)
        last = bisect_left(self._starts, claim.end + widest)
        return [
            index
            for index in range(first, last)
            if self._waiting[index].claim.collides(claim)
            and not self._demand(index).able.isdisjoint(able)
        ]

    def _crowd(self, seeds: Sequence[int]) -> list[Demand]:
        return self._demands_of(self._crowd_indexes(seeds))

    def _crowd_indexes(self, seeds: Iterable[int]) -> frozenset[int]:
        """Return the seeds, their rivals, the rivals of the rivals, and so on."""
        return frozenset[int]().union(*map(self._links_of, seeds))

    def _links_of(self, seed: int) -> frozenset[int]:
        if seed not in self._links:
            reached, ahead = {seed}, [seed]
            while ahead:
                fresh = set(self._rivals_of(self._demand(ahead.pop()))) - reached
                reached |= fresh
                ahead.extend(fresh)
            self._links |= dict.fromkeys(reached, frozenset(reached))
        return self._links[seed]

    def _plan(self, crowd: frozenset[int]) -> dict[int, int] | None:
        """Return an agent for each appointment of a crowd; ``None`` if impossible."""
        if crowd not in self._plans:
            agents = assign_agents(self._demands_of(crowd))
            self._plans[crowd] = (
                None
                if agents is None
                else dict(zip(sorted(crowd), agents, strict=True))
            )
        return self._plans[crowd]

    def _demands_of(self, crowd: Iterable[int]) -> list[Demand]:
        return [self._demand(index) for index in sorted(crowd)]

    def _demand(self, index: int) -> Demand:
        if index not in self._demands:
            self._demands[index] = self._source.of(self._waiting[index])
        return self._demands[index]


def count_rivals_at(starts: Minutes, claim: Claim, waiting: Spans) -> Minutes:
    """Return how many unassigned appointments may compete with one at each start.

    Args:
        starts: Possible starts of the appointment to place, ascending, in minutes.
        claim: The appointment to place; only its length and buffers matter.
        waiting: Unassigned appointments that share a possible agent with ``claim``.
    """
    length = claim.end - claim.start
    lowest = waiting.start - np.maximum(waiting.before, claim.after) - length
    highest = waiting.end + np.maximum(waiting.after, claim.before)
    first = np.searchsorted(starts, lowest, side="right")
    last = np.searchsorted(starts, highest, side="left")
    return count_covering(first, last, starts.size)


def collision_flags(spans: Spans, claim: Claim) -> Flags:
    """Return a flag per span: whether no agent can take both the span and the claim.

    The gap between the two must be at least as long as the longer of two buffers: the
    buffer after the earlier one and the buffer before the later one.
    """
    return (spans.start < claim.end + np.maximum(spans.before, claim.after)) & (
        claim.start < spans.end + np.maximum(spans.after, claim.before)
    )


def _order(it: Claimant) -> tuple[Claim, UUID, str, int]:
    group = it.group
    branch = group.branch_id.int if group.branch_id else 0
    return it.claim, group.queue_id, group.language, branch


def _needed_agents(crowd: Sequence[Demand], demand: Demand) -> set[int]:
    """Return the agents that the best matching assigns to rivals of ``demand``."""
    served = assign_most_agents(crowd)
    return {
        agent
        for index, agent in served.items()
        if crowd[index].claim.collides(demand.claim)
    }


def _works_with(crowd: Sequence[Demand], demand: Demand, agent: int) -> bool:
    only = Demand(demand.claim, demand.able, frozenset({agent}))
    return assign_agents([*crowd, only]) is not None
