"""Find which unassigned appointments can matter to some agents."""

from typing import NamedTuple

from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.data import Records
from invo_booking.domain.slots.supply import Group

_MOST_KEPT = 1024


class Linked(NamedTuple):
    """The groups that compete for some agents, transitively.

    Attributes:
        agents: The agents, and all that serve one of the groups.
        groups: Groups with unassigned appointments. No other unassigned appointment can
            matter to the agents.
    """

    agents: Flags
    groups: frozenset[Group]


class GroupLinks:
    """Which groups compete for the same agents, as long as the same groups wait.

    Args:
        records: Agents and unassigned appointments.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._waits: frozenset[Group] = frozenset()
        self._seen = -1
        self._kept: dict[bytes, Linked] = {}

    def of(self, agents: Flags) -> Linked:
        """Return what is linked to some agents; do not modify the flags."""
        self._follow_waitlist()
        if len(self._kept) == _MOST_KEPT:
            self._kept.clear()
        key = agents.tobytes()
        if key not in self._kept:
            self._kept[key] = self._find(agents)
        return self._kept[key]

    def _follow_waitlist(self) -> None:
        """Forget what is kept if other groups wait than before."""
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
