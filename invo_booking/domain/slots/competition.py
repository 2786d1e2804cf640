"""Decide who competes for agents, and whether there is room for a further appointment.

Whether there is room is decided for many appointments at once. The results are those of
a ``WaitingQueue`` of all unassigned appointments. However, most unassigned appointments
have more possible agents than appointments in their way, so that they always get one.
Only the others, the *scarce* ones, are matched.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.slots.agents import AgentIndex, Flags
from invo_booking.domain.slots.data import Records
from invo_booking.domain.slots.demand import WaitingQueue
from invo_booking.domain.slots.matching import Demand
from invo_booking.domain.slots.schedules import Spans, colliding_pairs, overlap_counts
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.slots.waiting import Claimant, ClaimantArrays
from invo_booking.domain.wall import Minutes, Numbers, join_ranges

_Entry = tuple[Claimant, Demand]
_MOST_KEPT = 1024
_FEW = 16
"""Agents on duty who are examined first. Most appointments have enough of them."""
_NOBODY: Flags = np.zeros(0, np.bool_)


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
        self._waits: list[Group] = []
        self._designated: Flags = np.zeros((0, len(records.agent_index)), np.bool_)
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

    def groups_of(self, agents: Flags) -> list[Group]:
        """Return the groups with unassigned appointments that an agent may serve."""
        self._follow_waitlist()
        return self._groups(np.flatnonzero(self._designated[:, agents].any(axis=1)))

    def _follow_waitlist(self) -> None:
        """Clear the cache if other groups than before have unassigned appointments."""
        waitlist = self._records.waitlist
        if self._seen == waitlist.changes:
            return
        self._seen, waits = waitlist.changes, waitlist.groups()
        if waits != self._waits:
            self._waits = waits
            self._designated = self._records.agent_index.designated_by_group(waits)
            self._kept.clear()

    def _find(self, agents: Flags) -> Linked:
        reach, near = agents, np.zeros(0, np.int64)
        while True:
            nearer = np.flatnonzero(self._designated[:, reach].any(axis=1))
            if np.array_equal(nearer, near):
                return Linked(reach, frozenset(self._groups(near)))
            near = nearer
            reach = agents | self._designated[near].any(axis=0)

    def _groups(self, indexes: Minutes) -> list[Group]:
        return [self._waits[index] for index in indexes.tolist()]


class _Crowd(NamedTuple):
    """What was found about the appointments of a crowd (see ``Waitlist``).

    Attributes:
        scarce: The scarce appointments.
        is_stuck: Flag per appointment: it, or another with which it competes directly
            or through others, gets no agent even without a further appointment.
    """

    scarce: list[_Entry]
    is_stuck: Flags


class RoomSearch:
    """Finds whether appointments can be placed beside the unassigned ones.

    What is found about a crowd is kept until ``forget`` is called.

    Args:
        records: Agents, their time and the unassigned appointments.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known = np.zeros(0, np.bool_)
        self._kept: dict[tuple[int, int], _Crowd] = {}

    def have_room(
        self, group: Group, spans: Spans, free: Numbers, now: datetime
    ) -> Flags:
        """Return for each of some appointments whether there is room for it alone.

        Args:
            group: Queue and language of the appointments, and branch of visits.
            spans: Time of the appointments.
            free: Number of agents who can take each of them, at least one.
            now: The current instant, to decide which calendars were read too long ago.
        """
        self._follow(now)
        waiting = self._records.waitlist.arrays_around(*spans.bounds())
        crowds = self._crowds(waiting)
        none = np.zeros_like(spans.start)
        candidates = ClaimantArrays([group], none, spans, [], none)
        has_room = self._have_room_beside(
            [it for one in crowds for it in one.scarce], candidates
        )
        is_stuck = np.concatenate([_NOBODY, *(it.is_stuck for it in crowds)])
        if is_stuck.any():
            rivals, stuck = self._count_rivals(candidates, waiting, is_stuck)
            has_room &= (stuck == 0) | (free > rivals)
        return has_room

    def forget(self, span: tuple[int, int]) -> None:
        """Forget what a change in a span of minutes may affect."""
        widest = self._records.widest_buffer
        first, last = span[0] - widest, span[1] + widest
        for low, high in [it for it in self._kept if it[0] < last and first < it[1]]:
            del self._kept[low, high]

    def _follow(self, now: datetime) -> None:
        known = self._records.agent_index.known_flags(now)
        if not np.array_equal(known, self._known):
            self._known = known
            self._kept.clear()

    def _crowds(self, waiting: ClaimantArrays) -> list[_Crowd]:
        """Return what is known about some crowds, after finding the rest."""
        is_missing = np.array([it not in self._kept for it in waiting.crowds], np.bool_)
        if is_missing.any():
            part = waiting.at(is_missing[waiting.crowd])
            scarce, crowd_of_scarce, is_stuck = self._search(part)
            lists: dict[int, list[_Entry]] = defaultdict(list)
            for crowd, entry in zip(crowd_of_scarce, scarce, strict=True):
                lists[crowd].append(entry)
            for crowd in np.flatnonzero(is_missing).tolist():
                stuck = is_stuck[part.crowd == crowd]
                self._kept[waiting.crowds[crowd]] = _Crowd(lists[crowd], stuck)
        return [self._kept[it] for it in waiting.crowds]

    def _search(self, waiting: ClaimantArrays) -> tuple[list[_Entry], list[int], Flags]:
        """Return the scarce appointments, their crowds, and flags of stuck ones."""
        able = self._able_flags(waiting)
        takers, is_scarce = self._scarce_flags(waiting, able)
        entries = self._find(waiting.at(is_scarce), able[:, is_scarce])
        is_stuck = able.any(axis=0) & (takers == 0)
        stuck = set(_queue(entries, self._records.agent_index).stuck())
        is_stuck[is_scarce] |= np.array([it in stuck for it, _ in entries], np.bool_)
        is_stuck = _connected_flags(waiting.spans, able, is_stuck)
        return entries, waiting.crowd[is_scarce].tolist(), is_stuck

    def _have_room_beside(
        self, scarce: Sequence[_Entry], candidates: ClaimantArrays
    ) -> Flags:
        queue = _queue(scarce, self._records.agent_index)
        has_room = np.ones(candidates.group.shape, np.bool_)
        met = np.flatnonzero(overlap_counts(candidates.spans, queue.spans))
        some = candidates.at(met)
        entries = self._find(some, self._able_flags(some))
        has_room[met] = [queue.has_room(demand) for _, demand in entries]
        return has_room

    def _count_rivals(
        self, candidates: ClaimantArrays, waiting: ClaimantArrays, is_stuck: Flags
    ) -> tuple[Minutes, Minutes]:
        """Return for each appointment the numbers of its rivals and of stuck ones."""
        designated = self._records.agent_index.designated_flags(candidates.groups[0])
        mine, theirs = (
            _bits(self._able_flags(it, designated)) for it in (candidates, waiting)
        )
        one, other = colliding_pairs(candidates.spans, waiting.spans)
        shares = (mine[one] & theirs[other]).any(axis=1)
        one, other = one[shares], other[shares]
        size = candidates.group.size
        stuck = np.bincount(one[is_stuck[other]], minlength=size)
        return np.bincount(one, minlength=size), stuck

    def _scarce_flags(
        self, waiting: ClaimantArrays, able: Flags
    ) -> tuple[Minutes, Flags]:
        """Return a number of agents who can take each appointment, and scarce flags.

        Most appointments are found not to be scarce after a look at few agents; their
        numbers are too low. Appointments that no agent can take are not scarce.
        """
        able = able & self._known[:, None]
        rank = able.cumsum(axis=0, dtype=np.uint16)
        takers, is_left = (
            np.zeros_like(waiting.group),
            np.ones(waiting.group.shape, np.bool_),
        )
        for some in (able & (rank <= _FEW), able & (rank > _FEW)):
            which, _ = self._takers(waiting, some & is_left)
            takers += np.bincount(which, minlength=takers.size)
            is_left &= (takers > 0) | (rank[-1] > _FEW)
            is_left[is_left] = _lack_plenty(waiting.spans.at(is_left), takers[is_left])
        return takers, is_left & (takers > 0)

    def _find(self, waiting: ClaimantArrays, able: Flags) -> list[_Entry]:
        """Return the agents who can take each appointment."""
        which, agents = self._takers(waiting, able & self._known[:, None])
        order = which.argsort(kind="stable")
        ends = np.bincount(which, minlength=waiting.group.size).cumsum().tolist()
        takers, starts = agents[order].tolist(), [0, *ends]
        lists = (frozenset(takers[a:b]) for a, b in zip(starts, ends, strict=False))
        claimants = zip(waiting.claimants(), lists, strict=True)
        return [(it, Demand(it.claim, agents, agents)) for it, agents in claimants]

    def _takers(self, waiting: ClaimantArrays, able: Flags) -> tuple[Minutes, Minutes]:
        """Return each appointment with each able agent who is free for it.

        In the order of agents, which makes looking up their time several times faster.
        """
        agents, which = np.divmod(np.flatnonzero(able), waiting.group.size)
        can = self._records.are_free(waiting.spans.at(which).of_agents(agents))
        return which[can], agents[can]

    def _able_flags(self, waiting: ClaimantArrays, among: Flags | None = None) -> Flags:
        """Return for each agent and appointment whether the agent is on duty for it.

        Agents who are not designated for the appointment's group get false.

        Args:
            among: Flag per agent: whether to examine the agent; ``None`` for all.
        """
        agent_index = self._records.agent_index
        serving = agent_index.designated_by_group(waiting.groups)
        if among is not None:
            serving &= among
        order = waiting.group.argsort(kind="stable")
        sizes = np.bincount(waiting.group, minlength=len(waiting.groups))
        agents, group = np.nonzero(serving.T)
        first, count = (sizes.cumsum() - sizes)[group], sizes[group]
        which, agents = order[join_ranges(first, count)], agents.repeat(count)
        pairs = waiting.spans.at(which).of_agents(agents)
        places = [it.branch_id for it in waiting.groups]
        able = np.zeros((len(agent_index), waiting.group.size), np.bool_)
        able[agents, which] = self._records.are_on_duty(
            pairs, places, waiting.group[which]
        )
        return able


