"""Find appointments that compete for agents; check whether others can be placed.

The module decides for many appointments at once whether each can be placed. The results
equal those of a ``WaitingQueue`` of all unassigned appointments. However, most
unassigned appointments have more possible agents than competing appointments, so they
always get an agent. Only the other unassigned appointments, called *scarce*, are
matched with agents.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise
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
from invo_booking.domain.wall import DAY_MINUTES, Minutes, Numbers, join_ranges

_Entry = tuple[Claimant, Demand]
_FEW = 32
"""Number of designated agents to examine first. For most appointments, no further
agents are examined."""
_PART = 14 * DAY_MINUTES
_Bits = NDArray[np.uint64]
_NOBODY: Flags = np.zeros(0, np.bool_)


class _Crowd(NamedTuple):
    """The results for the appointments of a crowd (see ``Waitlist``).

    Attributes:
        scarce: The scarce appointments.
        is_stuck: Flag per appointment: whether it gets no agent even if no appointment
            is added, or is linked to such an appointment (see ``connected_flags``).
    """

    scarce: list[_Entry]
    is_stuck: Flags


class RoomSearch:
    """Determines whether adding an appointment leaves an agent for each unassigned one.

    The results for each crowd are cached; see ``forget``.

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
        """Return for each appointment whether it alone can be added.

        Args:
            group: Queue and language of the appointments, and branch of visits.
            spans: Time of the appointments.
            free: Number of agents who can take each appointment, at least one.
            now: The current instant, to decide which calendars were read too long ago.
        """
        self._follow(now)
        waiting = self._records.waitlist.arrays_around(*spans.bounds())
        crowds = self._crowds(waiting)
        none = np.zeros_like(spans.start)
        candidates = ClaimantArrays([group], none, spans, [], none)
        is_stuck = np.concatenate([_NOBODY, *(it.is_stuck for it in crowds)])
        rivals, stuck = self._count_rivals(candidates, waiting, is_stuck)
        has_room = free > rivals
        doubtful = np.flatnonzero(~has_room & (stuck == 0))
        has_room[doubtful] = self._have_room_beside(
            [it for one in crowds for it in one.scarce], candidates.at(doubtful)
        )
        return has_room

    def preparation(self, span: tuple[int, int], now: datetime) -> Iterator[None]:
        """Compute the results for all crowds in a span, a part for each iteration."""
        for begin in range(*span, _PART):
            self._follow(now)
            low, high = np.array([[begin], [min(begin + _PART, span[1])]])
            self._crowds(self._records.waitlist.arrays_around(low, high))
            yield

    def forget(self, span: tuple[int, int]) -> None:
        """Discard the cached results that a change in a span of minutes may affect."""
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
        """Return the results for some crowds; missing results are computed first."""
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
        """Return scarce appointments, their crowds, and flags of stuck appointments.

        If an appointment with few designated agents is stuck, its rivals are flagged
        without being examined.
        """
        examined = _Examination(self._records, self._known, waiting)
        everything = np.ones(waiting.group.shape, np.bool_)
        is_stuck = examined.connected_flags(examined.unserved_flags(everything))
        is_scarce = examined.scarce_flags(~is_stuck)
        entries = examined.entries(is_scarce)
        stuck = set(_queue(entries, self._records.agent_index).stuck())
        is_more = examined.unserved_flags(~is_stuck)
        is_more[is_scarce] = [it in stuck for it, _ in entries]
        is_stuck |= examined.connected_flags(is_more)
        return entries, waiting.crowd[is_scarce].tolist(), is_stuck

    def _have_room_beside(
        self, scarce: Sequence[_Entry], candidates: ClaimantArrays
    ) -> Flags:
        queue = _queue(scarce, self._records.agent_index)
        has_room = np.ones(candidates.group.shape, np.bool_)
        met = np.flatnonzero(overlap_counts(candidates.spans, queue.spans))
        some = candidates.at(met)
        examined = _Examination(self._records, self._known, some)
        entries = examined.entries(np.ones(met.shape, np.bool_))
        has_room[met] = [queue.has_room(demand) for _, demand in entries]
        return has_room

    def _count_rivals(
        self, candidates: ClaimantArrays, waiting: ClaimantArrays, is_stuck: Flags
    ) -> tuple[Minutes, Minutes]:
        """Return for each appointment the numbers of its rivals and stuck rivals."""
        designated = self._records.agent_index.designated_flags(candidates.groups[0])
        mine, theirs = (self._able_bits(it, designated) for it in (candidates, waiting))
        one, other = colliding_pairs(candidates.spans, waiting.spans)
        shares = _share_bits(mine[one], theirs[other])
        one, other = one[shares], other[shares]
        size = candidates.group.size
        stuck = np.bincount(one[is_stuck[other]], minlength=size)
        return np.bincount(one, minlength=size), stuck

    def _able_bits(self, waiting: ClaimantArrays, among: Flags) -> _Bits:
        """Return for each appointment, as bits, which of ``among`` can serve it."""
        serving = self._records.agent_index.designated_by_group(waiting.groups) & among
        pairs = _flagged_pairs(serving)
        which, agents = _pairs_on_duty(self._records, waiting, *pairs)
        able = np.zeros((waiting.group.size, int(among.sum())), np.bool_)
        able[which, among.cumsum()[agents] - 1] = True
        return _pack_bits(able)


