"""Many mailboxes at Microsoft: one that makes trouble does not cost the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from invo_booking.domain.calendars.provider_errors import ThrottledError
from invo_booking.domain.interval import Interval
from invo_booking.providers.microsoft.provider import LIMITS
from invo_booking.usecases.calendars.free_busy import KEPT_FREE, Patience, free_busy
from tests.providers.contract import OutlookWorld, opened

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
TODAY = Interval(NINE - timedelta(hours=9), NINE + timedelta(hours=15))
SCHEDULE = "/me/calendar/getSchedule"
IMPATIENT = replace(LIMITS, call_seconds=3)
PATIENCE = Patience(seconds=90, tries=3, pause=0.01)
TWENTY = [f"agent{number:02}@bank.example" for number in range(20)]


@pytest.fixture
def world(outlook):
    return OutlookWorld(outlook, IMPATIENT)


def test_mailbox_that_fails_costs_the_other_nineteen_nothing(outlook, world):
    outlook.mailbox_fails(TWENTY[7])

    found = free_busy(world.calendar, TWENTY, TODAY, patience=PATIENCE)

    assert [it.mailbox for it in found.values() if it.problem] == [TWENTY[7]]
    assert len(outlook.calls_to("POST", SCHEDULE)) == 1


def test_mailbox_that_breaks_its_batch_is_the_only_one_unknown(outlook, world):
    outlook.misbehave("POST", SCHEDULE, status=500, mailbox=TWENTY[7], times=None)

    found = free_busy(world.calendar, TWENTY, TODAY, patience=PATIENCE)

    assert [it.mailbox for it in found.values() if it.problem] == [TWENTY[7]]


def test_mailbox_that_always_hangs_is_told_and_all_others_are_fresh(outlook, world):
    """Case 53: with sixty agents in three batches, one of whom never answers."""
    sixty = [f"agent{number:02}@bank.example" for number in range(60)]
    outlook.misbehave("POST", SCHEDULE, hang=True, mailbox=sixty[33], times=None)
    answered = []

    found = free_busy(
        world.calendar, sixty, TODAY, on_answer=answered.append, patience=PATIENCE
    )

    assert [it.mailbox for it in found.values() if it.problem] == [sixty[33]]
    assert len(answered) == 60
    assert [it.mailbox for it in answered].index(sixty[33]) == 59
    outlook.behave()


def test_burst_of_trouble_is_ridden_out(outlook, world):
    """Case 36: three of ten calls fail, and nobody is unknown in the end."""
    many = [f"agent{number:03}@bank.example" for number in range(200)]
    outlook.misbehave("POST", SCHEDULE, status=[503], chance=0.3, times=None)

    found = free_busy(world.calendar, many, TODAY, patience=replace(PATIENCE, tries=5))

    assert not [it.mailbox for it in found.values() if it.problem]


def test_patience_asked_for_ends_the_whole_run(outlook, world):
    many = [f"agent{number:03}@bank.example" for number in range(400)]
    outlook.misbehave("POST", SCHEDULE, status=429, retry_after=60, times=None)

    with pytest.raises(ThrottledError):
        free_busy(world.calendar, many, TODAY, patience=PATIENCE)

    assert len(outlook.calls_to("POST", SCHEDULE)) <= 4


def test_no_more_calls_at_once_than_microsoft_takes(outlook):
    many = [f"agent{number:03}@bank.example" for number in range(200)]
    outlook.latency = 0.05
    calendar = opened(outlook)

    found = free_busy(calendar, many, TODAY, patience=PATIENCE)

    assert len(found) == 200
    assert outlook.most_at_once == 4 - KEPT_FREE
