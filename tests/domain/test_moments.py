"""Between one moment and the next, nothing that is shown is different."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invo_booking.domain.appointment import (
    Appointment,
    Channel,
    Customer,
    JoinRules,
    Status,
)
from invo_booking.domain.moments import (
    clock_facts,
    earliest_moment,
    next_age_change,
    next_clock_change,
    next_closing,
    next_midnight,
    next_shown_change,
)
from invo_booking.domain.slots.reasons import age_in_words

TEN = datetime(2026, 11, 23, 16, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
CHICAGO = ZoneInfo("America/Chicago")
MADE = Appointment(
    id=UUID(int=1),
    status=Status.CONFIRMED,
    answer_id=None,
    title="Mortgage advice",
    queue_id=UUID(int=2),
    language="en",
    channel=Channel.VIDEO,
    starts_at=TEN,
    ends_at=TEN + 30 * MINUTE,
    customer=Customer(name="Ana"),
    requested_at=TEN - DAY,
)
RULES = JoinRules(opens_before=10 * MINUTE, wait=15 * MINUTE)

around = st.integers(-200, 200).map(lambda minutes: TEN + minutes * MINUTE)
lengths = st.integers(0, 90).map(lambda minutes: minutes * MINUTE)


@st.composite
def appointments(draw):
    return replace(
        MADE,
        status=draw(st.sampled_from(Status)),
        ends_at=TEN + MINUTE + draw(lengths),
        confirm_by=draw(st.none() | around),
        joined_at=draw(st.none() | around),
        waits_until=draw(st.none() | around),
    )


@given(
    appointments(),
    st.builds(JoinRules, opens_before=lengths, wait=lengths),
    around,
    st.integers(0, 400 * 60),
)
def test_nothing_differs_until_the_next_change_and_something_does_then(
    made, rules, now, seconds
):
    change = next_shown_change(made, rules, now)
    present, between = clock_facts(made, rules, now), now + seconds * SECOND

    if change is None or between < change:
        assert clock_facts(made, rules, between) == present
    if change is not None:
        assert change > now
        assert clock_facts(made, rules, change) != present
        assert clock_facts(made, rules, change - timedelta(microseconds=1)) == present


@pytest.mark.parametrize(
    ("minute", "following"), [(-60, -10), (-10, 0), (0, 15), (15, 30), (30, None)]
)
def test_confirmed_appointment_opens_begins_is_late_and_is_over(minute, following):
    change = next_shown_change(MADE, RULES, TEN + minute * MINUTE)

    assert change == (None if following is None else TEN + following * MINUTE)


@pytest.mark.parametrize(("deadline", "change"), [(-60, -60), (-5, -5), (0, 0), (5, 0)])
def test_request_expires_at_its_deadline_or_its_start(deadline, change):
    until = TEN + deadline * MINUTE
    request = replace(MADE, status=Status.REQUESTED, confirm_by=until)

    assert next_shown_change(request, RULES, TEN - DAY) == TEN + change * MINUTE


@given(around, st.sampled_from(["America/Chicago", "Asia/Kolkata", "Africa/Cairo"]))
def test_a_date_lasts_until_the_next_midnight(now, name):
    zone = ZoneInfo(name)
    change = next_midnight(now, zone)

    assert now < change <= now + 25 * timedelta(hours=1)
    today = now.astimezone(zone).date()
    assert (change - SECOND).astimezone(zone).date() == today
    assert change.astimezone(zone).date() > today


@pytest.mark.parametrize(
    ("now", "ahead", "step", "expected"),
    [
        (TEN, 0, 15, TEN),
        (TEN + SECOND, 0, 15, TEN + 15 * MINUTE),
        (TEN + 14 * MINUTE + 59 * SECOND, 0, 15, TEN + 15 * MINUTE),
        (TEN + SECOND, 50, 15, TEN + 10 * MINUTE),
        (TEN, 0, 1440, datetime(2026, 11, 24, 6, tzinfo=UTC)),
    ],
)
def test_start_closes_just_after_the_last_instant_it_can_be_booked(
    now, ahead, step, expected
):
    closes = next_closing(now, ahead * MINUTE, step * MINUTE, CHICAGO)

    assert closes - timedelta(milliseconds=1) == expected


def test_of_no_moments_none_is_first():
    assert earliest_moment([None, TEN, TEN - DAY]) == TEN - DAY
    assert earliest_moment([None]) is None


@given(passed=st.integers(0, 5 * 24 * 60 * 60))
@example(passed=2 * 60 * 60)
@example(passed=2 * 24 * 60 * 60)
def test_age_is_told_alike_until_the_moment_and_otherwise_from_then_on(passed):
    now = TEN + passed * SECOND

    moment = next_age_change(TEN, now)

    assert now < moment
    assert age_in_words(moment - SECOND - TEN) == age_in_words(now - TEN)
    assert age_in_words(moment - TEN) != age_in_words(now - TEN)


@pytest.mark.parametrize(
    ("zone", "now", "change"),
    [
        ("America/Chicago", "2027-03-14T07:00", "2027-03-14T08:00"),
        ("America/Chicago", "2027-03-14T08:00", None),
        ("America/Chicago", "2027-11-07T05:30", "2027-11-07T07:00"),
        ("Australia/Lord_Howe", "2027-04-03T14:00", "2027-04-03T15:00"),
        ("America/Chicago", "2027-03-13T12:00", None),
        ("Asia/Beirut", "2027-03-27T12:00", "2027-03-27T22:00"),  # at midnight
        ("Australia/Lord_Howe", "2027-04-03T12:00", None),  # before its midnight
        ("America/St_Johns", "2010-03-13T12:00", None),  # a minute after midnight
        ("UTC", "2027-03-14T07:00", None),
    ],
)
def test_grid_is_read_again_when_the_clock_is_set(zone, now, change):
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    wanted = change and datetime.fromisoformat(change).replace(tzinfo=UTC)

    assert next_clock_change(at, ZoneInfo(zone)) == wanted
