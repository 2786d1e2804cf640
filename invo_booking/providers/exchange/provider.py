"""Open accounts at Exchange servers."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from invo_booking.domain.calendars.outside import Limits, ServerAccount
from invo_booking.providers.exchange.calendar import ExchangeCalendar
from invo_booking.providers.exchange.free_busy import MOST_MAILBOXES
from invo_booking.providers.exchange.sessions import SESSIONS, SessionPool
from invo_booking.providers.exchange.soap import Services
from invo_booking.providers.http import VendorClient

LIMITS = Limits(
    mailboxes_per_call=MOST_MAILBOXES,
    longest_window=timedelta(days=42),
    concurrency=SESSIONS,
    two_way=False,
)
"""Exchange's documented limits."""


class Exchange:
    """Exchange as a provider; see ``usecases.shared.ports.ServerProvider``."""

    def __init__(
        self,
        make_client: Callable[[], VendorClient],
        now: Callable[[], datetime],
        limits: Limits = LIMITS,
    ) -> None:
        """Create the object without a call.

        Args:
            make_client: Makes a client of one connection.
            now: The present instant in UTC.
            limits: Limits that differ from Exchange's, for tests.
        """
        self._make_client, self._now, self._limits = make_client, now, limits
        self._guard = threading.Lock()
        self._pool: SessionPool | None = None

    def open(self, account: Callable[[], ServerAccount]) -> ExchangeCalendar:
        """Open the account that the settings name at the time of each call."""

        def services() -> Services:
            return Services(self._pool_of(account()), self._limits.call_seconds)

        return ExchangeCalendar(services, account, self._limits, self._now)

    def _pool_of(self, account: ServerAccount) -> SessionPool:
        """Return the connections of an account; those of an earlier one are closed."""
        with self._guard:
            if self._pool is None or self._pool.account != account:
                if self._pool is not None:
                    self._pool.close()
                self._pool = SessionPool(self._make_client, account)
            return self._pool
