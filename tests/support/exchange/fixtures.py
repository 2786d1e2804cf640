"""Fixtures: a fake Exchange that every test finds fresh.

A conftest that imports both names has them.
"""

from collections.abc import Iterator

import pytest

from invo_booking.domain.clock import utc_now
from tests.support.exchange.exchange import Exchange
from tests.support.exchange.server import running_fake


@pytest.fixture(scope="session")
def exchange_server() -> Iterator[Exchange]:
    """One server for all tests of a session."""
    with running_fake() as exchange:
        yield exchange


@pytest.fixture
def exchange(exchange_server: Exchange) -> Iterator[Exchange]:
    """A fake Exchange that knows nothing yet; its violations fail the test.

    Raises:
        AssertionError: With a sentence for each thing that broke Microsoft's schemas.
    """
    exchange_server.reset()
    yield exchange_server
    violations = list(exchange_server.violations)
    exchange_server.reset()
    exchange_server.clock = utc_now
    assert not violations, "\n".join(violations)
