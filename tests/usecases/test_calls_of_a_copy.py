"""A copy of the database calls no provider, whatever somebody presses."""

from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import text

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.provider_errors import CopyError
from invo_booking.domain.errors import InvoError, MailTemporaryError
from invo_booking.settings import calendars
from invo_booking.settings.calendars import LIVE_CHECK, NO_PROVIDER
from invo_booking.usecases.admin.switching import switch_provider
from invo_booking.usecases.calendars import checks, connections, poll, push, removing
from invo_booking.usecases.calendars.connection_upkeep import tidy_connections
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.calendars.server_accounts import connect_server_account
from invo_booking.usecases.shared import mailing
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import copies
from tests.providers.google_world import google_vendor
from tests.support.bank import at
from tests.support.connecting import BROWSER, reaching, stored
from tests.support.exchange.fixtures import exchange, exchange_server
from tests.support.exchange_bank import (
    connect_exchange,
    enter_exchange,
    reaching_exchange,
)
from tests.support.google.fixtures import google, google_server
from tests.usecases.test_appointments import draft
from tests.usecases.test_google_connection import grace, sign_in

__all__ = ["exchange", "exchange_server", "google", "google_server", "grace"]

COPIED = text("UPDATE database_identity SET identity = 'of another cluster'")


@pytest.fixture
def parts(deps, google):
    reached = reaching(deps, google)
    return replace(reached, providers={calendars.GOOGLE: google_vendor(google)})


@pytest.fixture
def ana(bank):
    return bank.agent("Ana")


@pytest.fixture
def connected(parts, bank, grace, google, ana):
    """Grace of a bank that is connected to Google, with an appointment there."""
    sign_in(parts, grace, google)
    connections.create_host_calendar(parts, grace, "Appointments")
    bank.set(LIVE_CHECK, "on")
    poll.poll_if_due(parts, at_once=True)
    wanted = draft(bank, at(10), agent_id=ana.id)
    appointments.create_appointment(parts, bank.manager(), wanted)
    push.write_due_events(parts)
    return grace


def become_copy(parts):
    """Make the database one that was restored elsewhere."""
    with parts.unit_of_work() as work:
        work.identity.adopt(parts.now())
    with parts.unit_of_work() as work:
        work.appointments._session.connection().execute(COPIED)  # noqa: SLF001


PRESSED = {
    "disconnect": connections.disconnect_provider,
    "switch": lambda deps, who: switch_provider(
        deps, who, NO_PROVIDER, typed=provider_label(NO_PROVIDER), cancel_events=False
    ),
    "test": lambda deps, who: checks.test_connection(deps, who, ""),
    "look for calendars": connections.host_calendar_choices,
    "create": lambda deps, who: connections.create_host_calendar(deps, who, "More"),
    "test appointment": checks.send_test_appointment,
    "sign in": lambda deps, who: connections.begin_connection_sign_in(
        deps, who, BROWSER
    ),
    "read": lambda deps, _: poll.poll_if_due(deps, at_once=True),
    "write": lambda deps, _: push.write_due_events(deps),
    "remove": lambda deps, _: removing.remove_due_events(deps),
    "tidy": lambda deps, _: tidy_connections(deps),
}


@pytest.mark.parametrize("name", PRESSED)
def test_nothing_that_is_pressed_on_a_copy_calls_google(
    parts, connected, google, bank, name
):
    boss = bank.agent("Boss", roles=(Role.SUPER_ADMIN,), languages=())
    google.expire_access_tokens()
    become_copy(parts)
    before = len(google.calls)

    with suppress(InvoError):
        PRESSED[name](parts, boss)

    assert connected
    assert google.calls[before:] == []


def test_the_same_presses_call_google_where_the_database_is_no_copy(
    parts, connected, google
):
    before = len(google.calls)

    checks.test_connection(parts, connected, "")
    connections.disconnect_provider(parts, connected)

    assert len(google.calls) > before
    assert all(it.is_revoked for it in google.refresh_tokens.values())


def test_booking_on_a_copy_asks_no_calendar(parts, connected, google, bank, ana):
    become_copy(parts)
    before = len(google.calls)

    wanted = draft(bank, at(14), email="tom@example.com", agent_id=ana.id)
    made = appointments.create_appointment(parts, bank.manager("Tom"), wanted)

    assert connected
    assert made.unchecked_at is not None
    assert google.calls[before:] == []


def test_disconnecting_a_copy_says_that_the_sign_in_was_not_ended(parts, connected):
    become_copy(parts)

    sentence = connections.disconnect_provider(parts, connected)

    assert "was not ended there" in sentence
    assert stored(parts) is None


def test_answer_to_a_sign_in_is_not_taken_on_a_copy(parts, grace, google):
    address = connections.begin_connection_sign_in(parts, grace, BROWSER)
    answer = google.approve(address, email="scheduling@bank.example")
    become_copy(parts)
    before = len(google.calls)

    with pytest.raises(CopyError):
        connections.finish_connection_sign_in(
            parts, grace, BROWSER, answer, calendars.GOOGLE
        )

    assert google.calls[before:] == []


def test_released_copy_calls_again(parts, connected):
    become_copy(parts)
    copies.release_copy(parts, drop_mails=False)

    assert all(it.ok for it in checks.test_connection(parts, connected, ""))


def test_test_mail_of_a_copy_is_refused(parts, connected, postbox):
    become_copy(parts)
    sent = len(postbox.sent)

    with pytest.raises(MailTemporaryError, match="copy"):
        mailing.send_test_mail(parts, connected)

    assert len(postbox.sent) == sent


def test_copy_does_not_ask_an_exchange(deps, bank, exchange):
    parts = reaching_exchange(deps, exchange)
    enter_exchange(bank, exchange)
    boss = bank.agent("Boss", roles=(Role.SUPER_ADMIN,), languages=())
    connect_exchange(parts, boss)
    become_copy(parts)
    before = len(exchange.calls)

    (finding,) = checks.test_connection(parts, boss, "")
    with pytest.raises(CopyError):
        connect_server_account(parts, boss)

    assert not finding.ok
    assert "copy" in finding.sentence
    assert exchange.calls[before:] == []
