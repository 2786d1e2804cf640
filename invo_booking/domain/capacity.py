"""Whether everybody who waits for an agent can still get one.

An unassigned appointment has no agent, yet needs one. Handing out the last free agent
to somebody else would strand it, so before a slot is offered all that wait nearby are
arranged together with it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from invo_booking.domain.roll import Flags
from invo_booking.domain.supply import Calendar, Group, Waiting
from invo_booking.domain.timetable import (
    Gaps,
    Spans,
    Timetable,
    count_covering,
    gaps,
    timetable,
    work,
)
from invo_booking.domain.wall import (
    EPOCH,
    Minutes,
    ceil_minute,
    floor_minute,
    whole_minutes,
)

_TRIES = 2000
_LARGEST_KNOT = 400  # beyond it the search would run deeper than Python goes


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A span that needs an agent, in minutes.

    Attributes:
        start: First minute inside.
        end: First minute outside.
        before: Minutes the agent keeps free in front.
        after: Minutes the agent keeps free behind.
    """

    start: int
    end: int
    before: int = 0
    after: int = 0

    def collides(self, other: "Claim") -> bool:
        """Whether one agent cannot take both; the larger buffer must fit between."""
        return self.start < other.end + max(
            self.before, other.after
        ) and other.start < self.end + max(self.after, other.before)


@dataclass(frozen=True, slots=True)
class Demand:
    """A claim and who could satisfy it, by index into the agents.

    Attributes:
        able: Agents of its queue and language who are on duty for it.
        takers: Those of them who are also free for it.
    """

    claim: Claim
    able: frozenset[int]
    takers: frozenset[int]


def placeable(
    waiting: Sequence[Waiting], calendars: Sequence[Calendar], now: datetime = EPOCH
) -> bool:
    """Whether all waiting appointments could be given to agents at once.

    Each needs an agent of its queue and language who is on duty and free for it, and
    no agent may get two that collide.

    Args:
        waiting: Unassigned live appointments.
        calendars: Agents, in any order.
        now: The present, in UTC; without it no reading of a calendar is too old.
    """
    return arrange(Line(waiting, timetable(calendars), now).demands()) is not None


def arrange(demands: Sequence[Demand]) -> list[int] | None:
    """Return an agent for each demand so that nobody gets two that collide.

    Demands with more takers than rivals can never be left over, so they are set aside
    and served last; what remains is small, and is searched. A search that takes too
    long ends with ``None``: closing a slot is the safe side.

    Returns:
        Agents in the order of ``demands``, or ``None`` if there is no way.
    """
    rivals = _rivals(demands)
    aside = _set_aside(demands, rivals)
    chosen: dict[int, int] = {}
    for knot in _knots(set(range(len(demands))).difference(aside), rivals):
        found = _untie({index: demands[index] for index in knot}, rivals)
        if found is None:
            return None
        chosen |= found
    for index in reversed(aside):
        used = {chosen[rival] for rival in rivals[index] if rival in chosen}
        chosen[index] = min(demands[index].takers - used)
    return [chosen[index] for index in range(len(demands))]


