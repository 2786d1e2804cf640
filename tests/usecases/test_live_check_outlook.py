"""Looking at calendars again when booking, with an unkind Microsoft."""

import time
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import SlotTakenError
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY, LIVE_CHECK
from invo_booking.texts import say
from invo_booking.usecases.calendars import poll
from invo_booking.usecases.calendars.live import live_check
from tests.obeyed.conftest import book, refused
from tests.support.bank import at
from tests.support.connecting import reaching, register, sign_in
from tests.support.microsoft.fixtures import outlook, outlook_server

__all__ = ["outlook", "outlook_server"]

MINUTE = timedelta(minutes=1)
BUSY_MACHINE = 15  # seconds; what drips or hangs would take minutes
SCHEDULE = "/me/calendar/getSchedule"
UNKIND = {
    "hangs": {"hang": True},
    "drips": {"drip": True},
    "returns late": {"delay": 8.0},
    "asks for patience": {"status": 429, "retry_after": 60},
    "is overloaded": {"status": 503},
    "breaks off": {"drop": "before"},
    "talks nonsense": {"body": "<html>"},
}


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


@pytest.fixture
def ana(bank, outlook):
    """Ana's calendar was read, is empty, and is looked at again when booking."""
    grace = bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())
    ana = bank.agent("Ana")
    register(bank, outlook)
    bank.set(COMPUTE_AVAILABILITY, "on")
    bank.set(LIVE_CHECK, "on")
    sign_in(bank.deps, grace, outlook)
    poll.poll_if_due(bank.deps, at_once=True)
    yield ana
    outlook.behave()


@pytest.mark.parametrize("how", UNKIND.values(), ids=UNKIND)
def test_young_data_decides_in_time_however_microsoft_misbehaves(
    bank, outlook, ana, how
):
    assert ana
    outlook.misbehave("POST", SCHEDULE, times=None, **how)

    began = time.monotonic()
    booked = book(bank, at(10)).appointment
    took = time.monotonic() - began

    assert booked.unchecked_at == bank.clock()
    assert took < live_check.SECONDS + BUSY_MACHINE


@pytest.mark.parametrize("how", UNKIND.values(), ids=UNKIND)
def test_unknown_is_never_free_however_microsoft_misbehaves(
    bank, outlook, clock, ana, how
):
    assert ana
    outlook.misbehave("POST", SCHEDULE, times=None, **how)
    clock.advance(11 * MINUTE)

    began = time.monotonic()
    error = refused(book, bank, at(10))
    took = time.monotonic() - began

    assert isinstance(error, SlotTakenError)
    assert str(error) == say(live_check.NOBODY_KNOWN)
    assert took < live_check.SECONDS_IN_ALL + BUSY_MACHINE
