"""Real processes of their own obey what another one saved, without a restart."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from invo_booking.domain.clock import utc_now
from tests.support.bank import Bank
from tests.support.callers import Form, statuses, submit_all_at_once, working_starts
from tests.support.servers import House, MailSink, mail_sink

ASKED = 12
"""Requests, spread by the system over the web processes."""


@pytest.fixture
def bank(deps) -> Bank:
    """An institution on the real clock, which the processes read."""
    made = Bank(deps, utc_now)
    made.agent("Ana")
    return made


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """A mail server the operator does not know of."""
    with mail_sink() as taking:
        yield taking


@pytest.fixture
def house(tmp_path, database_url) -> Iterator[House]:
    """Two web processes and a worker, all on one database."""
    variables = {"INVO_ALLOW_PRIVATE_HOSTS": "true"}
    folder = tmp_path / "house"
    with House(folder, database_url, web_workers=2, **variables) as running:
        running.start_valkey()
        running.start_worker()
        running.start_beat()
        running.start_web()
        yield running


def test_running_processes_obey_the_next_moment(bank, house, decide, sink):
    def taken(count: int) -> list[int]:
        forms = [Form(str(bank.answer_id), it) for it in starts[:count]]
        del starts[:count]
        return statuses(submit_all_at_once(house.url, forms))

    def answers() -> set[bool]:
        found = (httpx.get(f"{house.url}/api/v1/answers") for _ in range(ASKED))
        return {answer.json()["scheduling_on"] for answer in found}

    starts = working_starts(2)
    assert answers() == {True}
    assert taken(2) == [201, 201]

    decide({"general.public_scheduling": "off"})
    assert answers() == {False}
    assert taken(4) == [403] * 4

    decide({"general.public_scheduling": "on"})
    assert answers() == {True}

    decide(
        {
            "mailer.server": "127.0.0.1",
            "mailer.port": str(sink.port),
            "mailer.security": "none",
            "mailer.sender_address": "chosen@bank.example",
        }
    )
    assert taken(1) == [201]
    house.await_until(lambda: len(sink.messages) > 0)
    assert "chosen@bank.example" in sink.messages[0]["From"]


def test_those_who_listen_are_told_when_settings_change(bank, decide, database_url):
    assert bank
    address = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address, autocommit=True) as line:
        line.execute("LISTEN invo_changes")
        decide({"time.interval": "30"})
        told = [it.payload for it in line.notifies(timeout=60, stop_after=1)]

    assert told == ['{"settings": true}']
