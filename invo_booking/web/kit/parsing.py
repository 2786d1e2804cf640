"""Parse days and numbers that a browser sends; no input is trusted."""

from datetime import MAXYEAR, MINYEAR, date

_MOST_DIGITS = 18
"""Maximum number of digits that surely fit into a ``bigint`` of the database."""


def parse_day(text: str) -> date:
    """Return a date written as ``2026-11-26``.

    Raises:
        ValueError: If the text is not a date, or is a date at the limits of the
            calendar, where neighboring days cannot be computed.
    """
    day = date.fromisoformat(text)
    if not MINYEAR + 1 < day.year < MAXYEAR - 1:
        raise ValueError("too far off")
    return day


def whole_number(sent: object) -> int | None:
    """Return a number of decimal digits; ``None`` if it is not a number or too long."""
    text = str(sent)
    fits = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if fits else None
