"""What a customer means is meant of the appointment as it is, whoever changed it."""

from collections.abc import Callable
from typing import TypeVar

from invo_booking.domain.errors import OvertakenError

T = TypeVar("T")

TRIES = 5


def retry_overtaken(attempt: Callable[[], T]) -> T:
    """Return what an attempt returns, made again where somebody was faster.

    Each attempt is a transaction of its own, reads again and judges what it finds: if
    the wish makes no sense any more, it says how things stand now.

    Args:
        attempt: Reads, changes and stores.

    Raises:
        OvertakenError: If somebody was faster five times in a row.
        And whatever else the attempt raises.
    """
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except OvertakenError:
            continue
    return attempt()
