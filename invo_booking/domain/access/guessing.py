"""Slow down password guessing without locking anyone out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessingPace:
    """After how many failed sign-ins the next try must wait, and how long.

    Attributes:
        free: Number of failures within ``memory`` at which the wait begins; fewer
            failures cause no wait.
        first: The wait after ``free`` failures; each further failure doubles the wait.
        longest: Upper bound of the wait.
        memory: How long a failure counts.
    """

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta

    def ready_at(self, failures: int, newest: datetime | None) -> datetime | None:
        """Return when the next try is allowed, in UTC; the time can be in the past.

        Args:
            failures: Number of failures within ``memory``.
            newest: Time of the latest failure, in UTC; ``None`` if there is none.

        Returns:
            ``None`` if the failures cause no wait.
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
"""Counts tries for one account from all addresses. A try during the wait is refused and
not counted, so an attacker cannot delay the account's owner for longer than
``longest``. A browser in which the owner has signed in before does not wait because of
tries from elsewhere."""

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
"""Counts tries for all accounts from one IPv4 address or one IPv6 /64 network. An
entire office may share the address, so the wait is short. A browser in which the
account's owner has signed in before does not wait because of the address."""
