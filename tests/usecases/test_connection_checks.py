"""Checks of a connection, and appointments written to see whether it works."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    TooManyRequestsError,
)
from invo_booking.settings.calendars import ONLINE_MEETING
from invo_booking.usecases.calendars import checks, connections
from tests.support.connecting import (
    ACCOUNT,
    reaching,
    register,
    sign_in,
    trail,
)
from tests.support.host_calendar import OneAccount, PlainHost, connected
from tests.support.microsoft.fixtures import outlook, outlook_server

__all__ = ["outlook", "outlook_server"]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


@pytest.fixture
def ready(bank, outlook):
    register(bank, outlook)
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,))


def test_test_of_the_connection_writes_nothing_and_finds_all_well(deps, ready, outlook):
    group = outlook.group("Invo Booking", owners=(ACCOUNT,))
    sign_in(deps, ready, outlook)
    connections.choose_host_calendar(deps, ready, group)

    findings = checks.test_connection(deps, ready, "ana@bank.example")

    assert [it.sentence for it in findings if not it.ok] == []
    assert outlook.events(group) == []
    with pytest.raises(InvalidInputError):
        checks.test_connection(deps, ready, "nobody")


def test_failed_test_says_why_instead_of_failing(deps, ready, outlook):
    sign_in(deps, ready, outlook)
    outlook.revoke(None)

    findings = checks.test_connection(deps, ready, "")

    assert not all(it.ok for it in findings)


def test_test_appointment_is_written_and_taken_out(deps, ready, outlook):
    group = outlook.group("Invo Booking", owners=(ACCOUNT,))
    sign_in(deps, ready, outlook)
    with pytest.raises(ConflictError):
        checks.send_test_appointment(deps, ready)
    connections.choose_host_calendar(deps, ready, group)

    finding = checks.send_test_appointment(deps, ready)

    assert (finding.ok, outlook.events(group)) == (True, [])
    assert outlook.calls_to("POST", f"/groups/{group}/*")


def test_test_appointment_tries_an_attendee_and_a_meeting(deps, bank, ready, outlook):
    group = outlook.group("Invo Booking", owners=(ACCOUNT,))
    sign_in(deps, ready, outlook)
    connections.choose_host_calendar(deps, ready, group)
    bank.set(ONLINE_MEETING, "on")

    finding = checks.send_test_appointment(deps, ready)

    assert finding.ok
    [call] = outlook.calls_to("POST", f"/groups/{group}/*")
    [guest] = call.body["attendees"]
    assert guest["emailAddress"]["address"] == ready.email
    assert call.body["isOnlineMeeting"]


def test_test_appointment_without_its_meeting_has_failed(deps, bank, ready):
    host = PlainHost()
    bank.set(ONLINE_MEETING, "on")
    connected(bank)
    deps = replace(deps, providers={"outlook": OneAccount(WithoutMeetings(host))})

    finding = checks.send_test_appointment(deps, ready)

    assert not finding.ok
    assert "no online meeting" in finding.sentence
    assert host.kept == {}


class WithoutMeetings:
    """A host calendar whose account may not make online meetings."""

    def __init__(self, host) -> None:
        self.event, self.cancel = host.event, host.cancel
        self.find, self._host = host.find, host

    def create(self, draft):
        return self._host.create(replace(draft, online_meeting=False))


def test_test_appointment_whose_answer_is_lost_is_found_and_taken_out(
    deps, ready, outlook
):
    group = outlook.group("Invo Booking", owners=(ACCOUNT,))
    sign_in(deps, ready, outlook)
    connections.choose_host_calendar(deps, ready, group)
    outlook.misbehave("POST", f"/groups/{group}/*", drop="after", times=1)

    finding = checks.send_test_appointment(deps, ready)

    assert (finding.ok, outlook.events(group)) == (True, [])


def test_an_administrator_sends_ten_test_appointments_an_hour(
    deps, bank, ready, outlook, clock
):
    group = outlook.group("Invo Booking", owners=(ACCOUNT,))
    sign_in(deps, ready, outlook)
    connections.choose_host_calendar(deps, ready, group)
    for _ in range(checks.MOST_TRIALS):
        checks.send_test_appointment(deps, ready)
        clock.advance(MINUTE)
    written = len(outlook.calls_to("POST", f"/groups/{group}/*"))

    with pytest.raises(TooManyRequestsError, match="in 50 minutes") as refused:
        checks.send_test_appointment(deps, ready)
    assert refused.value.retry_at == clock.now + 50 * MINUTE
    assert len(outlook.calls_to("POST", f"/groups/{group}/*")) == written
    sent = [it for it in trail(deps) if it[0] == "test appointment sent"]
    assert len(sent) == checks.MOST_TRIALS

    olga = bank.agent("Olga", roles=(Role.ADMINISTRATOR,))
    assert checks.send_test_appointment(deps, olga).ok
    clock.advance(50 * MINUTE)
    assert checks.send_test_appointment(deps, ready).ok
