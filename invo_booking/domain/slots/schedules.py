"""Represent the time of many agents as arrays, to count free agents fast.

The time lines of all agents are joined into one, with gaps between agents that are
wider than any span. A single sort and a single running maximum then serve all agents at
once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from invo_booking.domain.slots.agents import AgentIndex, Flags
from invo_booking.domain.wall import Minutes, join_ranges

_NEVER = np.iinfo(np.int64)


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of many agents, as parallel arrays with one value per span.

    A minute that is only partly taken counts as taken; a minute that is only partly
    worked counts as not worked.

    Attributes:
        agent: Index of the agent.
        start: First minute inside.
        end: First minute outside.
        before: Minutes to keep free before the span.
        after: Minutes to keep free after the span.
    """

    agent: Minutes
    start: Minutes
    end: Minutes
    before: Minutes
    after: Minutes

    def of(self, agents: Flags) -> "Spans":
        """Return the spans of the flagged agents."""
        return self.at(agents[self.agent])

    def at(self, flags: Flags | Minutes) -> "Spans":
        """Return the spans that flags or indexes select."""
        return Spans(
            self.agent[flags],
            self.start[flags],
            self.end[flags],
            self.before[flags],
            self.after[flags],
        )

    def of_agents(self, agents: Minutes) -> "Spans":
        """Return the same spans for other agents, one agent for each span."""
        return Spans(agents, self.start, self.end, self.before, self.after)

    def bounds(self) -> tuple[Minutes, Minutes]:
        """Return first minutes and first minutes beyond, buffers included."""
        return self.start - self.before, self.end + self.after

    def bare(self) -> "Spans":
        """Return the spans without buffers."""
        none = np.zeros_like(self.start)
        return Spans(self.agent, self.start, self.end, none, none)


def collide(one: Spans, other: Spans) -> Flags:
    """Return for each pair of spans whether they collide: no agent can take both.

    The gap between the two must be at least as long as the longer of two buffers: the
    buffer after the earlier one and the buffer before the later one.
    """
    return (one.start < other.end + np.maximum(one.before, other.after)) & (
        other.start < one.end + np.maximum(other.before, one.after)
    )


def overlap_counts(of: Spans, spans: Spans) -> Minutes:
    """Return how many ``spans`` overlap each span in ``of``, buffers included.

    Both adjacent buffers count in full, so every pair that collides is counted.
    """
    low, high = spans.bounds()
    first, last = of.bounds()
    begun = np.sort(low).searchsorted(last)
    return begun - np.sort(high).searchsorted(first, side="right")


def colliding_pairs(one: Spans, other: Spans) -> tuple[Minutes, Minutes]:
    """Return the indexes of all pairs of spans that collide: no agent can take both.

    Args:
        one: Spans.
        other: Spans, in the order of their first minutes, buffers included.
    """
    low, high = other.bounds()
    first, last = one.bounds()
    begin = low.searchsorted(first - int((high - low).max(initial=0)))
    count = low.searchsorted(last) - begin
    which, place = np.arange(count.size).repeat(count), join_ranges(begin, count)
    hit = collide(one.at(which), other.at(place))
    return which[hit], place[hit]


@dataclass(frozen=True, slots=True)
class AgentSchedules:
    """Agents with their spans as arrays.

    Attributes:
        own: Spans of the agents' appointments.
        outside: Busy spans of the agents' outside calendars.
        duty_at: Duty for visits, by branch. A branch is missing if agents can serve
            visits there during all of ``duty``.
    """

    agent_index: AgentIndex
    duty: Spans
    own: Spans
    outside: Spans
    duty_at: Mapping[UUID, Spans] = field(default_factory=dict[UUID, Spans])

    def duty_of(self, branch_id: UUID | None) -> Spans:
        """Return the duty for visits at a branch, or for calls without a branch."""
        return self.duty_at.get(branch_id, self.duty) if branch_id else self.duty

    @property
    def busy(self) -> Spans:
        """Spans of appointments and outside calendars together."""
        return join_spans(self.own, self.outside)

    def is_worked(
        self, agent: int, start: int, end: int, branch_id: UUID | None = None
    ) -> bool:
        """Whether an agent is on duty for a whole span, at a branch or for calls."""
        duty = self.duty_of(branch_id)
        mine = duty.at(duty.agent == agent)
        return working_gaps(mine, (start, end)).agents_with_room(start, end).size > 0


