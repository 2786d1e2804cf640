"""Index the busy or working spans of many owners for fast lookup."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.days import (
    AFTER,
    BEFORE,
    END,
    KIND,
    NOTHING,
    START,
    Rows,
)
from invo_booking.domain.slots.schedules import Spans, collide
from invo_booking.domain.wall import DAY_MINUTES, Minutes, join_ranges

_SPARE = 8
_LATEST = np.iinfo(np.int32).max
_MANY = 32
"""Number of rows above which copying all rows is faster than picking some of them."""


class LazyOwners:
    """Decides for which owners an index is filled.

    At first, the index is filled for the owners of the first query, so that a new
    process can soon answer this query. When a query needs another owner, the index is
    filled for all owners.

    Attributes:
        are_all: Whether the index is filled for all owners.

    Args:
        owners: Number of owners.
    """

    def __init__(self, owners: int) -> None:
        self.are_all = owners == 0
        self._is_filled = np.zeros(owners, np.bool_)

    def extend(self, owners: Minutes | slice) -> Minutes | None:
        """Return the owners to fill the index for; ``None`` if no owner is missing."""
        if self.are_all or self._is_filled[owners].all():
            return None
        self._is_filled[slice(None) if self._is_filled.any() else owners] = True
        self.are_all = bool(self._is_filled.all())
        return np.flatnonzero(self._is_filled)


class IntervalIndex:
    """Spans by owner and start.

    Owners are agents, by index. The few spans longer than a day are stored separately,
    so that all other spans that overlap a window start at most a day before the window.

    Args:
        owners: Number of owners.
    """

    def __init__(self, owners: int) -> None:
        self._owners = owners
        self._short = _RowRun(owners)
        self._long = _RowRun(owners)

    def fill(
        self, rows: Sequence[Rows], owners: Minutes, *, with_space: bool = True
    ) -> None:
        """Replace all spans.

        Args:
            rows: Rows of each of ``owners``, in any order.
            owners: Owners with spans, ascending.
            with_space: Whether to leave space for later spans of these owners.
        """
        self._short.fill(rows, owners, with_space)
        self._long = _RowRun(self._owners)
        if self._short.longest > DAY_MINUTES:
            long = [it[_rows_with_length(it)] for it in rows]
            short = [it[~_rows_with_length(it)] for it in rows]
            self._long.fill(long, owners, with_space)
            self._short.fill(short, owners, with_space)

    def pack(self, owner: Minutes, start: Minutes, end: Minutes) -> None:
        """Replace all spans; the index must not be changed afterwards.

        Args:
            owner: Owner of each span, ascending.
            start: First minutes, ascending for each owner.
            end: First minutes beyond.
        """
        long = end - start > DAY_MINUTES
        self._long.pack(owner[long], start[long], end[long])
        if long.any():
            owner, start, end = owner[~long], start[~long], end[~long]
        self._short.pack(owner, start, end)

    @property
    def widest_buffer(self) -> int:
        """The widest buffer of any span with which the index was filled, in minutes."""
        return max(self._short.widest_buffer, self._long.widest_buffer)

    def replace(self, owner: int, first: int, last: int, rows: Rows) -> None:
        """Replace an owner's spans that start in ``[first, last)``."""
        long = _rows_with_length(rows)
        if self._long.size or long.any():
            self._long.replace(owner, first, last, rows[long])
            rows = rows[~long]
        self._short.replace(owner, first, last, rows)

    def rows_between(self, owner: int, first: int, last: int) -> Rows:
        """Return an owner's spans that start in ``[first, last)``."""
        rows = self._short.part(owner, first, last)
        if not self._long.size:
            return rows
        return np.concatenate((rows, self._long.part(owner, first, last)))

    def near(self, owners: Minutes, first: int, last: int) -> tuple[Spans, Minutes]:
        """Return the spans that overlap ``[first, last)``, and some spans near it.

        Args:
            owners: Indexes of owners, ascending.
            first: First minute.
            last: First minute beyond.

        Returns:
            The spans, and the kind of each.
        """
        owner, columns = self._short.between(owners, first - DAY_MINUTES, last)
        if self._long.size:
            more, long = self._long.between(owners, -_LATEST, last)
            owner = np.concatenate((owner, more))
            columns = np.concatenate((columns, long), axis=1)
        start, end, before, after, kind = columns.astype(np.int64)
        return Spans(owner, start, end, before, after), kind

    def contain(self, spans: Spans) -> Flags:
        """Return for each span whether one stored span of its agent contains it.

        Spans of the same owner must not overlap.
        """
        flags = self._short.contain(spans)
        return flags | self._long.contain(spans) if self._long.size else flags

    def collide(self, spans: Spans, widest_buffer: int) -> Flags:
        """Return for each span whether it collides with a stored span of its agent.

        Args:
            spans: Spans with buffers; ``agent`` is the owner.
            widest_buffer: The widest buffer of any span, in minutes.
        """
        flags = self._short.collide(spans, widest_buffer)
        if self._long.size:
            flags |= self._long.collide(spans, widest_buffer)
        return flags


