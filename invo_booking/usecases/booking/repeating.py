"""Repeat customers' actions that failed because of a concurrent change."""

from collections.abc import Callable
from typing import TypeVar

from invo_booking.domain.errors import OvertakenError

T = TypeVar("T")

TRIES = 5


def retry_overtaken(attempt: Callable[[], T]) -> T:
    """Repeat an attempt as long as concurrent changes make it fail; return its result.

    Each attempt is its own transaction and reads the data again. So if the action is no
    longer possible, the error describes the current state.

    Args:
        attempt: Reads the data, changes it and stores it, in one transaction.

    Raises:
        OvertakenError: If concurrent changes made all five attempts fail.
        Further errors: whatever the attempt raises.
    """
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except OvertakenError:
            continue
    return attempt()
