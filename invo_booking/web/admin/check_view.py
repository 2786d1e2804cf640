"""Define a box to tick, as forms of administrators show it."""

from dataclasses import dataclass


@dataclass
class CheckView:
    """A box one may tick."""

    name: str
    label: str
    is_on: bool
