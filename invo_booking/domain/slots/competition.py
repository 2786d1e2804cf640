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
from invo_booking.domain.slots.waiting import Claimant, Line
from invo_booking.domain.wall import Minutes, Numbers, join_ranges

_Found = tuple[Claimant, Demand]
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

    def needing(self, agents: Flags) -> list[Group]:
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

    scarce: list[_Found]
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
        line = self._records.waitlist.line(*spans.bounds())
        crowds = self._crowds(line)
        none = np.zeros_like(spans.start)
        asked = Line([group], none, spans, [], none)
        has_room = self._have_room_beside(
            [it for one in crowds for it in one.scarce], asked
        )
        is_stuck = np.concatenate([_NOBODY, *(it.is_stuck for it in crowds)])
        if is_stuck.any():
            rivals, stuck = self._count_rivals(asked, line, is_stuck)
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

    def _crowds(self, line: Line) -> list[_Crowd]:
        """Return what is known about the crowds of a line, after finding the rest."""
        is_missing = np.array([it not in self._kept for it in line.crowds], np.bool_)
        if is_missing.any():
            part = line.at(is_missing[line.crowd])
            scarce, crowd_of_scarce, is_stuck = self._search(part)
            lists: dict[int, list[_Found]] = defaultdict(list)
            for crowd, found in zip(crowd_of_scarce, scarce, strict=True):
                lists[crowd].append(found)
            for crowd in np.flatnonzero(is_missing).tolist():
                stuck = is_stuck[part.crowd == crowd]
                self._kept[line.crowds[crowd]] = _Crowd(lists[crowd], stuck)
        return [self._kept[it] for it in line.crowds]

    def _search(self, line: Line) -> tuple[list[_Found], list[int], Flags]:
        """Return the scarce appointments, their crowds, and flags of stuck ones."""
        able = self._able_flags(line)
        takers, is_scarce = self._scarce_flags(line, able)
        found = self._find(line.at(is_scarce), able[:, is_scarce])
        is_stuck = able.any(axis=0) & (takers == 0)
        stuck = set(_queue(found, self._records.agent_index).stuck())
        is_stuck[is_scarce] |= np.array([it in stuck for it, _ in found], np.bool_)
        is_stuck = _connected_flags(line.spans, able, is_stuck)
        return found, line.crowd[is_scarce].tolist(), is_stuck

    def _have_room_beside(self, scarce: Sequence[_Found], asked: Line) -> Flags:
        queue = _queue(scarce, self._records.agent_index)
        has_room = np.ones(asked.group.shape, np.bool_)
        met = np.flatnonzero(overlap_counts(asked.spans, queue.spans))
        met_ones = asked.at(met)
        found = self._find(met_ones, self._able_flags(met_ones))
        has_room[met] = [queue.has_room(demand) for _, demand in found]
        return has_room

    def _count_rivals(
        self, asked: Line, line: Line, is_stuck: Flags
    ) -> tuple[Minutes, Minutes]:
        """Return for each appointment the numbers of its rivals and of stuck ones."""
        designated = self._records.agent_index.designated_flags(asked.groups[0])
        mine, theirs = (
            _packed(self._able_flags(it, designated)) for it in (asked, line)
        )
        one, other = colliding_pairs(asked.spans, line.spans)
        shares = (mine[one] & theirs[other]).any(axis=1)
        one, other = one[shares], other[shares]
        size = asked.group.size
        stuck = np.bincount(one[is_stuck[other]], minlength=size)
        return np.bincount(one, minlength=size), stuck

    def _scarce_flags(self, line: Line, able: Flags) -> tuple[Minutes, Flags]:
        """Return a number of agents who can take each appointment, and scarce flags.

        Most appointments are found not to be scarce after a look at few agents; their
        numbers are too low. Appointments that no agent can take are not scarce.
        """
        able = able & self._known[:, None]
        rank = able.cumsum(axis=0, dtype=np.uint16)
        takers, is_left = np.zeros_like(line.group), np.ones(line.group.shape, np.bool_)
        for some in (able & (rank <= _FEW), able & (rank > _FEW)):
            which, _ = self._takers(line, some & is_left)
            takers += np.bincount(which, minlength=takers.size)
            is_left &= (takers > 0) | (rank[-1] > _FEW)
            is_left[is_left] = _lack_plenty(line.spans.at(is_left), takers[is_left])
        return takers, is_left & (takers > 0)

    def _find(self, line: Line, able: Flags) -> list[_Found]:
        """Return the agents who can take each appointment."""
        which, agents = self._takers(line, able & self._known[:, None])
        order = which.argsort(kind="stable")
        ends = np.bincount(which, minlength=line.group.size).cumsum().tolist()
        takers, starts = agents[order].tolist(), [0, *ends]
        lists = (frozenset(takers[a:b]) for a, b in zip(starts, ends, strict=False))
        claimants = zip(line.claimants(), lists, strict=True)
        return [(it, Demand(it.claim, agents, agents)) for it, agents in claimants]

    def _takers(self, line: Line, able: Flags) -> tuple[Minutes, Minutes]:
        """Return each appointment with each able agent who is free for it.

        In the order of agents, which makes looking up their time several times faster.
        """
        agents, which = np.divmod(np.flatnonzero(able), line.group.size)
        can = self._records.are_free(line.spans.at(which).of_agents(agents))
        return which[can], agents[can]

    def _able_flags(self, line: Line, among: Flags | None = None) -> Flags:
        """Return for each agent and appointment whether the agent is on duty for it.

        Agents who are not designated for the appointment's group get false.

        Args:
            among: Flag per agent: whether to examine the agent; ``None`` for all.
        """
        agent_index = self._records.agent_index
        serving = agent_index.designated_by_group(line.groups)
        if among is not None:
            serving &= among
        order = line.group.argsort(kind="stable")
        sizes = np.bincount(line.group, minlength=len(line.groups))
        agents, group = np.nonzero(serving.T)
        first, count = (sizes.cumsum() - sizes)[group], sizes[group]
        which, agents = order[join_ranges(first, count)], agents.repeat(count)
        pairs = line.spans.at(which).of_agents(agents)
        places = [it.branch_id for it in line.groups]
        able = np.zeros((len(agent_index), line.group.size), np.bool_)
        able[agents, which] = self._records.are_on_duty(
            pairs, places, line.group[which]
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


def _queue(found: Sequence[_Found], agent_index: AgentIndex) -> WaitingQueue:
    return WaitingQueue([it for it, _ in found], FoundDemands(agent_index, dict(found)))


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


def _packed(able: Flags) -> NDArray[np.uint8]:
    """Return flags by agent and appointment as one row of bits per appointment."""
    return np.packbits(able, axis=0).T.copy()


def _connected_flags(spans: Spans, able: Flags, flags: Flags) -> Flags:
    """Return the flags, extended to all appointments that compete with flagged ones.

    Directly or through others, for agents who are able to serve both.
    """
    one, other = colliding_pairs(spans, spans)
    packed = _packed(able)
    shares = (packed[one] & packed[other]).any(axis=1)
    one, other = one[shares], other[shares]
    while True:
        more = flags.copy()
        more[other[flags[one]]] = True
        if np.array_equal(more, flags):
            return flags
        flags = more