class _Examination:
    """The agents who can take some appointments, looked up when they are needed.

    A few designated agents of each appointment are looked up first.

    Args:
        records: Agents and their time.
        known: Flag per agent: the calendar was read recently enough.
        waiting: The appointments.
    """

    def __init__(self, records: Records, known: Flags, waiting: ClaimantArrays) -> None:
        self._records = records
        self._known = known
        self._waiting = waiting
        self._serving = records.agent_index.designated_by_group(waiting.groups)
        group, agent = _flagged_pairs(self._serving)
        is_first = self._serving.cumsum(axis=1, dtype=np.uint16)[group, agent] <= _FEW
        self._later = group[~is_first], agent[~is_first]
        is_large = np.bincount(self._later[0], minlength=len(waiting.groups)) > 0
        self._is_partial = is_large[waiting.group]
        self._able = np.zeros((waiting.group.size, known.size), np.bool_)
        self._seen = np.zeros_like(self._able)
        self._free = np.zeros_like(self._able)
        self._takers = np.zeros(waiting.group.size, np.int64)
        everybody = np.arange(waiting.group.size)
        self._find_able(everybody, group[is_first], agent[is_first])

    def unserved_flags(self, among: Flags) -> Flags:
        """Return flags of appointments for which no agent on duty has time.

        An appointment is flagged only if all its agents have been looked up.
        """
        flags = among & ~self._is_partial & self._able.any(axis=1)
        self._find_free(flags)
        return flags & (self._takers == 0)

    def scarce_flags(self, among: Flags) -> Flags:
        """Return flags of appointments that must be matched with agents.

        For most appointments, a few agents suffice to show that the appointment is not
        scarce. Appointments that no agent can take are not scarce.

        Args:
            among: Flags of the appointments to examine. They must not compete with
                appointments that are not flagged.
        """
        self._find_free(among)
        is_left = self._lack_plenty(among)
        self._complete(is_left)
        self._find_free(is_left)
        return self._lack_plenty(is_left)

    def entries(self, flags: Flags) -> list[_Entry]:
        """Return flagged appointments with the agents who can take them."""
        self._complete(flags)
        self._find_free(flags)
        takers = np.nonzero(self._free[flags])[1].tolist()
        ends = self._takers[flags].cumsum().tolist()
        lists = (frozenset(takers[a:b]) for a, b in pairwise((0, *ends)))
        claimants = zip(self._waiting.at(flags).claimants(), lists, strict=True)
        return [(it, Demand(it.claim, agents, agents)) for it, agents in claimants]

    def connected_flags(self, flags: Flags) -> Flags:
        """Return the flags, extended to all appointments linked to flagged ones.

        Two colliding appointments are linked if an agent is on duty for both.
        Appointments are also linked through further appointments.
        """
        if not flags.any():
            return flags
        one, other = self._rivals
        while True:
            able = _pack_bits(self._able)
            shares = _share_bits(able[one], able[other])
            flags = _spread_flags(flags, one[shares], other[shares])
            is_open = flags[one] & ~flags[other]
            is_open &= self._is_partial[one] | self._is_partial[other]
            if not is_open.any():
                return flags
            doubtful = np.zeros(flags.shape, np.bool_)
            doubtful[one[is_open]] = doubtful[other[is_open]] = True
            self._complete(doubtful)

    @cached_property
    def _rivals(self) -> tuple[Minutes, Minutes]:
        """All pairs of appointments that collide and share a designated agent."""
        spans, group = self._waiting.spans, self._waiting.group
        one, other = colliding_pairs(spans, spans)
        serving = _pack_bits(self._serving)
        shares = _share_bits(serving[group[one]], serving[group[other]])
        return one[shares], other[shares]

    def _lack_plenty(self, flags: Flags) -> Flags:
        flags = flags & ((self._takers > 0) | self._is_partial)
        flags[flags] = _lack_plenty(self._waiting.spans.at(flags), self._takers[flags])
        return flags

    def _complete(self, flags: Flags) -> None:
        """Find all agents on duty for the flagged appointments."""
        which = np.flatnonzero(flags & self._is_partial)
        if which.size:
            self._is_partial[which] = False
            self._find_able(which, *self._later)

    def _find_able(self, which: Minutes, group: Minutes, agent: Minutes) -> None:
        part = self._waiting.at(which)
        place, agents = _pairs_on_duty(self._records, part, group, agent)
        self._able[which[place], agents] = True

    def _find_free(self, flags: Flags) -> None:
        """Find which agents on duty have time for the flagged appointments."""
        which = np.flatnonzero(flags)
        pairs = self._able[which] & self._known & ~self._seen[which]
        self._seen[which] |= pairs
        place, agents = _flagged_pairs(pairs)
        place = which[place]
        can = self._records.are_free(self._waiting.spans.at(place).of_agents(agents))
        self._free[place[can], agents[can]] = True
        self._takers += np.bincount(place[can], minlength=self._takers.size)


