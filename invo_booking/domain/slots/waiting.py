"""Hold the unassigned appointments in arrays, and find which of them may compete."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np

from invo_booking.domain.slots.agents import AgentIndex, Flags
from invo_booking.domain.slots.days import (
    AFTER,
    BEFORE,
    END,
    NOTHING,
    START,
    AgentBusy,
    AgentDay,
    AppointmentKey,
    Rows,
)
from invo_booking.domain.slots.matching import Claim
from invo_booking.domain.slots.schedules import Spans
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.wall import Minutes

_MOST_KEPT = 128
_MOST_LINKS = 1024

_Stack = tuple[list[Group], Minutes, Rows]
"""Groups with unassigned appointments, the index of each row's group, and the rows."""


class Claimant(NamedTuple):
    """A live appointment without an agent, for which one agent must stay free."""

    claim: Claim
    group: Group

    @classmethod
    def of(cls, claimed: AppointmentKey) -> Self:
        """Return an appointment as if it were unassigned."""
        group = claimed.group
        return cls(Claim(*claimed.minutes), group)


class ClaimantArrays(NamedTuple):
    """Appointments without an agent, as arrays with one value per appointment.

    Attributes:
        groups: The groups of the appointments.
        group: Index of each appointment's group.
        spans: Time of the appointments.
        crowds: First minute and first minute beyond of each crowd, see ``Waitlist``.
        crowd: Index of each appointment's crowd.
    """

    groups: Sequence[Group]
    group: Minutes
    spans: Spans
    crowds: Sequence[tuple[int, int]]
    crowd: Minutes

    def at(self, flags: Flags | Minutes) -> "ClaimantArrays":
        """Return the appointments that flags or indexes select."""
        group, spans, crowd = self.group[flags], self.spans.at(flags), self.crowd[flags]
        return self._replace(group=group, spans=spans, crowd=crowd)

    def claimants(self) -> list[Claimant]:
        """Return an object for each appointment."""
        spans, group = self.spans, self.group.tolist()
        columns = (spans.start, spans.end, spans.before, spans.after)
        rows = zip(*(it.tolist() for it in columns), strict=True)
        return [
            Claimant(Claim(*row), self.groups[number])
            for row, number in zip(rows, group, strict=True)
        ]


def find_claimant(
    waiting: Sequence[Claimant], claimed: AppointmentKey | None
) -> Claimant | None:
    """Return the appointment with a key; ``None`` if ``waiting`` does not have it."""
    if claimed is None or claimed.agent_id is not None:
        return None
    claimant = Claimant.of(claimed)
    return claimant if claimant in waiting else None


class Waitlist:
    """The unassigned appointments, by group.

    Appointments that overlap directly or through others, buffers included, form a
    *crowd*. Appointments in different crowds never compete for an agent.

    Attributes:
        changes: Number of changes so far.
    """

    def __init__(self) -> None:
        self.changes = 0
        self._rows: dict[Group, Rows] = {}
        self._crowds: dict[frozenset[Group], _Crowds] = {}
        self._whole: _Crowds | None = None
        self._stacked: _Stack | None = None

    def load(self, agent_days: Iterable[AgentBusy | AgentDay]) -> None:
        """Add the rows of queues; each group and day occurs at most once."""
        for it in agent_days:
            group = it.group
            earlier = self._rows.setdefault(group, it.spans)
            if earlier is not it.spans:
                self._rows[group] = np.concatenate((earlier, it.spans))
        self._invalidate()

    def replace(self, group: Group, first: int, last: int, rows: Rows) -> None:
        """Replace a group's rows that start in ``[first, last)``."""
        before = self._rows.get(group, NOTHING)
        gone = (first <= before[:, START]) & (before[:, START] < last)
        self._rows[group] = np.concatenate((before[~gone], rows))
        self._invalidate()

    def rows_between(self, group: Group, first: int, last: int) -> Rows:
        """Return a group's rows that start in ``[first, last)``."""
        rows = self._rows.get(group, NOTHING)
        return rows[(first <= rows[:, START]) & (rows[:, START] < last)]

    @property
    def rows(self) -> Rows:
        """The rows of all groups."""
        return self._stack()[2]

    def groups(self) -> list[Group]:
        """Return the groups with unassigned appointments."""
        return self._stack()[0]

    def of(self, groups: Flags) -> Spans:
        """Return the spans of the unassigned appointments of flagged ``groups()``."""
        _, owner, rows = self._stack()
        start, end, before, after, _ = rows[groups[owner]].T.astype(np.int64)
        return Spans(np.arange(len(start)), start, end, before, after)

    def around(
        self, low: Minutes, high: Minutes, groups: frozenset[Group]
    ) -> list[Claimant]:
        """Return the appointments of every crowd that overlaps one of the spans.

        Args:
            low: First minutes of the spans, buffers included.
            high: First minutes beyond the spans, buffers included.
            groups: Groups whose appointments form crowds; other groups are ignored.
        """
        return self._crowds_of(groups).around(low, high).claimants()

    def arrays_around(self, low: Minutes, high: Minutes) -> ClaimantArrays:
        """Return the appointments of every crowd of all groups, like ``around``."""
        return self._every_crowd().around(low, high)

    def hull(self, first: int, last: int) -> tuple[int, int]:
        """Return a span, extended to contain every crowd it overlaps."""
        return self._every_crowd().hull(first, last)

    def _every_crowd(self) -> "_Crowds":
        self._whole = self._whole or _Crowds(*self._stack())
        return self._whole

    def _stack(self) -> _Stack:
        self._stacked = self._stacked or _stack(self._rows)
        return self._stacked

    def _crowds_of(self, groups: frozenset[Group]) -> "_Crowds":
        if groups not in self._crowds:
            if len(self._crowds) == _MOST_KEPT:
                self._crowds.clear()
            rows = {it: rows for it, rows in self._rows.items() if it in groups}
            self._crowds[groups] = _Crowds(*_stack(rows))
        return self._crowds[groups]

    def _invalidate(self) -> None:
        self.changes += 1
        self._crowds, self._whole, self._stacked = {}, None, None


