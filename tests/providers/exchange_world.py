"""Exchange for the tests of every provider, and for its own."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from invo_booking.domain.calendars.outside import Limits, ServerAccount
from invo_booking.providers.exchange import provider
from invo_booking.providers.exchange.calendar import ExchangeCalendar
from invo_booking.providers.exchange.provider import LIMITS
from invo_booking.providers.http import VendorClient
from tests.support.exchange import Exchange


class ExchangeWorld:
    """Exchange, with the calendar of the service account that hosts appointments."""

    def __init__(self, exchange: Exchange, limits: Limits = LIMITS) -> None:
        self.exchange = exchange
        self.calendar = opened(exchange, limits)

    def busy(
        self, mailbox: str, start: datetime, end: datetime, status: str = "busy"
    ) -> None:
        self.exchange.busy(mailbox, start, end, status)

    def unknown(self, mailbox: str) -> None:
        self.exchange.unknown(mailbox)

    def hidden(self, mailbox: str) -> None:
        self.exchange.hidden(mailbox)

    def broken(self, mailbox: str) -> None:
        self.exchange.mailbox_fails(mailbox)

    def foreign(self, start: datetime, end: datetime) -> str:
        return self.exchange.foreign_event(start, end)

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        self.exchange.move(event_id, start, end)

    def delete(self, event_id: str) -> None:
        self.exchange.delete(event_id)

    def standing(self) -> int:
        return len(self.exchange.standing())


def account(exchange: Exchange, **other) -> ServerAccount:
    """Return the service account, as the settings would name it."""
    right = ServerAccount(
        address=exchange.url, user=exchange.user, password=exchange.password
    )
    return replace(right, **other)


def vendor(
    exchange: Exchange, limits: Limits = LIMITS, ca_file: Path | None = None
) -> provider.Exchange:
    """Return the product's own adapter, which trusts this fake."""

    def client() -> VendorClient:
        return VendorClient(
            "Exchange",
            ca_file=ca_file or exchange.ca_file,
            now=exchange.clock,
            connections=1,
        )

    return provider.Exchange(client, exchange.clock, limits)


def opened(exchange: Exchange, limits: Limits = LIMITS, **other) -> ExchangeCalendar:
    """Return a connected account."""
    return vendor(exchange, limits).open(lambda: account(exchange, **other))
