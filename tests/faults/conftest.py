"""A running house with a mail server, on the real clock, and nobody's goodwill."""

from collections.abc import Iterator

import pytest

from invo_booking.domain.clock import utc_now
from tests.support.bank import Bank
from tests.support.servers import House, MailSink, mail_sink


@pytest.fixture
def today_bank(deps) -> Bank:
    """An institution for servers that read the real clock; five agents serve it."""
    bank = Bank(deps, utc_now)
    for name in ("Ana", "Ben", "Cleo", "Dan", "Eve"):
        bank.agent(name)
    return bank


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """A mail server."""
    with mail_sink() as taking:
        yield taking


@pytest.fixture
def house(tmp_path, database_url, sink) -> Iterator[House]:
    """The product's processes, none of them started yet."""
    folder = tmp_path / "house"
    with House(folder, database_url, smtp_port=sink.port) as running:
        yield running