class Linked(NamedTuple):
    """Groups that compete for the same agents, directly or through other groups.

    Attributes:
        agents: Flag per agent: whether the agent was passed to ``GroupLinks.of``, or is
            designated for one of ``groups``.
        groups: Groups with unassigned appointments. Unassigned appointments of other
            groups cannot affect the agents.
    """

    agents: Flags
    groups: frozenset[Group]


class GroupLinks:
    """A cache of groups that compete for the same agents.

    The cache is cleared when a group gets its first unassigned appointment, or has none
    left.

    Args:
        agent_index: The agents by index.
        waitlist: The unassigned appointments.
    """

    def __init__(self, agent_index: AgentIndex, waitlist: Waitlist) -> None:
        self._agent_index = agent_index
        self._waitlist = waitlist
        self._waits: list[Group] = []
        self._designated: Flags = np.zeros((0, len(agent_index)), np.bool_)
        self._seen = -1
        self._kept: dict[bytes, Linked] = {}

    def of(self, agents: Flags) -> Linked:
        """Return the groups that compete for some agents; do not modify the flags."""
        self._follow_waitlist()
        if len(self._kept) == _MOST_LINKS:
            self._kept.clear()
        key = agents.tobytes()
        if key not in self._kept:
            self._kept[key] = self._find(agents)
        return self._kept[key]

    def flags_of(self, agents: Flags) -> Flags:
        """Return flags of the groups of the waitlist that a flagged agent may serve."""
        self._follow_waitlist()
        return np.logical_or.reduce(self._designated[:, agents], axis=1)

    def _follow_waitlist(self) -> None:
        """Clear the cache if the groups with unassigned appointments have changed."""
        if self._seen == self._waitlist.changes:
            return
        self._seen, waits = self._waitlist.changes, self._waitlist.groups()
        if waits != self._waits:
            self._waits = waits
            self._designated = self._agent_index.designated_by_group(waits)
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


def _stack(rows: Mapping[Group, Rows]) -> _Stack:
    groups = [group for group, theirs in rows.items() if len(theirs)]
    sizes = [len(theirs) for theirs in rows.values() if len(theirs)]
    owner = np.arange(len(groups)).repeat(sizes)
    return groups, owner, np.concatenate([NOTHING, *rows.values()])


class _Crowds:
    def __init__(self, groups: list[Group], owner: Minutes, every: Rows) -> None:
        self._groups = groups
        low, high = every[:, START] - every[:, BEFORE], every[:, END] + every[:, AFTER]
        order = np.argsort(low, kind="stable")
        self._owner, self._rows = owner[order], every[order]
        low, reach = low[order], np.maximum.accumulate(high[order])
        apart = low[1:] >= reach[:-1]
        one = np.ones(min(len(low), 1), np.bool_)
        first = np.concatenate((one, apart))
        self._number = np.cumsum(first) - 1
        self._low, self._high = low[first], reach[np.concatenate((apart, one))]

    def around(self, low: Minutes, high: Minutes) -> ClaimantArrays:
        begin, end = self.crowd_range(low, high)
        met = begin < end
        size = self._low.size
        change = np.bincount(begin[met], minlength=size + 1) - np.bincount(
            end[met], minlength=size + 1
        )
        crowds = np.cumsum(change)[:size] > 0
        near = crowds[self._number]
        present, group = np.unique(self._owner[near], return_inverse=True)
        start, end, before, after, _ = self._rows[near].T.astype(np.int64)
        return ClaimantArrays(
            [self._groups[it] for it in present.tolist()],
            group,
            Spans(group, start, end, before, after),
            [
                *zip(
                    self._low[crowds].tolist(), self._high[crowds].tolist(), strict=True
                )
            ],
            (np.cumsum(crowds) - 1)[self._number[near]],
        )

    def crowd_range(self, low: Minutes, high: Minutes) -> tuple[Minutes, Minutes]:
        begin = self._high.searchsorted(low, side="right")
        return begin, self._low.searchsorted(high)

    def hull(self, first: int, last: int) -> tuple[int, int]:
        begin = int(self._high.searchsorted(first, side="right"))
        end = int(self._low.searchsorted(last))
        if begin >= end:
            return first, last
        return (
            min(first, int(self._low[begin])),
            max(last, int(self._high[end - 1])),
        )
