"""Questions to calendars of providers, and which of their answers are shown."""

from datetime import timedelta

import pytest

from invo_booking.domain.calendars.outside import (
    Grant,
    HostCalendar,
    Registration,
)
from tests.support.bank import MONDAY

INSTANT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("chosen_at", "is_new"),
    [
        (MONDAY, True),
        (MONDAY - HOUR + INSTANT, True),
        (MONDAY - HOUR, False),
        (MONDAY - 30 * HOUR, False),
        (None, False),
    ],
)
def test_host_calendar_may_not_be_ready_for_an_hour_after_it_was_chosen(
    chosen_at, is_new
):
    host = HostCalendar(
        id="1", name="Appointments", address="host@bank.example", chosen_at=chosen_at
    )

    assert host.is_new(MONDAY) is is_new


def test_secrets_of_a_provider_are_not_shown_where_values_are():
    registration = Registration(client_id="4f", secret="canary", tenant="canary")
    grant = Grant(
        blob="canary",
        account="host@bank.example",
        account_name="canary",
        tenant="canary",
        scopes=frozenset(),
        expires_at=MONDAY,
    )

    assert repr(registration) == "Registration(client_id='4f')"
    assert repr(grant) == "Grant(account='host@bank.example')"
