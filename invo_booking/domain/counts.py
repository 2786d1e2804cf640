"""How many agents are free at every start of a span, kept ready."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.capacity import Claim, rivals_at
from invo_booking.domain.evaluation import closed_days
from invo_booking.domain.reasons import Rule
from invo_booking.domain.records import Records
from invo_booking.domain.roll import Flags
from invo_booking.domain.rules import Rules
from invo_booking.domain.supply import Group
from invo_booking.domain.timetable import Gaps
from invo_booking.domain.wall import Minutes, instant_at, wall_grid

NOT_ASKED, NO, YES = -1, 0, 1


class Grid:
    """The starts of a span, found by their minute without a search.

    Args:
        zone: Whose wall clock the starts follow.
        step: Minutes between starts.
        first: First minute of the span.
        last: First minute beyond.
    """

    def __init__(self, zone: ZoneInfo, step: int, first: int, last: int) -> None:
        self.starts = wall_grid(zone, step, first, last)
        self._first, self._size = first, last - first
        marks = np.zeros(last - first + 1, np.int64)
        marks[self.starts - first + 1] = 1
        self._before: Minutes = np.cumsum(marks)
        self._instants: NDArray[np.object_] = np.full(self.starts.size, None)
        self._made: Flags = np.zeros(self.starts.size, np.bool_)

    def instants(self, here: slice, chosen: Flags) -> list[datetime]:
        """Return the flagged starts of a part of the grid as instants in UTC."""
        asked = here.start + np.flatnonzero(chosen)
        missing = asked[~self._made[asked]]
        for index, minute in zip(
            missing.tolist(), self.starts[missing].tolist(), strict=True
        ):
            self._instants[index] = instant_at(minute)
        self._made[missing] = True
        return self._instants[asked].tolist()

    def at(self, minutes: Minutes) -> Minutes:
        """Return for each minute the index of the first start at or after it."""
        return self._before[np.clip(minutes - self._first, 0, self._size)]

    def part(self, first: int, last: int) -> slice:
        """Return the part of the grid from a minute on and before another."""
        begin, end = self.at(np.array((first, last))).tolist()
        return slice(begin, max(begin, end))

    def count(self, gaps: Gaps, length: int, here: slice) -> Minutes:
        """Return for each start of a part of the grid how many gaps hold it.

        Args:
            gaps: Where something may be placed.
            length: Minutes that must fit.
            here: The part, as indexes.
        """
        size = here.stop - here.start
        begin = np.clip(self.at(gaps.start), here.start, here.stop) - here.start
        end = np.clip(self.at(gaps.end - length + 1), here.start, here.stop)
        end -= here.start
        real = begin < end
        opened = np.bincount(begin[real], minlength=size + 1)
        closed = np.bincount(end[real], minlength=size + 1)
        return np.cumsum(opened - closed)[:size]


class Counts:
    """Agents per start for one kind of appointment.

    Attributes:
        agents: Who is designated.
        known: Those of them whose calendar is known: only they are counted as free.
        designated: How many are on duty throughout, per start of the grid.
        free: How many of them are free, per start of the grid.
        room: Per start, whether one more can be placed beside all who wait: ``YES``,
            ``NO``, or ``NOT_ASKED`` since what it hangs on changed.

    Args:
        records: Everybody's time.
        grid: The starts.
        group: Queue and language.
        length: Minutes the appointment lasts.
        buffers: Minutes to keep free in front and behind.
    """

    def __init__(
        self,
        records: Records,
        grid: Grid,
        group: Group,
        length: int,
        buffers: tuple[int, int],
    ) -> None:
        self.grid = grid
        self.group = group
        self.agents = records.roll.designated(group)
        self.known = np.zeros_like(self.agents)
        self._everybody = self.known
        self.free = np.zeros(grid.starts.size, np.int64)
        self.room = np.full(grid.starts.size, NOT_ASKED, np.int8)
        self._length = length
        self._buffers = buffers
        self._all = slice(0, grid.starts.size)
        self._days: tuple[bool, dict[date, str]] | None = None
        self._closed = np.zeros(grid.starts.shape, np.bool_)
        self._line = -1
        self._rivals = self.free
        agents = np.flatnonzero(self.agents)
        working = records.working(agents, self._window(self._all))
        self.designated = grid.count(working, length, self._all)

    def follow(self, records: Records, now: datetime) -> None:
        """Take account of calendars that became known or unknown with time."""
        everybody = records.roll.known(now)
        if np.array_equal(everybody, self._everybody):
            return
        self.room[:] = NOT_ASKED
        self._everybody, known = everybody, self.agents & everybody
        for agents, change in ((known & ~self.known, 1), (self.known & ~known, -1)):
            indexes = np.flatnonzero(agents)
            self.free += change * self.tally(records, indexes, self._all)
        self.known = known

    def forget(self, records: Records, span: tuple[int, int]) -> None:
        """Ask anew who has room where something changed within a span of minutes.

        Those who wait may have to give way to each other: all who may be concerned
        are within the crowds the span meets.
        """
        reach = max(records.widest_buffer, *self._buffers)
        hull = records.waitlist.hull(span[0] - reach, span[1] + reach)
        self.room[self.part(hull, reach)] = NOT_ASKED

    def part(self, span: tuple[int, int], buffer: int) -> slice:
        """Return the starts that a change within a span of minutes may concern.

        Args:
            span: First minute that changed and first beyond.
            buffer: The widest of anybody's.
        """
        reach = max(buffer, *self._buffers)
        return self.grid.part(span[0] - reach - self._length + 1, span[1] + reach)

    def tally(self, records: Records, agents: Minutes, here: slice) -> Minutes:
        """Return how many of some agents are free at each start of a part."""
        starts = self.grid.starts[here]
        if not agents.size or not starts.size:
            return np.zeros(starts.shape, np.int64)
        free = records.free(agents, self._window(here), self._buffers)
        return self.grid.count(free, self._length, here)

    def closed(self, rules: Rules) -> Flags:
        """Return which starts touch a weekend or a holiday that is closed."""
        key = rules.weekends_off, rules.holidays
        if self._days != key:
            self._days = key[0], dict(key[1])
            days = closed_days(rules, self.grid.starts)
            self._closed = days[Rule.WEEKEND] | days[Rule.HOLIDAY]
        return self._closed

    def rivals(self, records: Records) -> Minutes:
        """Return how many who wait may compete, per start."""
        if self._line != records.waitlist.changes:
            self._line = records.waitlist.changes
            groups = [
                it
                for it in records.waitlist.groups()
                if (records.roll.designated(it) & self.agents).any()
            ]
            claim = Claim(0, self._length, *self._buffers)
            line = records.waitlist.of(groups)
            self._rivals = rivals_at(self.grid.starts, claim, line)
        return self._rivals

    def _window(self, here: slice) -> tuple[int, int]:
        starts = self.grid.starts[here]
        if not starts.size:
            return 0, self._length
        return int(starts[0]), int(starts[-1]) + self._length
