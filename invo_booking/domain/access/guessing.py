"""How guessing of passwords is slowed down without ever locking anybody out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessingPace:
    """How many failures are free, and how long the next try then has to wait.

    Attributes:
        free: Failures within ``memory`` after which nobody waits yet.
        first: Wait after one more; each further failure doubles it.
        longest: No wait is longer.
        memory: How long a failure counts.
    """

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta

    def ready_at(self, failures: int, newest: datetime | None) -> datetime | None:
        """Return when the next try may be made; ``None`` if it may be made at once.

        Args:
            failures: How many there were within ``memory``.
            newest: When the last of them was, in UTC.
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
"""Of one account, from all addresses together. Tries that are refused for being too
early do not count, so an attacker cannot keep the account's owner waiting for longer
than ``longest``; known browsers do not wait for strangers at all."""

BROWSER = GuessingPace(
    free=10,
    first=timedelta(seconds=15),
    longest=timedelta(minutes=15),
    memory=timedelta(hours=24),
)
"""Of one account with a browser its owner has signed in with before."""

NETWORK = GuessingPace(
    free=20,
    first=timedelta(seconds=1),
    longest=timedelta(minutes=1),
    memory=timedelta(hours=1),
)
"""Of all accounts from one address, or one /64 network of IPv6. A whole office may sit
behind it, so the wait stays short; known browsers do not wait for it."""
