"""Reading the fields of a form: all problems are shown at once, each by its field."""

from collections.abc import Callable
from typing import TypeVar

from invo_booking.domain.contact import clean_text
from invo_booking.domain.errors import InvalidInputError

T = TypeVar("T")


class Problems:
    """What is wrong with a form so far."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def add(self, field: str, sentence: str) -> None:
        """Refuse a field; the first reason given for it stays."""
        self._found.setdefault(field, sentence)

    def read(self, field: str, parse: Callable[[], T], otherwise: T) -> T:
        """Return what was typed, or ``otherwise`` and remember the refusal."""
        try:
            return parse()
        except ValueError as error:
            self.add(field, str(error))
            return otherwise

    def line(self, field: str, text: str, limit: int, missing: str = "") -> str:
        """Return one line of text with single spaces.

        Args:
            field: Name of the field.
            text: As typed.
            limit: Most characters allowed.
            missing: Sentence that refuses an empty line; without it one may be empty.
        """
        found = self.read(field, lambda: clean_text(text, limit=limit), "")
        if missing and not found:
            self.add(field, missing)
        return " ".join(found.split())

    def number(self, field: str, value: int, least: int, most: int) -> int:
        """Return a whole number within bounds, both allowed."""
        if not least <= value <= most:
            self.add(field, f"Enter a whole number from {least} to {most}.")
            return least
        return value

    def refuse(self) -> None:
        """Raise what was found, if anything was.

        Raises:
            InvalidInputError: With a sentence for each field at fault.
        """
        if self._found:
            raise InvalidInputError(self._found)
