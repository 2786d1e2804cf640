"""Index the active agents and answer questions about all of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.slots.supply import CalendarFreshness, Group, Member
from invo_booking.domain.wall import EPOCH

Flags = NDArray[np.bool_]
"""One flag per agent, or per start."""

_TICK = timedelta(microseconds=1)
_NEVER = np.iinfo(np.int64).min // 2
_ALWAYS = np.iinfo(np.int64).max // 2


class AgentIndex:
    """Agents by index, in the order of their ids.

    Attributes:
        members: Agents by index.
        indexes: Index by the integer of the agent's id.
    """

    def __init__(self, members: Iterable[Member]) -> None:
        self.members = sorted(members, key=lambda member: member.id.int)
        self.indexes = {it.id.int: index for index, it in enumerate(self.members)}
        self._until = np.array([_until(it.reading) for it in self.members], np.int64)
        self._serving: dict[int, list[int]] = {}
        self._speaking: dict[str, list[int]] = {}
        for index, it in enumerate(self.members):
            for queue in it.queues:
                self._serving.setdefault(queue.int, []).append(index)
            for language in it.languages:
                self._speaking.setdefault(language, []).append(index)
        self._designated: dict[Group, Flags] = {}

    def __len__(self) -> int:
        return len(self.members)

    def index(self, agent_id: UUID) -> int | None:
        """Return an agent's index; ``None`` if the agent is not in the index."""
        return self.indexes.get(agent_id.int)

    def designated_flags(self, group: Group) -> Flags:
        """Return which agents serve the group; do not modify the array."""
        if group not in self._designated:
            flags = np.zeros(len(self), np.bool_)
            flags[self._serving.get(group.queue_id.int, [])] = True
            speaks = np.zeros(len(self), np.bool_)
            speaks[self._speaking.get(group.language, [])] = True
            self._designated[group] = flags & speaks
        return self._designated[group]

    def known_flags(self, now: datetime) -> Flags:
        """Return which agents' calendars were read recently enough."""
        return (now - EPOCH) // _TICK <= self._until

    def set_freshness(self, index: int, reading: CalendarFreshness | None) -> None:
        """Set when and how an agent's outside calendar was last read."""
        self.members[index] = replace(self.members[index], reading=reading)
        self._until[index] = _until(reading)


def _until(reading: CalendarFreshness | None) -> int:
    """Last instant at which a reading is relied on, in microseconds, for exact ages."""
    if reading is None:
        return _ALWAYS
    if reading.read_at is None:
        return _NEVER
    return (reading.read_at + reading.limit - EPOCH) // _TICK
