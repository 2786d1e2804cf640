"""A checkbox, as administrators' forms show it."""

from dataclasses import dataclass


@dataclass
class CheckView:
    """A checkbox."""

    name: str
    label: str
    is_on: bool
