"""Open accounts at Exchange servers.

Only workers import exchangelib; see ``usecases.calendars.through_worker.asking``.
"""

import importlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from invo_booking.domain.calendars.outside import Limits, ServerAccount
from invo_booking.providers.call_gate import CallCounts, SharedGates
from invo_booking.providers.http import VendorClient

if TYPE_CHECKING:
    from invo_booking.providers.exchange.calendar import ExchangeCalendar
    from invo_booking.providers.exchange.sessions import SessionPool

SESSIONS = 4
"""Largest number of concurrent calls of one account, in all processes together."""

LIMITS = Limits(
    mailboxes_per_call=100,
    longest_window=timedelta(days=42),
    concurrency=SESSIONS,
    two_way=False,
)
"""Exchange's documented limits."""


class Exchange:
    """Exchange as a provider; see ``domain.calendars.ports.ServerProvider``."""

    runs_in_worker = True

    def __init__(
        self,
        make_client: Callable[[], VendorClient],
        now: Callable[[], datetime],
        limits: Limits = LIMITS,
        counts: CallCounts | None = None,
    ) -> None:
        """Create the object without calling Exchange.

        Args:
            make_client: Makes an HTTP client with a single connection.
            now: Returns the current instant in UTC.
            limits: Limits that differ from Exchange's, for tests.
            counts: Where the calls of all processes are counted; by default, only the
                calls of this process are counted.
        """
        self.limits = limits
        self._make_client, self._now = make_client, now
        self._gates = SharedGates(
            counts or CallCounts(), "Exchange", SESSIONS, limits.call_seconds
        )
        self._guard = threading.Lock()
        self._pool: SessionPool | None = None

    def load(self) -> None:
        """Import exchangelib ahead of the first call, which would otherwise be slow.

        A booking waits only two seconds for a calendar. Processes forked afterwards
        share the memory of the import.
        """
        importlib.import_module("invo_booking.providers.exchange.calendar")

    def open(self, account: Callable[[], ServerAccount]) -> "ExchangeCalendar":
        """Open the account that the settings name at the time of each call."""
        from invo_booking.providers.exchange.calendar import ExchangeCalendar  # noqa: PLC0415 - imports exchangelib
        from invo_booking.providers.exchange.services import Services  # noqa: PLC0415 - imports exchangelib

        def services() -> Services:
            return Services(self._pool_of(account()), self.limits.call_seconds)

        return ExchangeCalendar(services, account, self.limits, self._now)

    def _pool_of(self, account: ServerAccount) -> "SessionPool":
        """Return the session pool of an account.

        Sessions of an earlier account are closed once no call uses them.
        """
        from invo_booking.providers.exchange.sessions import SessionPool  # noqa: PLC0415 - imports exchangelib

        with self._guard:
            if self._pool is None or self._pool.account != account:
                gate = self._gates.of(f"{account.address} {account.user}")
                make_client = partial(self._client_for, account)
                self._pool = SessionPool(account, make_client, gate)
            return self._pool

    def _client_for(self, account: ServerAccount) -> VendorClient:
        client = self._make_client()
        client.trust(account.authorities)
        return client
