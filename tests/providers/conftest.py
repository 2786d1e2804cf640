"""What the tests of outside calendars share."""

from tests.support.exchange.fixtures import exchange, exchange_server
from tests.support.google.fixtures import google, google_server
from tests.support.microsoft.fixtures import outlook, outlook_server

__all__ = [
    "exchange",
    "exchange_server",
    "google",
    "google_server",
    "outlook",
    "outlook_server",
]
