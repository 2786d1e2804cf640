"""Number the active agents, so that arrays can hold a value for each of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Generic, Literal, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.slots.days import Agent
from invo_booking.domain.slots.supply import CalendarFreshness, Group
from invo_booking.domain.wall import EPOCH

Flags = NDArray[np.bool_]
"""One flag per agent, or per start."""

_Element = TypeVar("_Element", UUID, str)
_TICK = timedelta(microseconds=1)
_NEVER = np.iinfo(np.int64).min // 2
_ALWAYS = np.iinfo(np.int64).max // 2


class AgentIndex:
    """The active agents, numbered in the order of their ids.

    Attributes:
        members: Agents by index.
        indexes: Index of each agent by the agent's id as an integer.
        readings: By index, when each agent's outside calendar was last read; ``None``
            if no outside calendar counts.

    Args:
        members: The agents, in the order of their ids as integers.
        readings: When outside calendars were last read, by agent.
    """

    def __init__(
        self,
        members: Sequence[Agent],
        readings: Mapping[UUID, CalendarFreshness | None],
    ) -> None:
        self.members = members
        self.indexes = {it.id.int: index for index, it in enumerate(members)}
        self.readings: list[CalendarFreshness | None] = [None] * len(members)
        self._until = np.full(len(members), _ALWAYS)
        for agent_id, reading in readings.items():
            index = self.index(agent_id)
            if index is not None:
                self.set_freshness(index, reading)
        self._serving = _FlagsByElement([it.queues for it in members])
        self._speaking = _FlagsByElement([it.languages for it in members])
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
            self._designated[group] = self.designated_by_group([group])[0]
        return self._designated[group]

    def designated_by_group(self, groups: Sequence[Group]) -> Flags:
        """Return ``designated_flags`` of several groups, one row for each."""
        flags = self._serving.rows_of([it.queue_id.int for it in groups])
        flags &= self._speaking.rows_of([it.language for it in groups])
        visits = np.array([it.branch_id is not None for it in groups], np.bool_)
        branches = [it.branch_id.int for it in groups if it.branch_id is not None]
        if branches:
            flags[visits] &= self._working_at.rows_of(branches)
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
        self.readings[index] = reading
        self._until[index] = _until(reading)

    def readings_of(self, agents: Flags) -> dict[int, CalendarFreshness]:
        """Return the readings of flagged agents whose outside calendar counts."""
        readings = {it: self.readings[it] for it in np.flatnonzero(agents).tolist()}
        return {index: it for index, it in readings.items() if it}

    @cached_property
    def _working_at(self) -> "_FlagsByElement[UUID]":
        branches = [it.branches for it in self.members]
        everywhere = np.array([not it for it in branches], np.bool_)
        return _FlagsByElement(branches, everywhere)


class _FlagsByElement(Generic[_Element]):
    """A flag per element and set: whether the set contains the element.

    Args:
        sets: The sets; many are equal.
        otherwise: Flag per set: whether the set counts as one that contains everything.
    """

    def __init__(
        self,
        sets: Sequence[frozenset[_Element]],
        otherwise: Flags | Literal[False] = False,  # noqa: FBT002
    ) -> None:
        firsts: dict[frozenset[_Element], int] = {}
        first = list(map(firsts.setdefault, sets, count()))
        numbers: dict[_Element, int] = {}
        pairs = [
            (numbers.setdefault(element, len(numbers) + 1), place)
            for one, place in firsts.items()
            for element in one
        ]
        flags = np.zeros((len(numbers) + 1, len(sets)), np.bool_)
        flags[tuple(np.array(pairs, np.int64).reshape(-1, 2).T)] = True
        self._numbers = {_key(it): number for it, number in numbers.items()}
        self._flags: Flags = flags.take(first, axis=1) | otherwise

    def rows_of(self, keys: Sequence[int | str]) -> Flags:
        """Return the flags of several elements, by their keys, one row for each."""
        return self._flags[[self._numbers.get(it, 0) for it in keys]]


def _key(element: UUID | str) -> int | str:
    """Return a key for an element; integers are looked up faster than UUIDs."""
    return element.int if isinstance(element, UUID) else element


def _until(reading: CalendarFreshness | None) -> int:
    """Return the last instant at which a reading counts, in microseconds since 1970."""
    if reading is None:
        return _ALWAYS
    if reading.read_at is None:
        return _NEVER
    return (reading.read_at + reading.limit - EPOCH) // _TICK
