"""An administrator connects Google, and a run reads when agents are busy."""

from dataclasses import replace

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.interval import Interval
from invo_booking.providers.google.permissions import CALENDAR_SCOPES, SCOPES
from invo_booking.settings import calendars
from invo_booking.settings.providers import (
    GOOGLE_CLIENT_ID,
    GOOGLE_CLIENT_SECRET,
    GOOGLE_SERVICE_ACCOUNT,
)
from invo_booking.usecases.calendars import connections, poll
from invo_booking.usecases.shared.sealing import seal
from tests.providers.google_world import google_vendor
from tests.support import readings
from tests.support.bank import at
from tests.support.connecting import ACCOUNT, BROWSER, reaching, stored
from tests.support.google.fixtures import google, google_server

__all__ = ["google", "google_server"]


@pytest.fixture
def deps(deps, google):
    reached = reaching(deps, google)
    return replace(reached, providers={calendars.GOOGLE: google_vendor(google)})


@pytest.fixture
def grace(bank, google):
    """Grace, who has filled in what Google knows the bank by."""
    bank.set(GOOGLE_CLIENT_ID, google.client_id)
    keep_secret(bank, GOOGLE_CLIENT_SECRET, google.client_secret)
    bank.set(calendars.PRIMARY_PROVIDER, calendars.GOOGLE)
    bank.set(calendars.COMPUTE_AVAILABILITY, "on")
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())


def keep_secret(bank, setting, text):
    bank.set(setting, seal(bank.deps.config, setting.key, text))


def sign_in(deps, actor, google, **how):
    address = connections.begin_connection_sign_in(deps, actor, BROWSER)
    answer = google.approve(address, email=ACCOUNT, **how)
    return connections.finish_connection_sign_in(
        deps, actor, BROWSER, answer, calendars.GOOGLE
    )


def test_administrator_connects_google_and_chooses_a_calendar(deps, grace, google):
    connection = sign_in(deps, grace, google)
    made = connections.create_host_calendar(deps, grace, "Appointments")

    assert (connection.state, connection.problem) == (ConnectionState.CONNECTED, "")
    assert connection.account == ACCOUNT
    assert made.host.id in google.calendars
    assert [it.name for it in connections.host_calendar_choices(deps, grace)] == [
        ACCOUNT,
        "Appointments",
    ]


def test_scope_that_was_not_granted_is_a_missing_permission(deps, grace, google):
    google.granted = set(SCOPES) - {CALENDAR_SCOPES[0]}

    connection = sign_in(deps, grace, google)

    assert connection.state is ConnectionState.PERMISSION
    assert "calendar.freebusy" in connection.problem


def test_run_reads_when_agents_are_busy_and_renews_what_has_expired(
    deps, bank, grace, google
):
    ana = bank.agent("Ana")
    google.busy("ana@bank.example", at(10), at(11))
    sign_in(deps, grace, google)
    google.expire_access_tokens()

    outcome = poll.poll_if_due(deps, at_once=True)

    assert outcome.problem == ""
    assert readings.stored(bank, ana) == [Interval(at(10), at(11))]


def test_service_account_connects_without_a_lasting_sign_in(deps, bank, grace, google):
    key = google.add_service_account(*CALENDAR_SCOPES)
    keep_secret(bank, GOOGLE_SERVICE_ACCOUNT, key)

    connection = sign_in(deps, grace, google)
    outcome = poll.poll_if_due(deps, at_once=True)

    assert connection.account == ACCOUNT
    assert outcome.problem == ""
    assert "PRIVATE KEY" not in stored(deps).sealed_grant


def test_revoked_sign_in_needs_an_administrator(deps, bank, grace, google):
    bank.agent("Ana")
    sign_in(deps, grace, google)
    google.expire_access_tokens()
    google.revoke()

    outcome = poll.poll_if_due(deps, at_once=True)

    assert "Testing" in outcome.problem
    assert stored(deps).state is ConnectionState.RECONNECT


def test_nobody_signs_in_before_the_fields_are_filled_in(deps, bank, grace):
    bank.set(GOOGLE_CLIENT_SECRET, "")

    with pytest.raises(ReconnectError, match="Google client secret"):
        connections.begin_connection_sign_in(deps, grace, BROWSER)
