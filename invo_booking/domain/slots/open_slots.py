"""Open slots, made into objects only where somebody looks at them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast, overload
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.wall import (
    DAY_MINUTES,
    MINUTE,
    Minutes,
    day_of_number,
    floor_minute,
    instant_at,
    local_minutes,
)

_NO_MINUTES: Minutes = np.zeros(0, np.int64)


class Slot(NamedTuple):
    """An open span, in UTC, with how many designated agents are free in it."""

    start: datetime
    end: datetime
    free: int
    designated: int


class Slots(Sequence[Slot]):  # noqa: PLW1641  (arrays are not hashed)
    """Open slots of one length, earliest first; equal to any sequence of the same.

    To find thousands of them costs less than to make an object of each, so whoever
    needs their starts only reads ``starts``.

    Args:
        length: How long each lasts, in whole minutes.
        starts: In minutes since 1970, ascending.
        free: How many agents are free, per slot.
        designated: How many are designated, per slot.
    """

    def __init__(
        self,
        length: timedelta,
        starts: Minutes = _NO_MINUTES,
        free: Minutes = _NO_MINUTES,
        designated: Minutes = _NO_MINUTES,
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
        """How long each lasts."""
        return self.length // MINUTE

    def around(self, instant: datetime, count: int) -> "Slots":
        """Return those among which the ``count`` closest to an instant are."""
        place = int(self.starts.searchsorted(floor_minute(instant)))
        return self[max(place - count, 0) : place + count + 1]

    def days(self, zone: ZoneInfo) -> set[date]:
        """Return the local dates on which any of them start."""
        numbers = np.unique(local_minutes(zone, self.starts) // DAY_MINUTES)
        return set(map(day_of_number, numbers.tolist()))
