"""Describe what still uses an object that an administrator wants to remove."""

from collections.abc import Iterable

from invo_booking.texts import count, say

MOST_NAMED = 5


def uses_in_words(
    *, answers: Iterable[str], people: Iterable[str] = (), live: int = 0
) -> str:
    """Return what uses an object, as part of a sentence; empty if nothing uses it."""
    parts = [
        _names("admin.uses.answers", tuple(answers)),
        _names("admin.uses.people", tuple(people)),
    ]
    if live:
        parts.append(count("admin.uses.live_appointments", live))
    return say("admin.uses.and").join(filter(None, parts))


def _names(key: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    left_out = len(names) - MOST_NAMED
    rest = say("admin.uses.more", number=left_out) if left_out > 0 else ""
    listed = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    return count(key, len(names), names=f"{listed}{rest}")
