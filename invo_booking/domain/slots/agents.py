"""Number the active agents, so that arrays can hold a value for each of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.slots.supply import CalendarFreshness, Group, Member
from invo_booking.domain.wall import EPOCH

Flags = NDArray[np.bool_]
"""One flag per agent, or per start."""

_Key = TypeVar("_Key", int, str)
_Element = TypeVar("_Element", UUID, str)
_TICK = timedelta(microseconds=1)
_NEVER = np.iinfo(np.int64).min // 2
_ALWAYS = np.iinfo(np.int64).max // 2


class AgentIndex:
    """The active agents, numbered in the order of their ids.

    Attributes:
        members: Agents by index.
        indexes: Index of each agent by the agent's id as an integer.

    Args:
        members: The agents, in the order of their ids as integers.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = list(members)
        self.indexes = {it.id.int: index for index, it in enumerate(self.members)}
        self._until = np.array([_until(it.reading) for it in self.members], np.int64)
        self._everywhere = np.array([not it.branches for it in self.members], np.bool_)
        self._nobody = np.zeros(len(self), np.bool_)
        queues = _flags_by_element([it.queues for it in self.members])
        self._serving = {queue.int: flags for queue, flags in queues.items()}
        self._speaking = _flags_by_element([it.languages for it in self.members])
        branches = _flags_by_element([it.branches for it in self.members])
        self._working_at = {
            branch.int: flags | self._everywhere for branch, flags in branches.items()
        }
        self._designated: dict[Group, Flags] = {}
        self._first: dict[bytes, Group] = {}
        self._equal: dict[Group, Group] = {}

    def __len__(self) -> int:
        return len(self.members)

    def index(self, agent_id: UUID) -> int | None:
        """Return an agent's index; ``None`` if the agent is not in the index."""
        return self.indexes.get(agent_id.int)

    def designated_flags(self, group: Group) -> Flags:
        """Return a flag per agent: whether the agent is designated for the group.

        A visit needs an agent who works at the branch of the visit. Do not modify the
        array.
        """
        if group not in self._designated:
            flags = self._serving.get(group.queue_id.int, self._nobody)
            flags = flags & self._speaking.get(group.language, self._nobody)
            if group.branch_id is not None:
                branch = group.branch_id.int
                flags &= self._working_at.get(branch, self._everywhere)
            self._designated[group] = flags
        return self._designated[group]

    def designated_by_group(self, groups: Sequence[Group]) -> Flags:
        """Return ``designated_flags`` of several groups, one row for each."""
        queues = [it.queue_id.int for it in groups]
        flags = _rows_of(self._serving, queues, self._nobody)
        languages = [it.language for it in groups]
        flags &= _rows_of(self._speaking, languages, self._nobody)
        visits = np.array([it.branch_id is not None for it in groups], np.bool_)
        branches = [it.branch_id.int for it in groups if it.branch_id is not None]
        flags[visits] &= _rows_of(self._working_at, branches, self._everywhere)
        return flags

    def equal_group(self, group: Group) -> Group:
        """Return the group whose counts a group shares; both have the same agents.

        Of all groups with the same designated agents, the result is the first group for
        which this method was called. If all agents work at all branches, groups that
        differ only in the branch share their counts.
        """
        if group not in self._equal:
            key = self.designated_flags(group).tobytes()
            self._equal[group] = self._first.setdefault(key, group)
        return self._equal[group]

    def known_flags(self, now: datetime) -> Flags:
        """Return a flag per agent: whether the calendar was read recently enough.

        Also true for agents whose outside calendar does not count, or who have none.
        """
        return (now - EPOCH) // _TICK <= self._until

    def set_freshness(self, index: int, reading: CalendarFreshness | None) -> None:
        """Set when and how an agent's outside calendar was last read."""
        self.members[index] = self.members[index]._replace(reading=reading)
        self._until[index] = _until(reading)


def _flags_by_element(sets: Sequence[frozenset[_Element]]) -> dict[_Element, Flags]:
    """Return for each element a flag per set: whether the set contains the element."""
    numbers: dict[frozenset[_Element], int] = {}
    number = np.array([numbers.setdefault(it, len(numbers)) for it in sets], np.int64)
    having: dict[_Element, Flags] = {}
    for one, place in numbers.items():
        for element in one:
            if element not in having:
                having[element] = np.zeros(len(numbers), np.bool_)
            having[element][place] = True
    return {element: flags[number] for element, flags in having.items()}


def _rows_of(
    flags: Mapping[_Key, Flags], keys: Sequence[_Key], otherwise: Flags
) -> Flags:
    """Return a row for each key: its flags, or ``otherwise`` if there are none."""
    numbers = {key: number for number, key in enumerate(flags, 1)}
    table = np.array([otherwise, *flags.values()])
    return table[[numbers.get(key, 0) for key in keys]]


def _until(reading: CalendarFreshness | None) -> int:
    """Return the last instant at which a reading counts, in microseconds since 1970."""
    if reading is None:
        return _ALWAYS
    if reading.read_at is None:
        return _NEVER
    return (reading.read_at + reading.limit - EPOCH) // _TICK