class FoundDemands:
    """The possible agents of unassigned appointments, found before.

    Args:
        agent_index: The agents by index.
        demands: The possible agents by appointment.
    """

    def __init__(
        self, agent_index: AgentIndex, demands: Mapping[Claimant, Demand]
    ) -> None:
        self.agent_index = agent_index
        self._demands = demands

    def of(self, claimant: Claimant) -> Demand:
        """Return the possible agents of an appointment."""
        return self._demands[claimant]


def _queue(entries: Sequence[_Entry], agent_index: AgentIndex) -> WaitingQueue:
    return WaitingQueue(
        [it for it, _ in entries], FoundDemands(agent_index, dict(entries))
    )


def _lack_plenty(spans: Spans, takers: Minutes) -> Flags:
    """Return flags of appointments that may get no agent beside one more appointment.

    Others have more agents than appointments in their way, even with one more. They are
    left out one after the other, and are then in nobody's way.

    Args:
        spans: Time of the appointments.
        takers: Number of agents who can take each appointment, or fewer.
    """
    left = np.arange(takers.size)
    while True:
        some = spans.at(left)
        is_scarce = takers[left] <= overlap_counts(some, some)  # itself: the one more
        if is_scarce.all():
            break
        left = left[is_scarce]
    flags = np.zeros(takers.shape, np.bool_)
    flags[left] = True
    return flags


def _bits(able: Flags) -> NDArray[np.uint8]:
    """Return flags by agent and appointment as one row of bits per appointment."""
    return np.packbits(able, axis=0).T.copy()


def _connected_flags(spans: Spans, able: Flags, flags: Flags) -> Flags:
    """Return the flags, extended to all appointments that compete with flagged ones.

    Directly or through others, for agents who are able to serve both.
    """
    one, other = colliding_pairs(spans, spans)
    packed = _bits(able)
    shares = (packed[one] & packed[other]).any(axis=1)
    one, other = one[shares], other[shares]
    while True:
        more = flags.copy()
        more[other[flags[one]]] = True
        if np.array_equal(more, flags):
            return flags
        flags = more
