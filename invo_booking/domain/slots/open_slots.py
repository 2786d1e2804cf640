"""Represent open slots compactly; objects are created only on access."""

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
    """Open slots of one length, earliest first; equal to any equal sequence.

    Computing thousands of slots is cheaper than creating an object for each; code that
    needs only their starts reads ``starts``.

    Args:
        length: Length of each, in whole minutes.
        starts: In minutes since 1970, ascending.
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
        """Length of each, in minutes."""
        return self.length // MINUTE

    def around(self, instant: datetime, count: int) -> "Slots":
        """Return a range that contains the ``count`` slots closest to an instant."""
        place = int(self.starts.searchsorted(floor_minute(instant)))
        return self[max(place - count, 0) : place + count + 1]

    def days(self, zone: ZoneInfo) -> set[date]:
        """Return the local dates of the starts."""
        numbers = np.unique(local_minutes(zone, self.starts) // DAY_MINUTES)
        return set(map(day_of_number, numbers.tolist()))

    def columns(self) -> tuple[Minutes, Numbers, Numbers]:
        """Return starts, numbers of free and numbers of designated agents."""
        return self.starts, self._free, self._designated


def merge_slots(length: timedelta, parts: Sequence[Slots]) -> tuple[Slots, list[int]]:
    """Return each start of several lists once, and the list that each one is from.

    A start in several lists is taken from the one with the most free agents; of equal
    ones, from the first.

    Args:
        length: Length of the slots of all lists.
        parts: The lists.
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