class FoundDemands:
    """A ``DemandSource`` of possible agents that are already known.

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
    """Return flags of appointments that may get no agent if an appointment is added.

    An appointment that has more agents than competitors, the added appointment
    included, always gets an agent. Such appointments are removed step by step, and then
    no longer count as competitors.

    Args:
        spans: Time of the appointments.
        takers: Number of agents who can take each appointment, or a lower bound.
    """
    left = np.arange(takers.size)
    while True:
        some = spans.at(left)
        is_scarce = takers[left] <= overlap_counts(some, some)  # self: the one added
        if is_scarce.all():
            break
        left = left[is_scarce]
    flags = np.zeros(takers.shape, np.bool_)
    flags[left] = True
    return flags


def _pairs_on_duty(
    records: Records, waiting: ClaimantArrays, group: Minutes, agent: Minutes
) -> tuple[Minutes, Minutes]:
    """Return all pairs of an appointment and an agent who is on duty for it.

    Args:
        records: Agents and their time.
        waiting: The appointments.
        group: Indexes of groups.
        agent: For each element of ``group``, an agent to examine for the group's
            appointments.
    """
    order = waiting.group.argsort(kind="stable")
    sizes = np.bincount(waiting.group, minlength=len(waiting.groups))
    first, count = (sizes.cumsum() - sizes)[group], sizes[group]
    which, agents = order[join_ranges(first, count)], agent.repeat(count)
    spans = waiting.spans.at(which).of_agents(agents)
    places = [it.branch_id for it in waiting.groups]
    able = records.are_on_duty(spans, places, waiting.group[which])
    return which[able], agents[able]


def _flagged_pairs(flags: Flags) -> tuple[Minutes, Minutes]:
    """Return the row and column of each flag that is set, in the order of columns.

    The columns are agents, whose time is looked up much faster in this order.
    """
    row, column = np.divmod(np.flatnonzero(flags), max(flags.shape[1], 1))
    order = column.astype(np.uint16).argsort(kind="stable")
    return row[order], column[order]


def _pack_bits(flags: Flags) -> _Bits:
    """Return rows of flags as rows of bits."""
    rows, columns = flags.shape
    padded = np.zeros((rows, -(-max(columns, 1) // 64) * 64), np.bool_)
    padded[:, :columns] = flags
    return np.packbits(padded, axis=1).view(np.uint64)


def _share_bits(one: _Bits, other: _Bits) -> Flags:
    """Return for each pair of rows whether a bit is set in both."""
    return np.logical_or.reduce((one & other) != 0, axis=1)


def _spread_flags(flags: Flags, one: Minutes, other: Minutes) -> Flags:
    """Return the flags, spread along the pairs, always from ``one`` to ``other``."""
    while True:
        more = flags.copy()
        more[other[flags[one]]] = True
        if np.array_equal(more, flags):
            return flags
        flags = more
