"""Read the fields of a form and collect the problems of all fields."""

from collections.abc import Callable
from typing import TypeVar

from invo_booking.domain.contact import clean_text
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say

T = TypeVar("T")


class Problems:
    """The problems found so far in a form, at most one for each field."""

    def __init__(self) -> None:
        self._problems: dict[str, str] = {}

    def add(self, field: str, sentence: str) -> None:
        """Record why a field is refused, unless a reason is already recorded."""
        self._problems.setdefault(field, sentence)

    def read(self, field: str, parse: Callable[[], T], otherwise: T) -> T:
        """Return the parsed value, or add a problem and return ``otherwise``."""
        try:
            return parse()
        except ValueError as error:
            self.add(field, str(error))
            return otherwise

    def line(self, field: str, text: str, limit: int, missing: str = "") -> str:
        """Return one line of text with single spaces.

        Args:
            field: Name of the field.
            text: The text as typed.
            limit: Maximum number of characters.
            missing: Error message for an empty line; without a message, an empty line
                is allowed.
        """
        cleaned = self.read(field, lambda: clean_text(text, limit=limit), "")
        if missing and not cleaned:
            self.add(field, missing)
        return " ".join(cleaned.split())

    def number(self, field: str, value: int, least: int, most: int) -> int:
        """Return ``value`` if it is within the inclusive bounds.

        Otherwise add a problem and return ``least``.
        """
        if not least <= value <= most:
            self.add(field, say("refusals.fields.whole_number", least=least, most=most))
            return least
        return value

    def refuse(self) -> None:
        """Raise an error if any field has a problem.

        Raises:
            InvalidInputError: With an error message for each field that has a problem.
        """
        if self._problems:
            raise InvalidInputError(self._problems)