class _RowRun:
    """Rows of all owners in one array, with free space after each owner's rows.

    The array is transposed: each span is a column, so that all starts are contiguous in
    memory, and so are all ends. Each column has a sort key; the keys ascend, and
    columns of free space have the highest key of their owner.

    Attributes:
        size: Number of spans.
        longest: Length of the longest span, in minutes; may be too large after a
            change.
        widest_buffer: The widest buffer of any span with which the array was filled.
    """

    def __init__(self, owners: int) -> None:
        self.size = self.longest = self.widest_buffer = 0
        self._first = np.zeros(owners + 1, np.int64)
        self._columns = NOTHING.T
        self._keys = np.zeros(0, np.int64)

    def pack(self, owner: Minutes, start: Minutes, end: Minutes) -> None:
        """Store spans without free space."""
        self.size = owner.size
        counts = np.bincount(owner, minlength=self._first.size - 1)
        self._first = np.concatenate(([0], counts.cumsum()))
        self._columns = np.zeros((5, owner.size), np.int32)
        self._columns[START], self._columns[END] = start, end
        self._keys = _key(owner, self._columns[START])
        self.longest = _longest(self._columns)
        self.widest_buffer = 0

    def fill(
        self,
        rows: Sequence[Rows],
        owners: Minutes,
        with_space: bool,  # noqa: FBT001
    ) -> None:
        counts = np.array([len(it) for it in rows], np.int64)
        spare = (_SPARE + counts // 16) * with_space
        self.size = int(counts.sum())
        self._first[:] = 0
        self._first[owners + 1] = counts + spare
        self._first.cumsum(out=self._first)
        parts = _rows_with_space(rows, spare) if with_space else rows
        self._columns = np.empty((NOTHING.shape[1], int(self._first[-1])), np.int32)
        np.concatenate([NOTHING, *parts], out=self._columns.T)
        self._keys = _key(owners.repeat(counts + spare), self._columns[START])
        if (self._keys[1:] < self._keys[:-1]).any():
            order = self._keys.argsort(kind="stable")
            self._columns, self._keys = self._columns[:, order], self._keys[order]
        self.longest = _longest(self._columns)
        self.widest_buffer = int(self._columns[BEFORE : AFTER + 1].max(initial=0))

    def between(
        self, owners: Minutes, first: int, last: int
    ) -> tuple[Minutes, NDArray[np.int32]]:
        if owners.size == 1:
            low, high, _ = self._places(int(owners[0]), first, last)
            return owners.repeat(high - low), self._columns[:, low:high]
        low = self._keys.searchsorted(_key(owners, first))
        count = self._keys.searchsorted(_key(owners, last)) - low
        total = int(count.sum())
        if total > _MANY * owners.size:
            ends = zip(low.tolist(), (low + count).tolist(), strict=True)
            parts = [self._columns[:, begin:end] for begin, end in ends]
            return owners.repeat(count), np.concatenate(parts, axis=1)
        place = join_ranges(low, count)
        return owners.repeat(count), self._columns.take(place, axis=1)

    def contain(self, spans: Spans) -> Flags:
        if not self.size:
            return np.zeros(spans.agent.shape, np.bool_)
        keys = _key(spans.agent, spans.start)
        place = self._keys.searchsorted(keys, side="right") - 1
        is_theirs = self._keys[place] >= _key(spans.agent, 0)
        return is_theirs & (place >= 0) & (spans.end <= self._columns[END][place])

    def collide(self, spans: Spans, widest_buffer: int) -> Flags:
        first = spans.start - widest_buffer - self.longest
        low = self._keys.searchsorted(_key(spans.agent, first))
        last = spans.end + widest_buffer
        count = self._keys.searchsorted(_key(spans.agent, last)) - low
        which = np.arange(count.size).repeat(count)
        place = join_ranges(low, count)
        start, end, before, after = self._columns[:KIND].take(place, axis=1)
        near = Spans(which, start, end, before, after)
        hit = which[collide(near, spans.at(which))]
        return np.bincount(hit, minlength=count.size) > 0

    def part(self, owner: int, first: int, last: int) -> Rows:
        low, high, _ = self._places(owner, first, last)
        return self._columns[:, low:high].T.copy()

    def replace(self, owner: int, first: int, last: int, rows: Rows) -> None:
        begin, end = self._first[owner : owner + 2].tolist()
        low, high, stop = self._places(owner, first, last)
        fresh = rows[np.argsort(rows[:, START], kind="stable")].T
        behind = self._columns[:, high:stop].copy()
        self.size += len(rows) - (high - low)
        after = low + len(rows)
        stop = after + behind.shape[1]
        if stop > end:
            before = self._columns[:, begin:low]
            self._grow(owner, np.concatenate((before, fresh, behind), axis=1).T)
            return
        self.longest = max(self.longest, _longest(fresh))
        self._columns[:, low:after] = fresh
        self._columns[:, after:stop] = behind
        self._keys[low:stop] = self._columns[START, low:stop]
        self._keys[stop:end] = _LATEST
        self._keys[low:end] += owner << 32

    def _places(self, owner: int, first: int, last: int) -> list[int]:
        """Return the columns of ``first``, ``last`` and the end of an owner's rows."""
        minutes = np.array((first, last, _LATEST)) + (owner << 32)
        return self._keys.searchsorted(minutes).tolist()

    def _grow(self, owner: int, rows: Rows) -> None:
        owners = np.arange(self._first.size - 1)
        every = [self.part(it, -_LATEST, _LATEST) for it in owners.tolist()]
        every[owner] = rows
        self.fill(every, owners, with_space=True)


def _rows_with_space(rows: Sequence[Rows], spare: Minutes) -> Iterable[Rows]:
    blank = np.zeros((int(spare.max(initial=0)), NOTHING.shape[1]), np.int32)
    blank[:, START] = blank[:, END] = _LATEST
    blanks = (blank[:it] for it in spare.tolist())
    return chain.from_iterable(zip(rows, blanks, strict=True))


def _longest(columns: NDArray[np.int32]) -> int:
    return int((columns[END] - columns[START]).max(initial=0))


def _rows_with_length(rows: Rows) -> NDArray[np.bool_]:
    return rows[:, END] - rows[:, START] > DAY_MINUTES


def _key(owner: Minutes, start: NDArray[np.int32] | Minutes | int) -> Minutes:
    return (owner << 32) + start
