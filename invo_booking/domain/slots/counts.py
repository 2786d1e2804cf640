"""Count free agents at every start of a span, and update the counts after changes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.opening import OpeningHours
from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.data import Records
from invo_booking.domain.slots.days import KIND, NOTHING, Rows
from invo_booking.domain.slots.demand import count_rivals_at
from invo_booking.domain.slots.evaluation import starts_when_closed
from invo_booking.domain.slots.matching import Claim
from invo_booking.domain.slots.rules import Rules
from invo_booking.domain.slots.schedules import Gaps
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.slots.waiting import GroupLinks
from invo_booking.domain.wall import DAY_MINUTES, Minutes, Numbers, wall_grid

NOT_ASKED, NO, YES = -1, 0, 1
_Closed = tuple[int, bool, frozenset[date], OpeningHours | None]
_MOST_CLOSED = 128
_FEW = 2
"""If at most this many agents changed, only they are counted again, otherwise all."""
_NEVER = np.iinfo(np.int64)
LONGEST = DAY_MINUTES
"""Longest appointment that is counted, in minutes."""


class Grid:
    """The starts of the slot grid in a span, with constant-time access by minute.

    Args:
        zone: Zone of the grid.
        step: Minutes between starts.
        first: First minute of the span.
        last: First minute beyond.
    """

    def __init__(self, zone: ZoneInfo, step: int, first: int, last: int) -> None:
        self.starts = wall_grid(zone, step, first, last)
        self._first = first - LONGEST
        marks = np.zeros(last + LONGEST - self._first + 1, np.int64)
        marks[self.starts - self._first + 1] = 1
        self._before: Minutes = marks.cumsum()
        self._closed: dict[_Closed, Flags] = {}

    def closed_flags(self, rules: Rules) -> Flags:
        """Return a flag per start: closed by a weekend, a holiday or opening hours."""
        holidays = frozenset(rules.holidays)
        key = rules.length_minutes, rules.weekends_off, holidays, rules.opening
        flags = self._closed.get(key)
        if flags is None:
            closed = starts_when_closed(rules, self.starts)
            flags = np.logical_or.reduce(list(closed.values()))
            if len(self._closed) == _MOST_CLOSED:
                self._closed.clear()
            self._closed[key] = flags
        return flags

    def part(self, first: int, last: int) -> slice:
        """Return the indexes of the starts in ``[first, last)``."""
        begin, end = self._at(first), self._at(last)
        return slice(begin, max(begin, end))

    def _at(self, minute: int) -> int:
        """Return the index of the first start at or after a minute."""
        place = min(max(minute - self._first, 0), self._before.size - 1)
        return int(self._before[place])

    def count(self, gaps: Gaps, length: int, here: slice) -> Minutes:
        """Return for each start how many gaps contain an appointment that begins then.

        Args:
            gaps: Gaps that lie between the first of the starts and ``length`` minutes
                after the last.
            length: Length of the appointment, in minutes, at most ``LONGEST``.
            here: Indexes of the starts.
        """
        size = here.stop - here.start
        end = self._before[gaps.end - (self._first + length - 1)] - here.start
        np.maximum(end, 0, out=end)
        begin = self._before[gaps.start - self._first] - here.start
        np.minimum(begin, end, out=begin)  # a gap without a fitting start adds nothing
        change = np.bincount(begin, minlength=size + 1)
        change -= np.bincount(end, minlength=size + 1)
        return change[:size].cumsum()


class Change(NamedTuple):
    """A change of an agent's time, or of the unassigned appointments.

    Attributes:
        span: First changed minute and first minute beyond.
        agent: Index of the agent; ``None`` for unassigned appointments.
        bounds: Span of minutes; all rows of the agent that start in this span were
            replaced.
        before: The replaced rows.
    """

    span: tuple[int, int]
    agent: int | None = None
    bounds: tuple[int, int] = (0, 0)
    before: Rows = NOTHING

    def undo(self, taken: list[list[int]]) -> list[list[int]]:
        """Return an agent's busy spans as they were before the change."""
        first, last = self.bounds
        others = [it for it in taken if not first <= it[0] < last]
        return others + self.before[:, :KIND].tolist()


