"""Spans of many owners, so that a few of them are found without looking at the rest."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.sheet import END, START, Rows
from invo_booking.domain.timetable import Spans
from invo_booking.domain.wall import DAY_MINUTES, Minutes

_SPARE = 8
_LATEST = np.iinfo(np.int32).max


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

    def near(
        self, owners: Minutes, first: int, last: int
    ) -> tuple[Spans, NDArray[np.int32]]:
        """Return all spans that share a minute with ``[first, last)``, and some more.

        Args:
            owners: Whose, ascending.
            first: First minute of interest.
            last: First minute beyond.

        Returns:
            The spans, and the kind of each.
        """
        owner, rows = self._short.between(owners, first - DAY_MINUTES, last)
        if self._long.size:
            more, long = self._long.between(owners, -_LATEST, last)
            owner, rows = np.concatenate((owner, more)), np.concatenate((rows, long))
        start, end, before, after, kind = rows.T
        return Spans(
            owner,
            start.astype(np.int64),
            end.astype(np.int64),
            before.astype(np.int64),
            after.astype(np.int64),
        ), kind


class _Run:
    """Rows of all owners in one array, with room behind each owner's for more.

    Keys rise through the whole array; a place without a row has the owner's last key.
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
        self._rows = np.zeros((int(self._first[-1]), 5), np.int32)
        self._keys = _key(np.repeat(np.arange(self._owners), room), _LATEST)
        ends = np.concatenate(([0], np.cumsum(counts))).tolist()
        for place, (begin, end) in zip(
            self._first.tolist(), pairwise(ends), strict=False
        ):
            self._rows[place : place + end - begin] = rows[begin:end]
            self._keys[place : place + end - begin] = keys[begin:end]

    def between(self, owners: Minutes, first: int, last: int) -> tuple[Minutes, Rows]:
        low = np.searchsorted(self._keys, _key(owners, first))
        count = np.searchsorted(self._keys, _key(owners, last)) - low
        before = np.cumsum(count) - count
        place = np.arange(int(count.sum())) + np.repeat(low - before, count)
        return np.repeat(owners, count), self._rows.take(place, axis=0)

    def part(self, owner: int, first: int, last: int) -> Rows:
        low, high, _ = self._places(owner, first, last)
        return self._rows[low:high].copy()

    def replace(self, owner: int, first: int, last: int, rows: Rows) -> None:
        begin, end = self._first[owner : owner + 2].tolist()
        low, high, stop = self._places(owner, first, last)
        fresh = rows[np.argsort(rows[:, START], kind="stable")]
        kept = np.concatenate((self._rows[begin:low], fresh, self._rows[high:stop]))
        self.size += len(rows) - (high - low)
        if len(kept) > end - begin:
            self._grow(owner, kept)
            return
        stop = begin + len(kept)
        self._rows[begin:stop] = kept
        self._keys[begin:stop] = kept[:, START]
        self._keys[stop:end] = _LATEST
        self._keys[begin:end] += owner << 32

    def _places(self, owner: int, first: int, last: int) -> list[int]:
        """Where an owner's rows from ``first`` begin, from ``last``, and all end."""
        minutes = np.array((first, last, _LATEST)) + (owner << 32)
        return np.searchsorted(self._keys, minutes).tolist()

    def _grow(self, owner: int, rows: Rows) -> None:
        others = np.delete(np.arange(self._owners), owner)
        whose, theirs = self.between(others, -_LATEST, _LATEST)
        owners = np.concatenate((whose, np.full(len(rows), owner)))
        self.fill(owners, np.concatenate((theirs, rows)))


def _lasting(rows: Rows) -> NDArray[np.bool_]:
    return rows[:, END] - rows[:, START] > DAY_MINUTES


def _key(owner: Minutes, start: NDArray[np.int32] | int) -> Minutes:
    return (owner << 32) + start
