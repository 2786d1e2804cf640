"""Read days and numbers that a browser sends, whatever it sends."""

from datetime import MAXYEAR, MINYEAR, date

_MOST_DIGITS = 18
"""As many as the database's largest whole number is sure to hold."""


def parse_day(text: str) -> date:
    """Return a date written as ``2026-11-26``.

    Raises:
        ValueError: If it is none, or so far off that its neighbors have no instants.
    """
    day = date.fromisoformat(text)
    if not MINYEAR + 1 < day.year < MAXYEAR - 1:
        raise ValueError("too far off")
    return day


def whole_number(sent: object) -> int | None:
    """Return a number of decimal digits; ``None`` if it is none, or too long."""
    text = str(sent)
    fits = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if fits else None
