"""Describe when a person is away."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Absence:
    """A span in which a person is away; both ends in UTC.

    Attributes:
        note: Why, for administrators; may be empty.
    """

    starts_at: datetime
    ends_at: datetime
    note: str = ""
