"""Spans of many owners, so that a few of them are found without looking at the rest."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.sheet import END, START, Rows
from invo_booking.domain.timetable import Spans
from invo_booking.domain.wall import DAY_MINUTES, Minutes

_SPARE = 8
_LATEST = np.iinfo(np.int32).max
_NONE: NDArray[np.int32] = np.zeros((5, 0), np.int32)


class Shelf:
    """Spans by owner and start.

    The few that last longer than a day are kept apart: of the others, those that may
    share a minute with a window start at most a day before it.

    Args:
        owners: How many there are.
    """

    def __init__(self, owners: int) -> None:
        self._short = _Run(owners)
        self._long = _Run(owners)

    def fill(self, owner: Minutes, rows: Rows) -> None:
        """Put all spans in at once, in place of all that were there.

        Args:
            owner: For each row, whose it is.
            rows: In any order; the nearer to that of owner and start, the faster.
        """
        long = _lasting(rows)
        self._long.fill(owner[long], rows[long])
        if long.any():
            owner, rows = owner[~long], rows[~long]
        self._short.fill(owner, rows)

    def replace(self, owner: int, first: int, last: int, rows: Rows) -> None:
        """Put spans in place of those that start from ``first`` and before ``last``."""
        long = _lasting(rows)
        if self._long.size or long.any():
            self._long.replace(owner, first, last, rows[long])
            rows = rows[~long]
        self._short.replace(owner, first, last, rows)

    def starting(self, owner: int, first: int, last: int) -> Rows:
        """Return an owner's spans that start from ``first`` and before ``last``."""
        rows = self._short.part(owner, first, last)
        if not self._long.size:
            return rows
        return np.concatenate((rows, self._long.part(owner, first, last)))

    def near(self, owners: Minutes, first: int, last: int) -> tuple[Spans, Minutes]:
        """Return all spans that share a minute with ``[first, last)``, and some more.

        Args:
            owners: Whose, ascending.
            first: First minute of interest.
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


class _Run:
    """Rows of all owners in one array, with room behind each owner's for more.

    The array lies on its side, a row of a sheet being a column: what is computed with
    starts or ends then reads them one after the other. Keys rise through all of it; a
    place without a row has the owner's last key.
    """

    def __init__(self, owners: int) -> None:
        self.size = 0
        self._owners = owners
        self.fill(np.zeros(0, np.int64), np.zeros((0, 5), np.int32))

    def fill(self, owner: Minutes, rows: Rows) -> None:
        keys = _key(owner, rows[:, START])
        if (keys[1:] < keys[:-1]).any():
            order = np.argsort(keys, kind="stable")
            owner, rows, keys = owner[order], rows.take(order, axis=0), keys[order]
        self.size = len(rows)
        counts = np.bincount(owner, minlength=self._owners)
        room = counts + _SPARE + counts // 16
        self._first = np.concatenate(([0], np.cumsum(room)))
        self._columns = np.zeros((5, int(self._first[-1])), np.int32)
        self._keys = _key(np.repeat(np.arange(self._owners), room), _LATEST)
        ends = np.concatenate(([0], np.cumsum(counts))).tolist()
        for place, (begin, end) in zip(
            self._first.tolist(), pairwise(ends), strict=False
        ):
            self._columns[:, place : place + end - begin] = rows[begin:end].T
            self._keys[place : place + end - begin] = keys[begin:end]

    def between(
        self, owners: Minutes, first: int, last: int
    ) -> tuple[Minutes, NDArray[np.int32]]:
        low = self._keys.searchsorted(_key(owners, first))
        high = self._keys.searchsorted(_key(owners, last))
        parts = [
            self._columns[:, begin:end]
            for begin, end in zip(low.tolist(), high.tolist(), strict=True)
        ]
        if len(parts) == 1:
            return owners.repeat(high - low), parts[0]
        return owners.repeat(high - low), np.concatenate([_NONE, *parts], axis=1)

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
            kept = self._columns[:, begin:low]
            self._grow(owner, np.concatenate((kept, fresh, behind), axis=1).T)
            return
        self._columns[:, low:after] = fresh
        self._columns[:, after:stop] = behind
        self._keys[low:stop] = self._columns[START, low:stop]
        self._keys[stop:end] = _LATEST
        self._keys[low:end] += owner << 32

    def _places(self, owner: int, first: int, last: int) -> list[int]:
        """Where an owner's rows from ``first`` begin, from ``last``, and all end."""
        minutes = np.array((first, last, _LATEST)) + (owner << 32)
        return self._keys.searchsorted(minutes).tolist()

    def _grow(self, owner: int, rows: Rows) -> None:
        others = np.delete(np.arange(self._owners), owner)
        whose, theirs = self.between(others, -_LATEST, _LATEST)
        owners = np.concatenate((whose, np.full(len(rows), owner)))
        self.fill(owners, np.concatenate((theirs.T, rows)))


def _lasting(rows: Rows) -> NDArray[np.bool_]:
    return rows[:, END] - rows[:, START] > DAY_MINUTES


def _key(owner: Minutes, start: NDArray[np.int32] | int) -> Minutes:
    return (owner << 32) + start
