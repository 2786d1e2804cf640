"""Match appointments with agents so that no agent gets two colliding appointments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_TRIES = 2000
_LARGEST_KNOT = 400  # a larger search would exceed Python's recursion limit
_LARGEST_COUNTED = 12  # most demands for an exact search of how many can be served


class SearchTooLongError(Exception):
    """The search did not finish within the allowed number of tries."""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A span for which an appointment needs an agent, in minutes.

    Attributes:
        start: First minute inside.
        end: First minute outside.
        before: Minutes the agent keeps free before the span.
        after: Minutes the agent keeps free after the span.
    """

    start: int
    end: int
    before: int = 0
    after: int = 0

    def collides(self, other: "Claim") -> bool:
        """Whether the claims collide, so that no agent can take both.

        The gap between the two must be at least as long as the longer of two buffers:
        the buffer after the earlier one and the buffer before the later one.
        """
        return self.start < other.end + max(
            self.before, other.after
        ) and other.start < self.end + max(self.after, other.before)


@dataclass(frozen=True, slots=True)
class Demand:
    """A claim and its possible agents, by index.

    Attributes:
        able: Designated agents who are on duty for all of the claim.
        takers: Agents in ``able`` who are also free for the claim.
    """

    claim: Claim
    able: frozenset[int]
    takers: frozenset[int]


def assign_agents(demands: Sequence[Demand]) -> list[int] | None:
    """Return an agent for each demand so that no agent gets two colliding demands.

    A demand with more takers than colliding demands always gets an agent, so such
    demands are assigned last. For the few other demands, an assignment is searched. If
    the search takes too long, the result is ``None``, and the slot is then not offered.

    Returns:
        Agents in the order of ``demands``; ``None`` if there is no assignment.
    """
    try:
        return _arrange(demands)
    except SearchTooLongError:
        return None


def assign_most_agents(demands: Sequence[Demand]) -> dict[int, int]:
    """Return agents for as many demands as can be served together.

    Demands with the fewest takers have priority; among equals, the demand that ends
    first. If the search takes too long, fewer demands may be served than possible.

    Returns:
        Agents by index into ``demands``, without the demands that get no agent.
    """
    by_priority = _assign_by_priority(demands)
    try:
        more = _assign_more(demands, len(by_priority))
    except SearchTooLongError:
        return by_priority
    return by_priority if more is None else more


def can_serve_as_many(before: Sequence[Demand], after: Sequence[Demand]) -> bool:
    """Whether at most as many demands lack an agent after a change as before.

    Demands without takers are not counted. If the search takes too long, the result is
    false, unless it is already known to be true.
    """
    before, after = ([it for it in some if it.takers] for some in (before, after))
    try:
        if _arrange(after) is not None:
            return True
        if _arrange(before) is not None:
            return False
    except SearchTooLongError:
        return False
    left_after = len(after) - len(assign_most_agents(after))
    try:
        return left_after <= len(before) - _most_servable(before)
    except SearchTooLongError:
        return left_after <= _certain_shortage(before)


def _assign_by_priority(demands: Sequence[Demand]) -> dict[int, int]:
    served: list[int] = []
    agents: list[int] = []
    for index in sorted(range(len(demands)), key=lambda it: _priority(demands[it])):
        assignment = assign_agents([demands[it] for it in (*served, index)])
        if assignment is not None:
            served, agents = [*served, index], assignment
    return dict(zip(served, agents, strict=True))


def _priority(demand: Demand) -> tuple[int, int]:
    return len(demand.takers), demand.claim.end


def _most_servable(demands: Sequence[Demand]) -> int:
    """Return how many demands can be served together.

    Raises:
        SearchTooLongError: If the number is not found within the allowed number of
            tries.
    """
    served = len(_assign_by_priority(demands))
    more = _assign_more(demands, served)
    return served if more is None else len(more)


def _assign_more(demands: Sequence[Demand], served: int) -> dict[int, int] | None:
    """Return agents for the most demands; ``None`` if no more than ``served``.

    Raises:
        SearchTooLongError: If the search ends before it is certain that no more can be
            served.
    """
    takers = {index: it.takers for index, it in enumerate(demands) if it.takers}
    if served >= len(takers):
        return None
    if len(takers) > _LARGEST_COUNTED:
        raise SearchTooLongError
    rivals, tries = _rivals(demands), iter(range(_TRIES))
    best: dict[int, int] | None = None
    while more := _search_part(takers, rivals, served + 1, tries):
        best, served = more, len(more)
    if next(tries, None) is None:
        raise SearchTooLongError
    return best


