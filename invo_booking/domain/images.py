"""Describe a stored picture without its pixels."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """A stored picture without its pixels.

    Attributes:
        width: In pixels.
    """

    name: str
    media_type: str
    width: int
    height: int
    changed_by: str
    changed_at: datetime
