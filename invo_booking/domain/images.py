"""Describe a stored picture without its pixels."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """What is known of a picture without its pixels.

    Attributes:
        width: In pixels, like ``height``.
    """

    name: str
    media_type: str
    width: int
    height: int
    changed_by: str
    changed_at: datetime
