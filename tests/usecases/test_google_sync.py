"""Appointments in Google's calendar, and busy times from there."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY
from invo_booking.usecases.admin.switching import switch_provider
from invo_booking.usecases.calendars import connections, poll, push, removing
from invo_booking.usecases.calendars.connection_upkeep import tidy_connections
from invo_booking.usecases.staff import appointments
from tests.obeyed.conftest import offered
from tests.support.bank import at
from tests.support.connecting import reaching, stored
from tests.support.google.fixtures import google, google_server
from tests.support.google_bank import connect_google, register_google
from tests.usecases.test_appointments import draft
from tests.usecases.test_purge import rows

__all__ = ["google", "google_server"]


@pytest.fixture
def deps(deps, google):
    return reaching(deps, google)


@pytest.fixture
def grace(bank):
    return bank.agent("Grace", roles=(Role.SUPER_ADMIN,))


@pytest.fixture
def host(bank, google, grace):
    """The calendar that hosts appointments at Google."""
    register_google(bank, google)
    connect_google(bank.deps, grace, google)
    connections.create_host_calendar(bank.deps, grace, "Appointments")
    return stored(bank.deps).host.id


def test_appointment_is_written_to_google_and_taken_out(bank, google, host):
    max_ = bank.manager()
    bank.agent("Ana")

    made = appointments.create_appointment(bank.deps, max_, draft(bank, at(10)))
    push.write_due_events(bank.deps)
    assert len(google.standing(host)) == 1

    appointments.cancel_appointment(bank.deps, max_, made.id, "")
    push.write_due_events(bank.deps)
    assert google.standing(host) == []


def test_agents_busy_times_at_google_close_their_slots(bank, google, host):
    assert host
    bank.agent("Ana")
    bank.set(COMPUTE_AVAILABILITY, "on")
    for name in ("ana", "grace"):
        google.busy(f"{name}@bank.example", at(10), at(12))

    assert poll.poll_if_due(bank.deps, at_once=True).read == 2

    assert at(10, 30) not in offered(bank)
    assert at(12) in offered(bank)


def was_forgotten(google) -> bool:
    return any(call.path == "/revoke" for call in google.calls)


def test_switching_away_has_google_forget_the_sign_in(bank, google, grace, host):
    assert host

    switch_provider(bank.deps, grace, "none", typed="None", cancel_events=False)

    assert was_forgotten(google)


def test_sign_in_at_google_lasts_until_its_events_are_removed(
    bank, google, grace, host
):
    bank.agent("Ana")
    appointments.create_appointment(bank.deps, bank.manager(), draft(bank, at(10)))
    push.write_due_events(bank.deps)

    switch_provider(bank.deps, grace, "none", typed="None", cancel_events=True)
    assert not was_forgotten(google)

    removing.remove_due_events(bank.deps)
    tidy_connections(bank.deps)
    assert google.standing(host) == []
    assert was_forgotten(google)


def test_sign_in_that_cannot_be_ended_later_is_reported_to_administrators(
    bank, google, grace, host
):
    bank.agent("Ana")
    appointments.create_appointment(bank.deps, bank.manager(), draft(bank, at(10)))
    push.write_due_events(bank.deps)
    switch_provider(bank.deps, grace, "none", typed="None", cancel_events=True)
    removing.remove_due_events(bank.deps)
    google.misbehave("POST", "/revoke", status=503, times=None)

    tidy_connections(bank.deps)

    assert host
    notices = rows(bank.deps, "SELECT payload FROM outbox WHERE kind = 'notice'")
    assert any("was not ended there" in str(it) for it in notices)
