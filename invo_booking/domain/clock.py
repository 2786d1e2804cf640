"""Read the clock; all other code takes ``now`` as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

AGREES = timedelta(seconds=1)
"""Smaller differences between the machine's and the database's clock are ignored, so
that time does not jump."""


def utc_now() -> datetime:
    """Return the current instant, in UTC."""
    return datetime.now(UTC)


class DatabaseClock:
    """A clock that is set to the database's time and advanced by this machine's clock.

    All machines need the same time, because deadlines that one machine stores are
    checked by others. Even on a machine whose own clock is wrong, this clock is right
    as soon as one database query has succeeded.

    Args:
        machine: This machine's own clock.
    """

    def __init__(self, machine: Callable[[], datetime] = utc_now) -> None:
        self.machine = machine
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the current instant, in UTC."""
        return self.machine() - self._ahead

    def follow(self, theirs: datetime, asked_at: datetime) -> None:
        """Set this clock by the database's time, which came with the result of a query.

        Args:
            theirs: The database's time when it ran the query.
            asked_at: This machine's time when it sent the query.
        """
        nearest = min(max(theirs, asked_at), self.machine())
        ahead = nearest - theirs
        self._ahead = ahead if abs(ahead) >= AGREES else timedelta()
