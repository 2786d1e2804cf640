"""Day sheets of many owners, each owner's laid together as one array."""

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.sheet import END, START, Rows

Owner = TypeVar("Owner", bound=Hashable)

NOTHING: Rows = np.zeros((0, 5), np.int32)


class Shelf(Generic[Owner]):
    """Spans by owner, ordered by their start."""

    def __init__(self) -> None:
        self._rows: dict[Owner, Rows] = {}

    def fill(
        self, owners: Sequence[Owner], owner: NDArray[np.int64], rows: Rows
    ) -> None:
        """Put the spans of all owners in at once.

        Args:
            owners: Every owner once.
            owner: For each row, whose it is, as an index into ``owners``.
            rows: In any order; the nearer to that of owner and start, the faster.
        """
        order = np.argsort((owner << 32) + rows[:, START], kind="stable")
        rows = rows[order]
        bounds = np.searchsorted(owner[order], np.arange(len(owners) + 1)).tolist()
        for name, (first, last) in zip(owners, pairwise(bounds), strict=True):
            self._rows[name] = rows[first:last]

    def replace(self, owner: Owner, first: int, last: int, rows: Rows) -> None:
        """Put spans in place of those that start from ``first`` and before ``last``."""
        kept = self.of(owner)
        low, high = np.searchsorted(kept[:, START], (first, last)).tolist()
        fresh = rows[np.argsort(rows[:, START], kind="stable")]
        self._rows[owner] = np.concatenate((kept[:low], fresh, kept[high:]))

    def starting(self, owner: Owner, first: int, last: int) -> Rows:
        """Return an owner's spans that start from ``first`` and before ``last``."""
        kept = self.of(owner)
        low, high = np.searchsorted(kept[:, START], (first, last)).tolist()
        return kept[low:high]

    def of(self, owner: Owner) -> Rows:
        """Return an owner's spans; do not change them."""
        return self._rows.get(owner, NOTHING)

    def near(
        self, owners: Sequence[Owner], first: int, last: int
    ) -> tuple[NDArray[np.int64], Rows]:
        """Return the spans that share a minute with ``[first, last)``.

        Returns:
            For each row its owner, as an index into ``owners``; and the rows.
        """
        kept = [self.of(owner) for owner in owners]
        rows = np.concatenate([NOTHING, *kept])
        owner = np.repeat(np.arange(len(kept)), [len(it) for it in kept])
        close = (rows[:, START] < last) & (rows[:, END] > first)
        return owner[close], rows[close]

    def owners(self) -> list[Owner]:
        """Return who has spans."""
        return [owner for owner, rows in self._rows.items() if len(rows)]
