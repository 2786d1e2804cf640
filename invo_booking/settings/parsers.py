"""From the text of a form field to a value, or a sentence that says what is wrong."""

import re
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from invo_booking.domain.roles import Role

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
MOST_DIGITS = 9


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    """Return a parser for whole numbers from ``minimum`` to ``maximum``."""

    def parse(text: str) -> int:
        digits = text.strip()
        fits = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
        if not fits or not minimum <= int(digits) <= maximum:
            raise ValueError(f"Enter a whole number from {minimum} to {maximum}.")
        return int(digits)

    return parse


def minutes(minimum: int, maximum: int) -> Callable[[str], timedelta]:
    """Return a parser for a span given in whole minutes."""
    number = whole_number(minimum, maximum)
    return lambda text: timedelta(minutes=number(text))


def reminder_times(text: str) -> tuple[timedelta, ...]:
    """Parse minutes ahead, separated by commas; ``0`` or nothing means no reminder."""
    number = whole_number(0, 7 * 24 * 60)
    values = {number(part) for part in text.split(",") if part.strip()}
    return tuple(timedelta(minutes=value) for value in sorted(values - {0}))


def switch(text: str) -> bool:
    """Parse ``"on"`` or ``"off"``."""
    if text not in {"on", "off"}:
        raise ValueError("Choose on or off.")
    return text == "on"


def one_of(choices: type[StrEnum]) -> Callable[[str], str]:
    """Return a parser that accepts the values of an enumeration."""

    def parse(text: str) -> str:
        if text not in {choice.value for choice in choices}:
            raise ValueError("Choose one of: " + ", ".join(choices) + ".")
        return text

    return parse


def colour(text: str) -> str:
    """Parse a colour written as ``#rrggbb``."""
    if not COLOUR.fullmatch(text):
        raise ValueError("Write the colour as # and six digits, such as #a7e3b5.")
    return text.lower()


def roles(text: str) -> frozenset[Role]:
    """Parse role names separated by commas."""
    allowed = {role.value for role in Role} - {Role.SUPER_ADMIN.value}
    names = {part.strip() for part in text.split(",") if part.strip()}
    if names - allowed:
        raise ValueError("Choose among: " + ", ".join(sorted(allowed)) + ".")
    return frozenset(Role(name) for name in names)


def line(most: int) -> Callable[[str], str]:
    """Return a parser for one line of at most ``most`` characters."""

    def parse(text: str) -> str:
        cleaned = text.strip()
        if len(cleaned) > most or not cleaned.isprintable():
            raise ValueError(f"Write one line of at most {most} characters.")
        return cleaned

    return parse
