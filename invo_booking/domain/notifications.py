"""Say what a burst of committed changes was about, so that open pages can follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

SESSIONS = "sessions"
"""Subject: sessions were ended; it changes nothing a page shows."""

SETTINGS = "settings"
"""Subject: people, hours, Answers or settings changed."""

ANYTHING = "anything"
"""Stands for notifications that may have been missed, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What a burst of changes is about.

    Attributes:
        subjects: Such as ``SESSIONS``.
        appointments: Ids of those that changed; ``None`` if nobody knows.
    """

    subjects: frozenset[str]
    appointments: frozenset[str] | None

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Return one notification about all of several."""
        subjects = frozenset[str]().union(*(part.subjects for part in parts))
        known = [it.appointments for it in parts if it.appointments is not None]
        if len(known) < len(parts):
            return cls(subjects | {ANYTHING}, None)
        return cls(subjects, frozenset[str]().union(*known))


MISSED = Notification(frozenset({ANYTHING}), None)
"""What a listener assumes after its connection was down."""
