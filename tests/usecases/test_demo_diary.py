"""What the demo makes up, at every kind of present instant, before it is stored."""

# ruff: noqa: S311 - a seed is what makes these repeatable

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from invo_booking.demo.bank import CHICAGO, demo_bank
from invo_booking.demo.diary import Story, demo_stories
from invo_booking.domain.appointment import LIVE, Appointment, Status
from invo_booking.domain.institution import Roster
from invo_booking.domain.interval import Interval
from tests.domain.reference import calendars_of, placeable

TUESDAY_NOON = datetime(2026, 11, 24, 18, 7, 31, 5, tzinfo=UTC)
INSTANTS = {
    "Tuesday noon": TUESDAY_NOON,
    "Sunday afternoon": datetime(2026, 11, 22, 20, tzinfo=UTC),
    "Thanksgiving": datetime(2026, 11, 26, 16, tzinfo=UTC),
    "before anybody works": datetime(2026, 11, 24, 11, tzinfo=UTC),
    "Friday night": datetime(2026, 11, 28, 4, tzinfo=UTC),
    "clocks go forward": datetime(2027, 3, 14, 15, tzinfo=UTC),
    "clocks go back": datetime(2026, 11, 1, 15, tzinfo=UTC),
    "year end": datetime(2026, 12, 31, 18, tzinfo=UTC),
}
ALL = pytest.mark.parametrize("now", INSTANTS.values(), ids=INSTANTS.keys())


@cache
def demo(now: datetime) -> tuple[Roster, list[Story]]:
    chance = random.Random(7)
    bank = demo_bank(now, chance)
    return bank, demo_stories(bank, now, chance)


def appointments(now: datetime) -> list[Appointment]:
    return [story.appointment for story in demo(now)[1]]


def live(now: datetime) -> list[Appointment]:
    return [one for one in appointments(now) if one.status in LIVE]


@ALL
def test_demo_looks_alive(now):
    status = Counter(one.status for one in appointments(now))

    assert status[Status.COMPLETED] > 80
    assert status[Status.CONFIRMED] > 60
    assert status[Status.REQUESTED] == 4
    assert status[Status.ENDED] >= 5
    assert status[Status.CANCELLED] >= 5
    assert sum(one.agent_id is None for one in live(now)) == 12


@ALL
def test_nobody_is_booked_twice_at_once_with_buffers_kept(now):
    taken = sorted(live(now), key=lambda one: (str(one.agent_id), one.starts_at))

    for one, following in pairwise(taken):
        if one.agent_id is not None and one.agent_id == following.agent_id:
            gap = following.starts_at - one.ends_at
            assert gap >= max(one.buffer_after, following.buffer_before)


@ALL
def test_what_is_unassigned_could_be_placed(now):
    ahead = Interval(now, now + timedelta(days=6))

    calendars, waiting = calendars_of(demo(now)[0], live(now), ahead)

    assert len(waiting) == 12
    assert placeable(waiting, calendars)


@ALL
def test_agents_are_on_duty_for_what_they_have_and_designated_for_it(now):
    bank, _ = demo(now)
    everything = Interval(now - timedelta(days=20), now + timedelta(days=20))
    calendars, _ = calendars_of(bank, (), everything)
    duty = {calendar.agent_id: calendar.duty for calendar in calendars}

    for one in appointments(now):
        if one.agent_id is not None:
            assert any(span.covers(one.period) for span in duty[one.agent_id])
            actor = bank.people[one.agent_id].as_actor()
            assert actor.serves(one.queue_id, one.language)


@ALL
def test_nothing_is_told_of_the_future_and_stories_are_in_order(now):
    for story in demo(now)[1]:
        one, times = story.appointment, [event.at for event in story.happenings]
        assert times == sorted(times)
        assert times[0] == one.requested_at
        assert times[-1] <= now
        assert one.requested_at < one.starts_at


@ALL
def test_past_is_over_and_requests_wait_long_enough_to_be_seen(now):
    for one in live(now):
        assert one.ends_at > now
        assert not one.has_expired(now + timedelta(minutes=110))


@pytest.mark.parametrize("name", ["Tuesday noon", "Sunday afternoon"])
def test_today_is_busy_even_on_a_weekend(name):
    now = INSTANTS[name]
    today = now.astimezone(CHICAGO).date()

    busy = Counter(
        one.agent_id
        for one in appointments(now)
        if one.starts_at.astimezone(CHICAGO).date() == today
        and one.status is not Status.CANCELLED
    )

    (dana,) = [one for one in demo(now)[0].agents if one.email == "dana@harbor.example"]
    assert busy[dana.id] >= 3
    assert 12 <= sum(busy.values()) <= 80


def test_one_agent_is_on_holiday():
    bank, _ = demo(TUESDAY_NOON)

    (away,) = [one for one in bank.agents if one.hours.time_off]

    assert away.hours.time_off[0].overlaps(
        Interval(TUESDAY_NOON, TUESDAY_NOON + timedelta(days=5))
    )
    assert len(bank.agents) == 12


def test_holidays_are_those_of_the_country():
    bank, _ = demo(TUESDAY_NOON)

    assert bank.holidays[date(2026, 11, 26)] == "Thanksgiving Day"
    assert date(2027, 7, 5) in bank.holidays  # the 4th is a Sunday


def test_demo_is_the_same_for_the_same_instant():
    chance = random.Random(7)
    again = demo_stories(demo_bank(TUESDAY_NOON, chance), TUESDAY_NOON, chance)

    assert again == demo(TUESDAY_NOON)[1]


def test_customers_cannot_be_anybody_real():
    for one in appointments(TUESDAY_NOON):
        assert one.customer.email.isascii()
        assert one.customer.email.endswith(".example")
        assert one.customer.phone[5:9] == "5550"
