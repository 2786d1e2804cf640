"""Keep the number of free agents at every start of a span."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.opening import OpeningHours
from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.data import Records
from invo_booking.domain.slots.demand import count_rivals_at
from invo_booking.domain.slots.evaluation import starts_when_closed
from invo_booking.domain.slots.matching import Claim
from invo_booking.domain.slots.rules import Rules
from invo_booking.domain.slots.schedules import Gaps
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.wall import DAY_MINUTES, Minutes, Numbers, wall_grid

NOT_ASKED, NO, YES = -1, 0, 1
_Closed = tuple[int, bool, frozenset[date], OpeningHours | None]
_MOST_CLOSED = 128
LONGEST = DAY_MINUTES
"""Longest appointment that is counted, in minutes."""


class Grid:
    """The starts of a span, with constant-time access by minute.

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
        """Return which starts are closed by weekends, holidays or opening hours."""
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
        """Return the part of the grid in ``[first, last)``."""
        begin, end = self._at(first), self._at(last)
        return slice(begin, max(begin, end))

    def _at(self, minute: int) -> int:
        """Return the index of the next start, the one in the minute included."""
        place = min(max(minute - self._first, 0), self._before.size - 1)
        return int(self._before[place])

    def count(self, gaps: Gaps, length: int, here: slice) -> Minutes:
        """Return the number of gaps that have room at each start of a part.

        Args:
            gaps: Gaps between the first start of the part and ``length`` minutes after
                its last.
            length: Length that must fit, in minutes, at most ``LONGEST``.
            here: The part, as indexes.
        """
        size = here.stop - here.start
        end = self._before[gaps.end - (self._first + length - 1)] - here.start
        np.maximum(end, 0, out=end)
        begin = self._before[gaps.start - self._first] - here.start
        np.minimum(begin, end, out=begin)  # where nothing fits, both cancel out
        change = np.bincount(begin, minlength=size + 1)
        change -= np.bincount(end, minlength=size + 1)
        return change[:size].cumsum()


class Change(NamedTuple):
    """What was rewritten since counts were computed.

    Attributes:
        span: First minute and first minute beyond.
        agent: Index of the agent; ``None`` for unassigned appointments.
    """

    span: tuple[int, int]
    agent: int | None


class Counts:
    """Numbers of agents per start for one kind of appointment.

    Attributes:
        agents: Designated agents.
        known: Designated agents whose calendar is known; only they count as free.
        designated: Number of designated agents on duty for the whole span, per start.
        free: Number of these that are free, per start.
        room: Per start, whether one more appointment can be placed beside the
            unassigned ones: ``YES``, ``NO``, or ``NOT_ASKED`` after a change.
        noted: Number of changes of the index that are part of the counts.

    Args:
        records: Time of all agents.
        grid: The starts.
        group: Queue and language.
        rules: The institution's rules for this length and these buffers.
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
        """The memory it takes."""
        return self.designated.nbytes + 2 * self.free.nbytes + self.room.nbytes

    def update(self, records: Records, changes: Iterable[Change]) -> None:
        """Update the counts for changes.

        Args:
            records: Time of all agents, which contains the changes.
            changes: In any order.
        """
        different = set(changes)
        for span in {it.span for it in different}:
            self.forget(records, span)
        for span in {it.span for it in different if self._counts(it.agent)}:
            self._recount(records, self.part(span, records.widest_buffer))

    def _counts(self, agent: int | None) -> bool:
        return agent is not None and bool(self.known[agent])

    def _recount(self, records: Records, part: slice) -> None:
        known = np.flatnonzero(self.known)
        working = self.working_gaps(records, known, part)
        self.free[part] = self.tally(records, known, working, part)

    def follow(self, records: Records, now: datetime) -> None:
        """Update the counts for calendars that became known or unknown with time."""
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
        """Reset ``room`` where something changed within a span of minutes.

        Unassigned appointments may have to make room for each other; all that may be
        affected are in the crowds that the span touches.
        """
        reach = max(records.widest_buffer, *self._buffers)
        hull = records.waitlist.hull(span[0] - reach, span[1] + reach)
        self.room[self.part(hull, reach)] = NOT_ASKED

    def part(self, span: tuple[int, int], buffer: int) -> slice:
        """Return the starts that a change within a span of minutes may affect.

        Args:
            span: First changed minute and first minute beyond.
            buffer: The widest buffer, in minutes.
        """
        reach = max(buffer, *self._buffers)
        return self.grid.part(span[0] - reach - self._length + 1, span[1] + reach)

    def working_gaps(self, records: Records, agents: Minutes, here: slice) -> Gaps:
        """Return the working time of some agents around a part of the grid."""
        return records.working_gaps(agents, self._window(here), self.group.branch_id)

    def tally(
        self, records: Records, agents: Minutes, working: Gaps, here: slice
    ) -> Minutes:
        """Return the number of free agents at each start of a part.

        Args:
            records: Time of all agents.
            agents: Indexes of agents, ascending.
            working: Their working time.
            here: The part, as indexes.
        """
        window = self._window(here)
        free = records.free(agents, working, window, self._buffers)
        return self.grid.count(free, self._length, here)

    def rivals(self, records: Records) -> Numbers:
        """Return the number of competing unassigned appointments per start."""
        if self._waiting != records.waitlist.changes:
            self._waiting = records.waitlist.changes
            waits = records.waitlist.groups()
            groups = records.agent_index.groups_of_agents(waits, self.agents)
            claim = Claim(0, self._length, *self._buffers)
            waiting = records.waitlist.of(groups)
            rivals = count_rivals_at(self.grid.starts, claim, waiting)
            self._rivals = rivals.astype(np.int32)
        return self._rivals

    def _window(self, here: slice) -> tuple[int, int]:
        starts = self.grid.starts[here]
        if not starts.size:
            return 0, 0
        return int(starts[0]), int(starts[-1]) + self._length
