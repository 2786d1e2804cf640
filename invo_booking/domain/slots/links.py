"""Find the unassigned appointments that may need an agent, and who can serve them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import numpy as np

from invo_booking.domain.slots.agents import AgentIndex, Flags
from invo_booking.domain.slots.data import Records
from invo_booking.domain.slots.matching import Demand
from invo_booking.domain.slots.schedules import Gaps
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.slots.waiting import Claimant
from invo_booking.domain.wall import DAY_MINUTES, Minutes

_MOST_KEPT = 1024
_MOST_NAMED = 1_000_000
"""Most agents in all kept demands together; they take about 60 MB."""


class Linked(NamedTuple):
    """Groups that compete for the same agents, directly or through other groups.

    Attributes:
        agents: Flag per agent: one of the agents asked for, or designated for one of
            the groups.
        groups: Groups with unassigned appointments. Unassigned appointments of other
            groups cannot affect the agents.
    """

    agents: Flags
    groups: frozenset[Group]


class GroupLinks:
    """A cache of groups that compete for the same agents.

    Cleared when a group gets its first unassigned appointment or loses its last.

    Args:
        records: Agents and unassigned appointments.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._waits: frozenset[Group] = frozenset()
        self._seen = -1
        self._kept: dict[bytes, Linked] = {}

    def of(self, agents: Flags) -> Linked:
        """Return the groups that compete for some agents; do not modify the flags."""
        self._follow_waitlist()
        if len(self._kept) == _MOST_KEPT:
            self._kept.clear()
        key = agents.tobytes()
        if key not in self._kept:
            self._kept[key] = self._find(agents)
        return self._kept[key]

    def _follow_waitlist(self) -> None:
        """Clear the cache if other groups than before have unassigned appointments."""
        waitlist = self._records.waitlist
        if self._seen == waitlist.changes:
            return
        self._seen, waits = waitlist.changes, frozenset(waitlist.groups())
        if waits != self._waits:
            self._waits = waits
            self._kept.clear()

    def _find(self, agents: Flags) -> Linked:
        members = self._records.agent_index
        reach, left = agents, set(self._waits)
        while near := [
            it for it in left if (members.designated_flags(it) & reach).any()
        ]:
            left.difference_update(near)
            for it in near:
                reach = reach | members.designated_flags(it)
        return Linked(reach, self._waits - left)


class KeptDemands:
    """A cache of the possible agents of unassigned appointments.

    ``forget`` removes entries after an agent's time has changed.

    Args:
        records: Agents, their time and the unassigned appointments.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known = np.zeros(0, np.bool_)
        self._kept: dict[int, dict[Claimant, Demand]] = {}
        self._named = 0

    @property
    def agent_index(self) -> AgentIndex:
        """The agents by index."""
        return self._records.agent_index

    def of(self, claimant: Claimant) -> Demand:
        """Return the possible agents of an appointment given to ``prepare`` before."""
        return self._kept[_day(claimant)][claimant]

    def prepare(self, claimants: Sequence[Claimant], now: datetime) -> None:
        """Find and keep the possible agents of those appointments that are missing."""
        self._follow(now)
        none = dict[Claimant, Demand]()
        missing = [it for it in claimants if it not in self._kept.get(_day(it), none)]
        for it, demand in zip(missing, self.find(missing), strict=True):
            self._kept.setdefault(_day(it), {})[it] = demand
            self._named += len(demand.able) + len(demand.takers)

    def find(self, claimants: Sequence[Claimant]) -> list[Demand]:
        """Return the possible agents of appointments, computed together."""
        demands = dict[Claimant, Demand]()
        for (before, after, place), some in groupby(
            sorted(claimants, key=self._kind), self._kind
        ):
            for near in _near_each_other(sorted(some, key=_start)):
                demands |= self._find_alike(near, (before, after), place)
        return [demands[it] for it in claimants]

    def forget(self, span: tuple[int, int], reach: int) -> None:
        """Remove all entries that a change of an agent's time in a span may affect.

        Args:
            span: First changed minute and first minute beyond.
            reach: The widest buffer, in minutes.
        """
        first, last = span[0] - reach - DAY_MINUTES, span[1] + reach + DAY_MINUTES
        for day in range(first // DAY_MINUTES, last // DAY_MINUTES + 1):
            self._kept.pop(day, None)

    def _follow(self, now: datetime) -> None:
        known = self.agent_index.known_flags(now)
        if self._named > _MOST_NAMED or not np.array_equal(known, self._known):
            self._known, self._named = known, 0
            self._kept.clear()

    def _kind(self, claimant: Claimant) -> tuple[int, int, int]:
        """Return both buffers and the branch, by which appointments share work."""
        branch = claimant.group.branch_id
        place = branch.int if branch and self._records.is_place(branch) else 0
        return claimant.claim.before, claimant.claim.after, place

    def _find_alike(
        self, some: Sequence[Claimant], buffers: tuple[int, int], place: int
    ) -> dict[Claimant, Demand]:
        designated = self.agent_index.designated_flags
        groups = {it.group for it in some}
        agents = np.logical_or.reduce([designated(it) for it in groups])
        window = some[0].claim.start, max(it.claim.end for it in some)
        branch = UUID(int=place) if place else None
        working = self._records.working_gaps(np.flatnonzero(agents), window, branch)
        known = agents & self._known
        free = self._records.free(
            np.flatnonzero(known), working.of(known), window, buffers
        )
        theirs = {it: np.flatnonzero(designated(it)) for it in groups}
        return _demands(some, theirs, working, free)


def _demands(
    some: Sequence[Claimant], theirs: dict[Group, Minutes], working: Gaps, free: Gaps
) -> dict[Claimant, Demand]:
    agents = [theirs[it.group] for it in some]
    sizes = [it.size for it in agents]
    agent = np.concatenate(agents)
    start = np.array([it.claim.start for it in some]).repeat(sizes)
    end = np.array([it.claim.end for it in some]).repeat(sizes)
    ends = np.cumsum(sizes).tolist()
    able, takers = (it.have_room(agent, start, end) for it in (working, free))
    demands, first = dict[Claimant, Demand](), 0
    for it, last in zip(some, ends, strict=True):
        them = agent[first:last]
        demands[it] = Demand(
            it.claim,
            frozenset(them[able[first:last]].tolist()),
            frozenset(them[takers[first:last]].tolist()),
        )
        first = last
    return demands


def _near_each_other(some: Sequence[Claimant]) -> Iterator[Sequence[Claimant]]:
    """Yield runs of appointments, each at most a day after the one before."""
    starts = np.array([_start(it) for it in some])
    ends = [*(np.flatnonzero(np.diff(starts) > DAY_MINUTES) + 1).tolist(), len(some)]
    first = 0
    for last in ends:
        yield some[first:last]
        first = last


def _start(claimant: Claimant) -> int:
    return claimant.claim.start


def _day(claimant: Claimant) -> int:
    return claimant.claim.start // DAY_MINUTES
