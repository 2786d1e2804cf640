"""Answers kept in this process under a key that names all they depend on."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from invo_booking.domain.slots import Slot


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    slots: list[Slot] | None = None


class Kept:
    """The last slot lists asked for.

    What is kept is only ever offered, never booked from: a booking asks the engine
    again inside its own transaction.
    """

    MOST = 256

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, find: Callable[[], list[Slot]]) -> list[Slot]:
        """Return what is kept under a key; if nothing is, find and keep it.

        Of many who ask for the same at once one finds it and the others wait.
        """
        entry = self._entry(key)
        with entry.lock:
            if entry.slots is None:
                entry.slots = find()
            return entry.slots

    def _entry(self, key: Hashable) -> _Entry:
        with self._lock:
            entry = self._kept.setdefault(key, _Entry())
            while len(self._kept) > self.MOST:
                self._kept.popitem(last=False)
            return entry
