"""Pages and bookings ask Exchange through the worker, which alone calls it."""

from dataclasses import replace

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.provider_errors import WorkerSilentError
from invo_booking.domain.errors import SlotTakenError
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY, LIVE_CHECK
from invo_booking.usecases.calendars import checks, poll
from invo_booking.usecases.calendars.server_accounts import connect_server_account
from invo_booking.usecases.calendars.through_worker.asking import (
    answer_question,
    servers_through_worker,
)
from tests.obeyed.conftest import book, refused
from tests.support.bank import at
from tests.support.connecting import stored
from tests.support.exchange.fixtures import exchange, exchange_server
from tests.support.exchange_bank import (
    connect_exchange,
    enter_exchange,
    enter_password,
    reaching_exchange,
)

__all__ = ["exchange", "exchange_server"]

SENTENCE = "The worker does not answer."


@pytest.fixture
def deps(deps, exchange):
    """The parts of a web process; the worker is in this process, too."""
    worker = reaching_exchange(deps, exchange)

    def ask(question, _seconds):
        return answer_question(worker, question)

    servers = servers_through_worker(worker.config, worker.servers, ask)
    return replace(worker, servers=servers)


@pytest.fixture
def grace(bank, exchange):
    enter_exchange(bank, exchange)
    return bank.agent("Grace", roles=(Role.SUPER_ADMIN,), languages=())


@pytest.fixture
def without_worker(deps):
    def ask(*_):
        raise WorkerSilentError(SENTENCE)

    servers = servers_through_worker(deps.config, deps.servers, ask)
    return replace(deps, servers=servers)


def test_page_connects_tests_and_writes(deps, exchange, grace):
    connect_exchange(deps, grace)

    assert stored(deps).account == "BANK\\booking"
    found = checks.test_connection(deps, grace, "ana@bank.example")
    assert all(it.ok for it in found)
    assert checks.send_test_appointment(deps, grace).ok
    assert len(exchange.calls_to("*", "/CreateItem")) == 1
    assert exchange.standing() == []


def test_password_that_was_just_typed_is_tried(deps, bank, grace):
    enter_password(bank, "wrong")

    bad = [it for it in connect_server_account(deps, grace) if not it.ok]

    assert [it.name for it in bad] == ["Sign-in"]


def test_worker_that_does_not_answer_has_a_sentence_of_its_own(
    deps, without_worker, grace
):
    connect_exchange(deps, grace)

    found = checks.test_connection(without_worker, grace, "")
    tried = checks.send_test_appointment(without_worker, grace)

    assert [it.sentence for it in found] == [SENTENCE]
    assert (tried.ok, tried.sentence) == (False, SENTENCE)


def test_booking_looks_again(deps, bank, exchange, grace):
    connect_exchange(deps, grace)
    bank.agent("Ana")
    bank.set(COMPUTE_AVAILABILITY, "on")
    bank.set(LIVE_CHECK, "on")
    poll.poll_if_due(deps, at_once=True)
    exchange.busy("ana@bank.example", at(10), at(11))

    assert isinstance(refused(book, bank, at(10)), SlotTakenError)
    assert book(bank, at(11))
