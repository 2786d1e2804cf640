"""Slow down password guessing without locking anyone out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessingPace:
    """How many failures are free, and how long to wait after more.

    Attributes:
        free: Failures within ``memory`` that cause no wait.
        first: Wait after one more failure; each further failure doubles it.
        longest: Upper bound of the wait.
        memory: How long a failure counts.
    """

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta

    def ready_at(self, failures: int, newest: datetime | None) -> datetime | None:
        """Return when the next try is allowed; ``None`` if it is allowed now.

        Args:
            failures: Number of failures within ``memory``.
            newest: Time of the latest failure, in UTC.
        """
        if newest is None or failures < self.free:
            return None
        doublings = min(failures - self.free, _MOST_DOUBLINGS)
        return newest + min(self.first * 2**doublings, self.longest)


ACCOUNT = GuessingPace(
    free=5,
    first=timedelta(seconds=15),
    longest=timedelta(minutes=15),
    memory=timedelta(hours=24),
)
"""Counts tries for one account from all addresses. Tries that are refused for being too
early do not count, so an attacker cannot delay the account's owner for longer than
``longest``. Known browsers do not wait because of strangers."""

BROWSER = GuessingPace(
    free=10,
    first=timedelta(seconds=15),
    longest=timedelta(minutes=15),
    memory=timedelta(hours=24),
)
"""Counts tries for one account from a browser in which its owner has signed in before.
"""

NETWORK = GuessingPace(
    free=20,
    first=timedelta(seconds=1),
    longest=timedelta(minutes=1),
    memory=timedelta(hours=1),
)
"""Counts tries for all accounts from one address, or one IPv6 /64 network. An entire
office may share it, so the wait is short; known browsers do not wait for it."""