class Counts:
    """The number of agents at each start, for one kind of appointment.

    Attributes:
        agents: Flag per agent: designated for the group.
        known: Flag per agent: designated, and the calendar was read recently enough.
            Only these agents count as free.
        designated: Per start, number of designated agents who are on duty for the whole
            appointment.
        free: Per start, number of these agents who are free.
        room: Per start, whether adding an appointment leaves an agent for each
            unassigned appointment. ``YES``, ``NO``, or ``NOT_ASKED`` until this is
            computed.
        noted: Number of changes of the index that the counts already reflect.

    Args:
        records: Time of all agents.
        grid: The starts.
        group: Queue and language of the appointment, and branch of a visit.
        rules: The rules, with the appointment's length and buffers.
    """

    def __init__(
        self, records: Records, grid: Grid, group: Group, rules: Rules
    ) -> None:
        self.grid = grid
        self.group = group
        self._length = rules.length_minutes
        self._buffers = rules.buffer_minutes
        self._all = slice(0, grid.starts.size)
        self.agents = records.agent_index.designated_flags(group)
        self._everybody = records.agent_index.known_flags(rules.now)
        self.known = self.agents & self._everybody
        working = self.working_gaps(records, np.flatnonzero(self.agents), self._all)
        designated = grid.count(working, self._length, self._all)
        self.designated = designated.astype(np.int32)
        known = np.flatnonzero(self.known)
        free = self.tally(records, known, working.of(self.known), self._all)
        self.free = free.astype(np.int32)
        self.noted = 0
        self.room = np.full(grid.starts.size, NOT_ASKED, np.int8)
        self._waiting = -1
        self._rivals = self.free

    @property
    def nbytes(self) -> int:
        """Memory of the counts, in bytes."""
        return self.designated.nbytes + 2 * self.free.nbytes + self.room.nbytes

    def update(self, records: Records, changes: Iterable[Change]) -> None:
        """Update the counts after changes.

        Args:
            records: Time of all agents, which already contains the changes.
            changes: The changes, the latest first.
        """
        latest_first = list(changes)
        for span in {it.span for it in latest_first}:
            self.forget(records, span)
        by_agent: dict[int, list[Change]] = {}
        for it in latest_first:
            if it.agent is not None and self.known[it.agent]:
                by_agent.setdefault(it.agent, []).append(it)
        if len(by_agent) > _FEW:
            spans = {it.span for theirs in by_agent.values() for it in theirs}
            for span in spans:
                self._recount(records, self.part(span, records.widest_buffer))
            return
        for agent, theirs in by_agent.items():
            self._recount_agent(records, agent, theirs)

    def _recount_agent(
        self, records: Records, agent: int, changes: Sequence[Change]
    ) -> None:
        """Replace an agent's earlier free time in the counts with the current one."""
        reach = max(records.widest_buffer, *self._buffers) + self._length
        first = min(it.span[0] for it in changes) - reach
        last = max(it.span[1] for it in changes) + reach
        working, taken = records.time_of(agent, (first, last), self.group.branch_id)
        self._add(1, _free_spans(working, taken, self._buffers))
        for it in changes:
            taken = it.undo(taken)
        self._add(-1, _free_spans(working, taken, self._buffers))

    def _add(self, agents: int, free: Iterable[tuple[int, int]]) -> None:
        for first, last in free:
            self.free[self.grid.part(first, last - self._length + 1)] += agents

    def _recount(self, records: Records, part: slice) -> None:
        known = np.flatnonzero(self.known)
        working = self.working_gaps(records, known, part)
        self.free[part] = self.tally(records, known, working, part)

    def follow(self, records: Records, now: datetime) -> None:
        """Update the counts after calendars were read again or became too old."""
        everybody = records.agent_index.known_flags(now)
        if np.array_equal(everybody, self._everybody):
            return
        self.room[:] = NOT_ASKED
        self._everybody, known = everybody, self.agents & everybody
        for agents, change in ((known & ~self.known, 1), (self.known & ~known, -1)):
            indexes = np.flatnonzero(agents)
            working = self.working_gaps(records, indexes, self._all)
            free = change * self.tally(records, indexes, working, self._all)
            self.free += free.astype(np.int32)
        self.known = known

    def forget(self, records: Records, span: tuple[int, int]) -> None:
        """Reset ``room`` at the starts that a change in a span of minutes may affect.

        A change can move unassigned appointments from one agent to another. Only
        appointments in crowds that the span touches can be affected: see ``Waitlist``.
        """
        reach = max(records.widest_buffer, *self._buffers)
        hull = records.waitlist.hull(span[0] - reach, span[1] + reach)
        self.room[self.part(hull, reach)] = NOT_ASKED

    def part(self, span: tuple[int, int], buffer: int) -> slice:
        """Return the indexes of starts that a change in a span of minutes may affect.

        Args:
            span: First changed minute and first minute beyond.
            buffer: The widest buffer of any appointment, in minutes.
        """
        reach = max(buffer, *self._buffers)
        return self.grid.part(span[0] - reach - self._length + 1, span[1] + reach)

    def working_gaps(self, records: Records, agents: Minutes, here: slice) -> Gaps:
        """Return the agents' working time from the first start to the last end."""
        return records.working_gaps(agents, self._window(here), self.group.branch_id)

    def tally(
        self, records: Records, agents: Minutes, working: Gaps, here: slice
    ) -> Minutes:
        """Return for each start the number of free agents.

        Args:
            records: Time of all agents.
            agents: Indexes of the agents to count, ascending.
            working: Working time of these agents.
            here: Indexes of the starts.
        """
        window = self._window(here)
        free = records.free(agents, working, window, self._buffers)
        return self.grid.count(free, self._length, here)

    def rivals(self, records: Records, links: GroupLinks) -> Numbers:
        """Return how many unassigned appointments may compete with one at each start.

        These appointments share a possible agent with the group, and collide with an
        appointment that begins at the start.
        """
        if self._waiting != records.waitlist.changes:
            self._waiting = records.waitlist.changes
            claim = Claim(0, self._length, *self._buffers)
            waiting = records.waitlist.of(links.flags_of(self.agents))
            rivals = count_rivals_at(self.grid.starts, claim, waiting)
            self._rivals = rivals.astype(np.int32)
        return self._rivals

    def _window(self, here: slice) -> tuple[int, int]:
        starts = self.grid.starts[here]
        if not starts.size:
            return 0, 0
        return int(starts[0]), int(starts[-1]) + self._length


def _free_spans(
    working: Iterable[tuple[int, int]],
    taken: Iterable[Sequence[int]],
    buffers: tuple[int, int],
) -> Iterator[tuple[int, int]]:
    """Yield the free time of one agent, like ``free_gaps``, but faster for few spans.

    Args:
        working: When the agent works, ascending.
        taken: Busy spans of the agent, with the buffers around each.
        buffers: Minutes that the new appointment keeps free before and after.
    """
    before, after = buffers
    edges = (_NEVER.min, *chain.from_iterable(working), _NEVER.max)
    blocked = [
        (begin - max(early, after), end + max(late, before))
        for begin, end, early, late in taken
    ]
    blocked += zip(edges[::2], edges[1::2], strict=True)
    blocked.sort()
    reach = _NEVER.min
    for begin, end in blocked:
        if begin > reach:
            yield reach, begin
        reach = max(reach, end)
