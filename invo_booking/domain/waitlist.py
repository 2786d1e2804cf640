"""Appointments that wait for an agent, kept as rows."""

from collections.abc import Iterable

import numpy as np

from invo_booking.domain.interval import Interval
from invo_booking.domain.sheet import AFTER, BEFORE, END, START, Rows
from invo_booking.domain.shelf import NOTHING, Shelf
from invo_booking.domain.supply import Group, Waiting
from invo_booking.domain.timetable import Spans
from invo_booking.domain.wall import MINUTE, Minutes, instant_at


class Waitlist:
    """Everybody who waits, and who may compete with whom.

    Those who wait at about the same time form a crowd: between two crowds there is
    more time than any buffer asks for, so that nobody competes across.

    Attributes:
        changes: How often somebody came or went.
    """

    def __init__(self) -> None:
        self.changes = 0
        self._shelf = Shelf[Group]()
        self._crowds: _Crowds | None = None

    def fill(self, group: Group, rows: Rows) -> None:
        """Put everybody of a group in, in place of all who were there."""
        self.replace(group, *_EVER, rows)

    def replace(self, group: Group, first: int, last: int, rows: Rows) -> None:
        """Put rows in place of those that start from ``first`` and before ``last``."""
        self._crowds = None
        self.changes += 1
        self._shelf.replace(group, first, last, rows)

    def groups(self) -> list[Group]:
        """Return the groups somebody waits in."""
        return self._shelf.owners()

    def of(self, groups: Iterable[Group]) -> Spans:
        """Return who waits in some groups."""
        rows = np.concatenate([NOTHING, *(self._shelf.of(it) for it in groups)])
        start, end, before, after, _ = rows.T.astype(np.int64)
        return Spans(np.arange(len(rows)), start, end, before, after)

    def around(self, low: Minutes, high: Minutes) -> list[Waiting]:
        """Return all of every crowd that shares a minute with a span.

        Args:
            low: First minutes of the spans, buffers included.
            high: First minutes beyond them.
        """
        if self._crowds is None:
            self._crowds = _Crowds(self._shelf)
        return self._crowds.around(low, high)

    def within(self, low: int, high: int) -> list[Waiting]:
        """Return who waits for a span that shares a minute with ``[low, high)``."""
        groups = self.groups()
        owner, rows = self._shelf.near(groups, low, high)
        return _waiting(groups, owner, rows)


_EVER = (np.iinfo(np.int32).min, np.iinfo(np.int32).max)


class _Crowds:
    def __init__(self, shelf: Shelf[Group]) -> None:
        self._groups = shelf.owners()
        owner, rows = shelf.near(self._groups, *_EVER)
        low, high = rows[:, START] - rows[:, BEFORE], rows[:, END] + rows[:, AFTER]
        order = np.argsort(low, kind="stable")
        self._owner, self._rows = owner[order], rows[order]
        low, reach = low[order], np.maximum.accumulate(high[order])
        apart = low[1:] >= reach[:-1]
        first = np.concatenate((np.ones(min(len(low), 1), np.bool_), apart))
        last = np.concatenate((apart, np.ones(min(len(low), 1), np.bool_)))
        self._number = np.cumsum(first) - 1
        self._low, self._high = low[first], reach[last]

    def around(self, low: Minutes, high: Minutes) -> list[Waiting]:
        begin = np.searchsorted(self._high, low, side="right")
        end = np.searchsorted(self._low, high, side="left")
        size = self._low.size
        change = np.zeros(size + 1, np.int64)
        met = begin < end
        np.add.at(change, begin[met], 1)
        np.add.at(change, end[met], -1)
        mine = (np.cumsum(change)[:size] > 0)[self._number]
        return _waiting(self._groups, self._owner[mine], self._rows[mine])


def _waiting(groups: list[Group], owner: Minutes, rows: Rows) -> list[Waiting]:
    owners: list[int] = owner.tolist()
    return [
        Waiting(
            Interval(instant_at(start), instant_at(end)),
            before * MINUTE,
            after * MINUTE,
            groups[index].queue_id,
            groups[index].language,
        )
        for index, (start, end, before, after, _) in zip(
            owners, rows.tolist(), strict=True
        )
    ]
