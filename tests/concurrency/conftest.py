"""A running API on the real clock, and people of a bank that need no server."""

from collections.abc import Iterator

import pytest

from invo_booking.domain.clock import utc_now
from tests.support.bank import Bank
from tests.support.servers import House


@pytest.fixture
def today_bank(deps) -> Bank:
    """An institution for servers that read the real clock."""
    return Bank(deps, utc_now)


@pytest.fixture
def house(tmp_path, database_url) -> Iterator[House]:
    """The product's processes, none of them started yet."""
    with House(tmp_path / "house", database_url) as running:
        yield running