def _certain_shortage(demands: Sequence[Demand]) -> int:
    """Return a lower bound for the number of demands that get no agent.

    The shortage at one moment is the number of its demands that cannot be matched with
    agents. The shortages of moments that have no demand in common are added up.
    """
    left = dict(enumerate(demands))
    shortage = 0
    for crowd in _demands_at_once(left) if left else ():
        if crowd.keys() <= left.keys() and (lack := len(crowd) - len(_owners(crowd))):
            shortage += lack
            left = {index: it for index, it in left.items() if index not in crowd}
    return shortage


def _arrange(demands: Sequence[Demand]) -> list[int] | None:
    rivals = _rivals(demands)
    aside = _set_aside(demands, rivals)
    chosen: dict[int, int] = {}
    for knot in _independent_lots(set(range(len(demands))).difference(aside), rivals):
        assignment = _assign_lot({index: demands[index] for index in knot}, rivals)
        if assignment is None:
            return None
        chosen |= assignment
    for index in reversed(aside):
        used = {chosen[rival] for rival in rivals[index] if rival in chosen}
        chosen[index] = min(demands[index].takers - used)
    return [chosen[index] for index in range(len(demands))]


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


def _independent_lots(
    hard: set[int], rivals: Sequence[set[int]]
) -> Iterator[list[int]]:
    """Yield the hard demands in groups; demands in different groups are not rivals."""
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


def _assign_lot(
    knot: Mapping[int, Demand], rivals: Sequence[set[int]]
) -> dict[int, int] | None:
    if len(knot) > _LARGEST_KNOT:
        raise SearchTooLongError
    for crowd in _demands_at_once(knot):
        matched = _match(crowd)
        if matched is None or len(matched) == len(knot):
            return matched
    takers = {index: it.takers for index, it in knot.items()}
    tries = iter(range(_TRIES))
    assignment = _search(takers, rivals, tries)
    if assignment is None and next(tries, None) is None:
        raise SearchTooLongError
    return assignment


def _demands_at_once(knot: Mapping[int, Demand]) -> Iterator[dict[int, frozenset[int]]]:
    """Yield, for the start of each demand, the takers of all demands at that moment."""
    ahead = min(it.claim.before for it in knot.values())
    for moment in sorted({it.claim.start for it in knot.values()}):
        yield {
            index: it.takers
            for index, it in knot.items()
            if it.claim.start <= moment < it.claim.end + max(it.claim.after, ahead)
        }


def _match(crowd: Mapping[int, frozenset[int]]) -> dict[int, int] | None:
    """Return an agent for each demand by bipartite matching; ``None`` if impossible."""
    owner = _owners(crowd)
    if len(owner) < len(crowd):
        return None
    return {index: agent for agent, index in owner.items()}


def _owners(crowd: Mapping[int, frozenset[int]]) -> dict[int, int]:
    """Return demands by agent in a largest bipartite matching, by augmenting paths."""
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

    for index in crowd:
        place(index, set())
    return owner


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
            assignment = _search(rest, rivals, tries)
            if assignment is not None:
                return assignment | {index: agent}
    return None


def _search_part(
    takers: Mapping[int, frozenset[int]],
    rivals: Sequence[set[int]],
    needed: int,
    tries: Iterator[int],
) -> dict[int, int] | None:
    """Return agents for at least ``needed`` of the demands, or ``None``."""
    if needed <= 0:
        return {}
    if len(takers) < needed or next(tries, None) is None:
        return None
    index = min(takers, key=lambda it: (len(takers[it]), it))
    others = {other: agents for other, agents in takers.items() if other != index}
    for agent in sorted(takers[index]):
        rest = {
            other: agents - {agent} if other in rivals[index] else agents
            for other, agents in others.items()
        }
        rest = {other: agents for other, agents in rest.items() if agents}
        assignment = _search_part(rest, rivals, needed - 1, tries)
        if assignment is not None:
            return assignment | {index: agent}
    return _search_part(others, rivals, needed, tries)
