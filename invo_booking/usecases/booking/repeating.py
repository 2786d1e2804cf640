"""Retry customers' actions that were overtaken by another change."""

from collections.abc import Callable
from typing import TypeVar

from invo_booking.domain.errors import OvertakenError

T = TypeVar("T")

TRIES = 5


def retry_overtaken(attempt: Callable[[], T]) -> T:
    """Return the result of an attempt, repeated if another change came first.

    Each attempt is its own transaction and reads the data again: if the action is no
    longer possible, its error describes the current state.

    Args:
        attempt: Reads, changes and stores.

    Raises:
        OvertakenError: After five tries.
        Anything else that the attempt raises.
    """
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except OvertakenError:
            continue
    return attempt()