class Line:
    """Everybody who waits for an agent, asked whether one more can be placed.

    Somebody whom nobody on duty could serve takes nothing from anybody, and does not
    count. Who could serve somebody is found only when it matters.

    Args:
        waiting: Unassigned live appointments.
        table: All agents who may matter.
        now: The present, which some readings of calendars are too old for.
    """

    def __init__(
        self, waiting: Iterable[Waiting], table: Timetable, now: datetime
    ) -> None:
        ordered = sorted((_claim(it), it.queue_id, it.language) for it in waiting)
        self._table = table
        self._known = table.roll.known(now)
        self._claims = [it for it, _, _ in ordered]
        self._groups = [Group(queue, language) for _, queue, language in ordered]
        rows = [(it.start, it.end, it.before, it.after) for it in self._claims]
        start, end, before, after = np.array(rows, np.int64).reshape(-1, 4).T
        self._spans = Spans(np.arange(start.size), start, end, before, after)
        self._demands: dict[int, Demand] = {}
        self._supplies: dict[tuple[int, int], tuple[Gaps, Gaps]] = {}

    def demands(self) -> list[Demand]:
        """Return what everybody demands."""
        return [self._demand(index) for index in range(len(self._claims))]

    def count(self, starts: Minutes, claim: Claim, group: Group) -> Minutes:
        """Return for each start how many may compete with ``claim`` moved there.

        Args:
            starts: Ascending, in minutes.
            claim: What is to be placed; only its length and buffers matter.
            group: What it asks of an agent.
        """
        return rivals_at(starts, claim, self._spans.of(self._sharing(group)))

    def has_room(self, demand: Demand) -> bool:
        """Whether any taker can have ``demand`` and leave nobody stranded."""
        rivals = self._rivals_of(demand)
        if len(demand.takers) > len(rivals):
            return True
        return arrange([*self._crowd(rivals), demand]) is not None

    def placeable(self, demand: Demand) -> frozenset[int]:
        """Return the takers who can have ``demand`` and leave nobody stranded.

        If those who wait cannot all be served even without it, any taker will do as
        long as there are more takers than rivals.
        """
        rivals = self._rivals_of(demand)
        if not rivals:
            return demand.takers
        crowd = self._crowd(rivals)
        plan = arrange([*crowd, demand])
        if plan is None:
            return demand.takers if len(demand.takers) > len(rivals) else frozenset()
        needed = frozenset(plan[:-1]) - {plan[-1]}
        return frozenset(
            agent
            for agent in demand.takers
            if agent not in needed or _works_with(crowd, demand, agent)
        )

    def _sharing(self, group: Group) -> Flags:
        asked = self._table.roll.designated(group)
        shared = {
            other: bool((asked & self._table.roll.designated(other)).any())
            for other in set(self._groups)
        }
        return np.array([shared[it] for it in self._groups], dtype=np.bool_)

    def _rivals_of(self, demand: Demand) -> list[int]:
        it, line = demand.claim, self._spans
        near = (line.start < it.end + np.maximum(line.before, it.after)) & (
            it.start < line.end + np.maximum(line.after, it.before)
        )
        return [
            index
            for index in np.flatnonzero(near).tolist()
            if self._demand(index).able & demand.able
        ]

    def _crowd(self, seeds: Sequence[int]) -> list[Demand]:
        reached = set(seeds)
        ahead = list(seeds)
        while ahead:
            fresh = set(self._rivals_of(self._demand(ahead.pop()))) - reached
            reached |= fresh
            ahead.extend(fresh)
        return [self._demand(index) for index in sorted(reached)]

    def _demand(self, index: int) -> Demand:
        if index not in self._demands:
            it = self._claims[index]
            working, free = self._supply(it)
            asked = self._table.roll.designated(self._groups[index])
            able, takers = (
                agents[asked[agents]].tolist()
                for agents in (
                    working.holding(it.start, it.end),
                    free.holding(it.start, it.end),
                )
            )
            self._demands[index] = Demand(it, frozenset(able), frozenset(takers))
        return self._demands[index]

    def _supply(self, it: Claim) -> tuple[Gaps, Gaps]:
        """When all agents work, and when those who are known are free."""
        key = it.before, it.after
        if key not in self._supplies:
            table, known = self._table, self._known
            window = int(self._spans.start.min()), int(self._spans.end.max())
            working = work(table.duty, window)
            free = gaps(working.of(known), table.taken.of(known), window, key)
            self._supplies[key] = working, free
        return self._supplies[key]


def rivals_at(starts: Minutes, claim: Claim, line: Spans) -> Minutes:
    """Return for each start how many may compete with ``claim`` moved there.

    Args:
        starts: Ascending, in minutes.
        claim: What is to be placed; only its length and buffers matter.
        line: Those who wait and whom some agent could serve who could serve it, too.
    """
    length = claim.end - claim.start
    lowest = line.start - np.maximum(line.before, claim.after) - length
    highest = line.end + np.maximum(line.after, claim.before)
    first = np.searchsorted(starts, lowest, side="right")
    last = np.searchsorted(starts, highest, side="left")
    return count_covering(first, last, starts.size)


