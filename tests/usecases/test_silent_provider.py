"""A provider that does not answer stops neither bookings nor pages."""

import asyncio
import threading
import time

import pytest

from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.settings.calendars import LIVE_CHECK
from invo_booking.usecases.calendars import poll, states
from invo_booking.usecases.calendars.live import live_check, questions
from invo_booking.usecases.shared import outside_threads
from invo_booking.usecases.shared.outside_threads import run_outside
from tests.obeyed.conftest import book
from tests.support.bank import at
from tests.support.connecting import stored
from tests.support.plain_calendar import connected
from tests.support.plain_fixtures import deps, elsewhere
from tests.usecases.test_shared_questions import until

__all__ = ["deps", "elsewhere"]

HOURS = (10, 11, 13, 14, 15)


@pytest.fixture
def silence(bank, elsewhere, ana):
    """A provider that accepts every call and does not answer until it is set."""
    assert ana
    connected(bank)
    bank.set(LIVE_CHECK, "on")
    poll.poll_if_due(bank.deps)
    elsewhere.asked.clear()
    released = threading.Event()
    elsewhere.meanwhile = lambda: released.wait(60)
    yield released
    released.set()
    until(lambda: not live_check.SHARED_QUESTIONS.is_asking)


def record_down(bank):
    """Record, as a reading does, that the provider cannot be reached."""
    with bank.deps.unit_of_work() as work:
        connection = work.connections.active()
        error = ProviderDownError("Down.")
        states.record_connection_failure(bank.deps, work, connection.id, error)


def seconds_of_booking(bank, hour):
    """Return how long a booking takes, which must be made without a check."""
    began = time.monotonic()
    booked = book(bank, at(hour), email=f"c{hour}@example.com")
    assert booked.appointment.unchecked_at is not None
    return time.monotonic() - began


def test_only_the_first_booking_waits_for_a_provider_that_does_not_answer(
    bank, silence
):
    assert not silence.is_set()

    first, *others = (seconds_of_booking(bank, hour) for hour in HOURS)

    assert first >= questions.SILENT_AFTER
    assert max(others) < live_check.SECONDS


def test_no_booking_waits_for_a_provider_that_is_recorded_as_down(
    bank, silence, elsewhere
):
    record_down(bank)

    assert max(seconds_of_booking(bank, hour) for hour in HOURS) < live_check.SECONDS
    until(lambda: len(elsewhere.asked) == 1)
    assert not silence.is_set()


def test_provider_that_answers_again_is_noticed_without_a_reading(bank, silence):
    record_down(bank)
    silence.set()
    seconds_of_booking(bank, 10)

    until(lambda: stored(bank.deps).state is ConnectionState.CONNECTED)
    assert book(bank, at(11), email="d@example.com").appointment.unchecked_at is None


def test_slow_calls_for_others_are_no_silence(bank, elsewhere, silence):
    silence.set()
    elsewhere.meanwhile = lambda: time.sleep(questions.SILENT_AFTER / 4)

    for hour in HOURS:
        made = book(bank, at(hour), email=f"c{hour}@example.com")
        assert made.appointment.unchecked_at is None


def test_calls_that_do_not_return_take_few_threads_and_no_others():
    async def crowd():
        released = threading.Event()
        holding = [
            asyncio.create_task(run_outside(lambda: released.wait(60)))
            for _ in range(outside_threads.THREADS)
        ]
        await asyncio.sleep(0)
        with pytest.raises(ProviderDownError, match="Try again in a minute"):
            await run_outside(lambda: True)
        others = [asyncio.to_thread(lambda: True) for _ in range(20)]
        answered = await asyncio.wait_for(asyncio.gather(*others), timeout=45)
        released.set()
        await asyncio.gather(*holding)
        return answered, await run_outside(lambda: "free again")

    answered, again = asyncio.run(crowd())

    assert all(answered)
    assert again == "free again"


def test_nobody_waits_longer_than_the_deadline_and_the_call_goes_on():
    done, released = threading.Event(), threading.Event()

    def call():
        released.wait(60)
        done.set()

    async def press():
        with pytest.raises(ProviderDownError, match="has not answered") as caught:
            await run_outside(call, seconds=0.1)
        return caught.value

    error = asyncio.run(press())
    released.set()

    assert error.ambiguous
    assert done.wait(60)


def test_what_the_call_refuses_is_raised():
    def call():
        raise ProviderDownError("No route.")

    with pytest.raises(ProviderDownError, match="No route"):
        asyncio.run(run_outside(call))
