"""What the tests of outside calendars share."""

import pytest

from tests.support.exchange.fixtures import exchange, exchange_server
from tests.support.google.fixtures import google, google_server
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.support.microsoft.plain_client import plain_client

__all__ = [
    "exchange",
    "exchange_server",
    "google",
    "google_server",
    "outlook",
    "outlook_server",
]


@pytest.fixture
def graph(outlook):
    with plain_client(outlook) as client:
        yield client


@pytest.fixture
def group(outlook):
    return outlook.group()