def _claim(waiting: Waiting) -> Claim:
    return Claim(
        floor_minute(waiting.period.start),
        ceil_minute(waiting.period.end),
        whole_minutes(waiting.before),
        whole_minutes(waiting.after),
    )


def _works_with(crowd: Sequence[Demand], demand: Demand, agent: int) -> bool:
    only = Demand(demand.claim, demand.able, frozenset({agent}))
    return arrange([*crowd, only]) is not None


def _rivals(demands: Sequence[Demand]) -> list[set[int]]:
    rivals: list[set[int]] = [set() for _ in demands]
    for one, other in _collisions(demands):
        if demands[one].takers & demands[other].takers:
            rivals[one].add(other)
            rivals[other].add(one)
    return rivals


def _collisions(demands: Sequence[Demand]) -> Iterator[tuple[int, int]]:
    order = sorted(range(len(demands)), key=lambda index: demands[index].claim.start)
    widest = max((it.claim.before for it in demands), default=0)
    for place, one in enumerate(order):
        this = demands[one].claim
        reach = this.end + max(this.after, widest)
        for other in order[place + 1 :]:
            if demands[other].claim.start >= reach:
                break
            if this.collides(demands[other].claim):
                yield one, other


def _set_aside(demands: Sequence[Demand], rivals: Sequence[set[int]]) -> list[int]:
    left = set(range(len(demands)))
    aside: list[int] = []
    queue = sorted(left)
    while queue:
        index = queue.pop()
        if index in left and len(demands[index].takers) > len(rivals[index] & left):
            left.discard(index)
            aside.append(index)
            queue.extend(sorted(rivals[index] & left))
    return aside


def _knots(hard: set[int], rivals: Sequence[set[int]]) -> Iterator[list[int]]:
    """The hard demands in lots that have nothing to do with each other."""
    left = set(hard)
    while left:
        knot = {min(left)}
        ahead = list(knot)
        while ahead:
            fresh = (rivals[ahead.pop()] & left) - knot
            knot |= fresh
            ahead.extend(fresh)
        left -= knot
        yield sorted(knot)


def _untie(
    knot: Mapping[int, Demand], rivals: Sequence[set[int]]
) -> dict[int, int] | None:
    if len(knot) > _LARGEST_KNOT:
        return None
    for crowd in _crowds(knot):
        matched = _match(crowd)
        if matched is None or len(matched) == len(knot):
            return matched
    takers = {index: it.takers for index, it in knot.items()}
    return _search(takers, rivals, iter(range(_TRIES)))


def _crowds(knot: Mapping[int, Demand]) -> Iterator[dict[int, frozenset[int]]]:
    """For each moment somebody starts, the takers of all who need one just then."""
    ahead = min(it.claim.before for it in knot.values())
    for moment in sorted({it.claim.start for it in knot.values()}):
        yield {
            index: it.takers
            for index, it in knot.items()
            if it.claim.start <= moment < it.claim.end + max(it.claim.after, ahead)
        }


def _match(crowd: Mapping[int, frozenset[int]]) -> dict[int, int] | None:
    """Maximum bipartite matching by augmenting paths, if it reaches everybody."""
    ordered = {index: sorted(takers) for index, takers in crowd.items()}
    owner: dict[int, int] = {}

    def place(index: int, tried: set[int]) -> bool:
        for agent in ordered[index]:
            if agent in tried:
                continue
            tried.add(agent)
            if agent not in owner or place(owner[agent], tried):
                owner[agent] = index
                return True
        return False

    if not all(place(index, set()) for index in crowd):
        return None
    return {index: agent for agent, index in owner.items()}


def _search(
    takers: Mapping[int, frozenset[int]],
    rivals: Sequence[set[int]],
    tries: Iterator[int],
) -> dict[int, int] | None:
    if not takers:
        return {}
    index = min(takers, key=lambda it: (len(takers[it]), it))
    for agent in sorted(takers[index]):
        if next(tries, None) is None:
            return None
        rest = {
            other: agents - {agent} if other in rivals[index] else agents
            for other, agents in takers.items()
            if other != index
        }
        if all(rest.values()):
            found = _search(rest, rivals, tries)
            if found is not None:
                return found | {index: agent}
    return None
