"""Describe what committed changes were about, so that open pages can update."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

SESSIONS = "sessions"
"""Subject: sessions ended. This does not change what pages show."""

SETTINGS = "settings"
"""Subject: people, hours, Answers or settings changed."""

ANYTHING = "anything"
"""Subject: anything may have changed. Used when notifications may have been missed or
cannot be read."""


@dataclass(frozen=True, slots=True)
class Notification:
    """The subjects of committed changes.

    Attributes:
        subjects: The subjects, such as ``SESSIONS``.
        appointments: Ids of changed appointments; ``None`` if unknown.
    """

    subjects: frozenset[str]
    appointments: frozenset[str] | None

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Return one notification that combines several."""
        subjects = frozenset[str]().union(*(part.subjects for part in parts))
        known = [it.appointments for it in parts if it.appointments is not None]
        if len(known) < len(parts):
            return cls(subjects | {ANYTHING}, None)
        return cls(subjects, frozenset[str]().union(*known))


MISSED = Notification(frozenset({ANYTHING}), None)
"""The notification that a listener assumes after its connection was interrupted."""
