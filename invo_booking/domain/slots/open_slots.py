"""Represent open slots as arrays, and create objects only for slots that are read."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast, overload
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.wall import (
    DAY_MINUTES,
    MINUTE,
    Minutes,
    Numbers,
    day_of_number,
    floor_minute,
    instant_at,
    local_minutes,
)

_NO_MINUTES: Minutes = np.zeros(0, np.int64)


class Slot(NamedTuple):
    """An open span, in UTC, with the number of free designated agents."""

    start: datetime
    end: datetime
    free: int
    designated: int


class Slots(Sequence[Slot]):  # noqa: PLW1641  (arrays are not hashed)
    """A sequence of open slots of one length, earliest first.

    Equal to any sequence of equal slots. Creating an object for each of thousands of
    slots would take longer than computing them; code that needs only the starts reads
    ``starts``.

    Args:
        length: Length of each slot, in whole minutes.
        starts: In minutes since 1970 in UTC, ascending.
        free: Number of free agents, per slot.
        designated: Number of designated agents, per slot.
    """

    def __init__(
        self,
        length: timedelta,
        starts: Minutes = _NO_MINUTES,
        free: Numbers = _NO_MINUTES,
        designated: Numbers = _NO_MINUTES,
    ) -> None:
        self.length = length
        self.starts = starts
        self._free = free
        self._designated = designated

    def __len__(self) -> int:
        return self.starts.size

    @overload
    def __getitem__(self, index: int) -> Slot: ...
    @overload
    def __getitem__(self, index: slice) -> "Slots": ...
    def __getitem__(self, index: int | slice) -> "Slot | Slots":
        if isinstance(index, slice):
            return Slots(
                self.length,
                self.starts[index],
                self._free[index],
                self._designated[index],
            )
        start = instant_at(int(self.starts[index]))
        free, designated = int(self._free[index]), int(self._designated[index])
        return Slot(start, start + self.length, free, designated)

    def __iter__(self) -> Iterator[Slot]:
        begins = [instant_at(minute) for minute in self.starts.tolist()]
        ends = [start + self.length for start in begins]
        figures = self._free.tolist(), self._designated.tolist()
        return map(Slot._make, zip(begins, ends, *figures, strict=True))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return list(self) == list(cast("Sequence[object]", other))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)})"

    @property
    def minutes(self) -> int:
        """Length of each slot, in minutes."""
        return self.length // MINUTE

    def around(self, instant: datetime, count: int) -> "Slots":
        """Return slots around an instant, among them the ``count`` closest."""
        place = int(self.starts.searchsorted(floor_minute(instant)))
        return self[max(place - count, 0) : place + count + 1]

    def days(self, zone: ZoneInfo) -> set[date]:
        """Return the dates in ``zone`` on which slots start."""
        numbers = np.unique(local_minutes(zone, self.starts) // DAY_MINUTES)
        return set(map(day_of_number, numbers.tolist()))

    def columns(self) -> tuple[Minutes, Numbers, Numbers]:
        """Return the starts, and the numbers of free and of designated agents."""
        return self.starts, self._free, self._designated


def merge_slots(length: timedelta, parts: Sequence[Slots]) -> tuple[Slots, list[int]]:
    """Return the merged slots of several lists, and for each slot its original list.

    If several lists have a slot with the same start, the result has the slot with the
    most free agents; among equals, the slot of the first list.

    Args:
        length: Length of the slots of all lists.
        parts: The lists.

    Returns:
        The slots, and for each slot the index of its list in ``parts``.
    """
    if not any(parts):
        return Slots(length), []
    starts, free, designated = (
        np.concatenate(column)
        for column in zip(*(part.columns() for part in parts), strict=True)
    )
    origin = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    order = np.lexsort((origin, -free, starts))
    chosen = order[np.unique(starts[order], return_index=True)[1]]
    merged = Slots(length, starts[chosen], free[chosen], designated[chosen])
    return merged, origin[chosen].tolist()
