"""Describe what still uses an object that is to be removed."""

from collections.abc import Iterable

MOST_NAMED = 5
_SEVERAL = {"Answer": "Answers", "person": "people"}


def uses_in_words(
    *, answers: Iterable[str], people: Iterable[str] = (), live: int = 0
) -> str:
    """Return the uses as part of a sentence; empty if there are none."""
    parts = [_names("Answer", tuple(answers)), _names("person", tuple(people))]
    if live:
        parts.append(f"{live} live appointment{'s' if live > 1 else ''}")
    return " and ".join(filter(None, parts))


def _names(kind: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    count = len(names)
    rest = f" and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
    listed = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    return f"{count} {kind if count == 1 else _SEVERAL[kind]} ({listed}{rest})"
