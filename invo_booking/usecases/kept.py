"""Answers kept in this process under a key that names all they depend on."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from invo_booking.domain.slots import Slot


class Kept:
    """The last slot lists asked for.

    What is kept is only ever offered, never booked from: a booking asks the engine
    again inside its own transaction.
    """

    MOST = 256

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, list[Slot]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> list[Slot] | None:
        """Return what was kept under this key, if it still is."""
        with self._lock:
            return self._kept.get(key)

    def put(self, key: Hashable, slots: list[Slot]) -> None:
        """Keep slots; the oldest make room."""
        with self._lock:
            self._kept[key] = slots
            while len(self._kept) > self.MOST:
                self._kept.popitem(last=False)
