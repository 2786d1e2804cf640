"""The panel of a connection to Exchange, against the fake Exchange."""

from dataclasses import replace

import pytest

from invo_booking.bootstrap import use_deps
from invo_booking.domain.calendars.provider_errors import WorkerSilentError
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY
from invo_booking.usecases.calendars import poll
from invo_booking.usecases.calendars.through_worker.asking import (
    servers_through_worker,
)
from invo_booking.web.admin.connection.state import CALENDARS, AddonState
from tests.support.connecting import stored
from tests.support.exchange.fixtures import exchange, exchange_server
from tests.support.exchange_bank import (
    enter_exchange,
    enter_password,
    reaching_exchange,
)
from tests.web_staff.conftest import run, see

__all__ = ["exchange", "exchange_server"]


@pytest.fixture
def deps(deps, exchange):
    return reaching_exchange(deps, exchange)


class ExchangeDesk:
    """Somebody at the panel."""

    def __init__(self, client) -> None:
        self.client = client

    def do(self, name, *arguments):
        run(self.client.send(AddonState, name, *arguments, at=CALENDARS))
        return see(self.client, AddonState)

    def look(self):
        return self.do("open_page")


@pytest.fixture
def desk(sign_in, simone):
    return ExchangeDesk(sign_in(simone))


def test_panel_names_the_fields_that_are_missing(desk, bank, exchange):
    enter_exchange(bank, exchange, user="")

    view = desk.look().view

    assert (view.words.heading, view.words.is_server) == ("Microsoft Exchange", True)
    assert (view.is_ready, view.redirect) == (False, "")
    assert "Exchange user name" in view.registered.sentence


def test_one_press_connects_the_account_and_says_what_was_checked(desk, bank, exchange):
    enter_exchange(bank, exchange)
    desk.look()

    seen = desk.do("connect_account")

    assert seen.view.is_connected
    assert seen.failed is False
    assert [one.name for one in seen.findings][:4] == [
        "Server",
        "Certificate",
        "Sign-in",
        "Version",
    ]
    assert seen.view.hosted.sentence == (
        "Appointments are in the calendar of BANK\\booking. "
        "BANK\\booking invites the agents."
    )


def test_wrong_password_is_said_at_the_step_and_nothing_is_connected(
    desk, bank, exchange
):
    enter_exchange(bank, exchange)
    enter_password(bank, "wrong")
    desk.look()

    seen = desk.do("connect_account")

    assert not seen.view.is_connected
    assert seen.tested == "1 of 3 checks failed. Each says what to do."
    assert stored(bank.deps) is None


def test_worker_that_does_not_answer_is_said_where_connect_was_pressed(
    desk, bank, deps, exchange
):
    def ask(*_):
        raise WorkerSilentError("The worker does not answer.")

    enter_exchange(bank, exchange)
    desk.look()
    servers = servers_through_worker(deps.config, deps.servers, ask)
    use_deps(replace(deps, servers=servers))

    seen = desk.do("connect_account")

    assert seen.problem == "The worker does not answer."
    assert not seen.view.is_connected


def test_mailbox_of_an_agent_is_tried_on_request(desk, bank, exchange):
    enter_exchange(bank, exchange)
    exchange.hidden("ana@bank.example")
    desk.look()
    desk.do("connect_account")

    seen = desk.do("test_connection", {"probe": "ana@bank.example"})

    bad = [one.sentence for one in seen.findings if one.light == "bad"]
    assert len(bad) == 1
    assert "AvailabilityOnly" in bad[0]


def test_refused_account_is_to_be_checked_since_nobody_signs_in_here(
    desk, bank, deps, exchange
):
    bank.agent("Ana")
    bank.set(COMPUTE_AVAILABILITY, "on")
    enter_exchange(bank, exchange)
    desk.look()
    desk.do("connect_account")
    exchange.password = "another"
    poll.poll_if_due(deps, at_once=True)

    view = desk.look().view

    assert (view.light, view.word) == ("bad", "Check the account")
    assert (view.signed_in.light, view.signed_in.word) == ("bad", "Check the account")
    assert "Correct the Exchange password" in view.trouble


def test_checks_of_an_earlier_try_go_when_a_later_one_is_refused(desk, bank, exchange):
    enter_exchange(bank, exchange)
    enter_password(bank, "wrong")
    desk.look()
    assert desk.do("connect_account").findings
    enter_exchange(bank, exchange, server="")

    seen = desk.do("connect_account")

    assert seen.problem
    assert (seen.findings, seen.tested) == ([], "")
