"""What Exchange tells beyond times is planted there and looked for everywhere."""

import logging

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.settings import calendars
from invo_booking.usecases.calendars import checks, poll, push
from invo_booking.usecases.staff import appointments
from tests.privacy.haystack import places_of, tables_of
from tests.support.bank import at
from tests.support.exchange.fixtures import exchange, exchange_server
from tests.support.exchange.soap import fault
from tests.support.exchange_bank import (
    connect_exchange,
    enter_exchange,
    reaching_exchange,
)
from tests.usecases.test_appointments import draft

__all__ = ["exchange", "exchange_server"]

PLANTED = "quokka"
"""In everything that Exchange says beyond times, and in no other text."""

PASSWORD = "wombat-password"
ASK = "/GetUserAvailabilityRequest"
PAGE = f"<html><h1>{PLANTED} at the proxy</h1></html>"
FAULT = fault("ErrorInternalServerError").decode().replace("It failed", PLANTED)
TROUBLES = [
    {"status": 500, "body": FAULT},
    {"status": 500, "body": PAGE},
    {"body": PAGE},
    {"status": 404, "body": PAGE},
    {"status": 502, "body": PAGE},
    {"body": FAULT.replace("ErrorInternalServerError", PLANTED)},
    {"body": f"<{PLANTED}/>"},
    {"body": "truncated"},
    {"drop": "after"},
]


@pytest.fixture
def deps(deps, exchange):
    return reaching_exchange(deps, exchange)


@pytest.fixture
def grace(bank, exchange):
    exchange.password = PASSWORD
    exchange.details = f"{PLANTED} visit"
    enter_exchange(bank, exchange)
    bank.set(calendars.COMPUTE_AVAILABILITY, "on")
    return bank.agent("Grace", roles=(Role.SUPER_ADMIN,), languages=())


def test_no_word_of_exchange_and_no_password_is_stored_logged_or_said(
    deps, bank, exchange, grace, caplog
):
    caplog.set_level(logging.DEBUG)  # of all libraries
    bank.agent("Ana")
    exchange.busy("ana@bank.example", at(10), at(11))
    name = exchange.foreign_event(at(12), at(13))
    exchange.items[name].subject = f"{PLANTED} subject"
    connect_exchange(deps, grace)
    said = [poll.poll_if_due(deps, at_once=True).sentence]
    assert exchange.told_details

    appointments.create_appointment(deps, bank.manager(), draft(bank, at(14)))
    push.write_due_events(deps)
    for trouble in TROUBLES:
        for path in (ASK, "/GetFolder"):
            exchange.misbehave("POST", path, **trouble)
            found = checks.test_connection(deps, grace, "ana@bank.example")
            said += [it.sentence for it in found]

    assert [it for it in caplog.records if it.name.startswith("exchangelib")] == []
    hay = tables_of(deps.config.database_url) | {
        "log": caplog.text.encode(),
        "said": repr(said).encode(),
    }
    assert places_of("ana@bank.example", hay), "what is kept must be found"
    assert places_of(PLANTED, hay) == []
    assert places_of(PASSWORD, hay) == []