@dataclass(frozen=True, slots=True)
class Gaps:
    """Spans of many agents in which an appointment may lie, as parallel arrays.

    Attributes:
        agent: Index of the agent.
        start: First minute inside.
        end: First minute outside.
    """

    agent: Minutes
    start: Minutes
    end: Minutes

    def of(self, agents: Flags) -> "Gaps":
        """Return the gaps of the flagged agents."""
        return self.at(agents[self.agent])

    def at(self, flags: Flags) -> "Gaps":
        """Return the flagged gaps."""
        return Gaps(self.agent[flags], self.start[flags], self.end[flags])

    def of_agents(self, agents: Minutes) -> "Gaps":
        """Return the same gaps for other agents, one agent for each gap."""
        return Gaps(agents, self.start, self.end)

    def followed_by(self, other: "Gaps") -> "Gaps":
        """Return these gaps, and then those of ``other``."""
        return Gaps(
            np.concatenate((self.agent, other.agent)),
            np.concatenate((self.start, other.start)),
            np.concatenate((self.end, other.end)),
        )

    def agents_with_room(self, start: int, end: int) -> Minutes:
        """Return the agents with a gap that contains ``[start, end)``, ascending."""
        return self.agent[(self.start <= start) & (end <= self.end)]

    def have_room(self, agents: Minutes, starts: Minutes, ends: Minutes) -> Flags:
        """Return for each agent and span whether a gap of the agent contains the span.

        The gaps must be in the order of agents and starts.
        """
        if not self.agent.size:
            return np.zeros(agents.shape, np.bool_)
        keys = (self.agent << 32) + self.start
        place = keys.searchsorted((agents << 32) + starts, side="right") - 1
        there = (place >= 0) & (self.agent[place] == agents)
        return there & (ends <= self.end[place])

    def count(self, starts: Minutes, length: int) -> Minutes:
        """Return for each start how many gaps contain an appointment of this length."""
        first = np.searchsorted(starts, self.start, side="left")
        last = np.searchsorted(starts, self.end - length, side="right")
        return count_covering(first, last, starts.size)


def count_covering(first: Minutes, last: Minutes, size: int) -> Minutes:
    """Return how many ranges ``[first, last)`` contain each index below ``size``."""
    real = first < last
    opened = np.bincount(first[real], minlength=size + 1)
    closed = np.bincount(last[real], minlength=size + 1)
    return np.cumsum(opened - closed)[:size]


def join_spans(one: Spans, other: Spans) -> Spans:
    """Return the spans of both arguments."""
    return Spans(
        np.concatenate((one.agent, other.agent)),
        np.concatenate((one.start, other.start)),
        np.concatenate((one.end, other.end)),
        np.concatenate((one.before, other.before)),
        np.concatenate((one.after, other.after)),
    )


def working_gaps(duty: Spans, window: tuple[int, int]) -> Gaps:
    """Return when agents work.

    Args:
        duty: Spans on duty; may touch and overlap.
        window: First minute and first minute beyond; gaps are cut to the window.
    """
    start, end = _pack_gaps(duty, window, (0, 0))
    if not start.size:
        return Gaps(start, start, end)
    if (start[1:] < start[:-1]).any():
        order = start.argsort(kind="stable")
        start, end = start[order], end[order]
    reach = np.maximum.accumulate(end)
    apart = start[1:] > reach[:-1]
    if not apart.all():
        start = start[np.concatenate(([True], apart))]
        reach = reach[np.concatenate((apart, [True]))]
    return _unpack_gaps(start, reach, window)


def free_gaps(
    working: Gaps, taken: Spans, window: tuple[int, int], buffers: tuple[int, int]
) -> Gaps:
    """Return the free time of agents.

    Buffers must not overlap busy spans but can lie outside working hours. Between two
    appointments, only the longer of two buffers counts: the buffer after the earlier
    one or the buffer before the later one.

    Args:
        working: Result of ``working_gaps`` for the same window.
        taken: Busy spans of the agents, with the buffers around each.
        window: First minute and first minute beyond; gaps are cut to the window.
        buffers: Minutes that the new appointment keeps free before and after.
    """
    offset = working.agent * _stride(window) - window[0]
    claimed = _pack_gaps(taken, window, buffers)
    start = np.concatenate(([_NEVER.min], offset + working.end, claimed[0]))
    end = np.concatenate((offset + working.start, [_NEVER.max], claimed[1]))
    order = start.argsort(kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order])
    last = np.flatnonzero(start[1:] > reach[:-1])
    return _unpack_gaps(reach[last], start[last + 1], window)


def _pack_gaps(
    spans: Spans, window: tuple[int, int], buffers: tuple[int, int]
) -> tuple[Minutes, Minutes]:
    lowest, highest = window
    before, after = buffers
    start = np.maximum(spans.start - np.maximum(spans.before, after), lowest)
    end = np.minimum(spans.end + np.maximum(spans.after, before), highest)
    offset = spans.agent * _stride(window) - lowest
    real = start < end
    if not real.all():
        offset, start, end = offset[real], start[real], end[real]
    return offset + start, offset + end


def _unpack_gaps(start: Minutes, end: Minutes, window: tuple[int, int]) -> Gaps:
    agent = start // _stride(window)
    offset = agent * _stride(window) - window[0]
    return Gaps(agent, start - offset, end - offset)


def _stride(window: tuple[int, int]) -> int:
    return window[1] - window[0] + 1
