"""Questions at the edges: nobody there, odd grids, odd clocks, nonsense."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from invo_booking.domain.hours import AgentHours
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import Agent, AgentDay, AvailabilityIndex
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.domain.slots.search import CalendarFreshness, Group, Rules
from invo_booking.domain.wall import floor_minute, local_midnight
from tests.domain.reference import open_slots

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
QUEUE = UUID(int=1)
ENGLISH = Group(QUEUE, "en")
ROUND_THE_CLOCK = {weekday: ((time(0), time(0)),) for weekday in range(7)}
OFFICE_HOURS = {weekday: ((time(9), time(17)),) for weekday in range(7)}
MONDAY = date(2026, 6, 1)


def span(zone, first, days):
    return Interval(
        local_midnight(first, zone), local_midnight(first + days * DAY, zone)
    )


def rules(zone, window, **other):
    usual = {
        "zone": zone,
        "step": 30 * MINUTE,
        "length": 30 * MINUTE,
        "earliest_day": window.start,
        "latest": window.end,
        "now": window.start,
    }
    return Rules(**usual | other)


def agent(number, zone, weekly=OFFICE_HOURS):
    return Agent(
        UUID(int=number),
        f"Agent {number}",
        frozenset({QUEUE}),
        frozenset({"en"}),
        AgentHours(zone, weekly),
    )


def book(zone, window, *agents, **known):
    return AvailabilityIndex(agents, window, zone=zone, **known)


def offered(zone, window, *agents, **other):
    """Open starts as the institution's wall shows them."""
    slots = book(zone, window, *agents).open_slots(
        rules(zone, window, **other), ENGLISH, window
    )
    return [f"{slot.start.astimezone(zone):%d %H:%M %z}" for slot in slots]


UTC_ZONE = ZoneInfo("UTC")
ONE_DAY = span(UTC_ZONE, MONDAY, 1)


def test_queue_without_agents_offers_nothing_and_says_so():
    empty = book(UTC_ZONE, ONE_DAY)
    asked = rules(UTC_ZONE, ONE_DAY)

    verdict = empty.judge(asked, ENGLISH, ONE_DAY.start)

    assert empty.open_slots(asked, ENGLISH, ONE_DAY) == []
    assert [it.rule for it in verdict.reasons] == [ClosingRule.NOBODY_DESIGNATED]
    assert empty.calendars(ONE_DAY) == []


def test_day_on_which_nobody_is_on_duty_is_outside_hours():
    idle = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE, {}))

    found = idle.survey(rules(UTC_ZONE, ONE_DAY), ENGLISH, ONE_DAY)

    assert {it.rule for row in found for it in row.reasons} == {
        ClosingRule.OUTSIDE_HOURS
    }
    assert len(found) == 48


def test_all_must_be_free_and_one_is_absent():
    away = AgentHours(UTC_ZONE, OFFICE_HOURS, {}, (ONE_DAY,))
    absent = replace(agent(2, UTC_ZONE), hours=away)

    assert offered(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE), absent, percent=100)


def test_all_must_be_free_and_one_is_busy():
    asked = rules(UTC_ZONE, ONE_DAY, percent=100)
    two = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE), agent(2, UTC_ZONE))
    nine = floor_minute(ONE_DAY.start) + 9 * 60

    two.write(sheet(2, MONDAY, [(nine, nine + 460)]))

    starts = [slot.start.hour for slot in two.open_slots(asked, ENGLISH, ONE_DAY)]
    assert starts == []


def test_step_that_does_not_divide_the_day_begins_anew_each_midnight():
    window = span(UTC_ZONE, MONDAY, 2)
    always = agent(1, UTC_ZONE, ROUND_THE_CLOCK)

    found = offered(UTC_ZONE, window, always, step=7 * 60 * MINUTE)

    assert [it[:8] for it in found] == [
        *("01 00:00", "01 07:00", "01 14:00", "01 21:00"),
        *("02 00:00", "02 07:00", "02 14:00", "02 21:00"),
    ]


def test_length_beyond_any_opening_leaves_nothing():
    assert offered(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE), length=9 * 60 * MINUTE) == []


def test_hours_that_cross_midnight_hold_what_crosses_midnight():
    window = span(UTC_ZONE, MONDAY, 2)
    night = agent(1, UTC_ZONE, {0: ((time(23), time(0)),), 1: ((time(0), time(1)),)})

    found = offered(UTC_ZONE, window, night, length=60 * MINUTE)

    assert [it[:8] for it in found] == ["01 23:00", "01 23:30", "02 00:00"]


def test_window_across_both_clock_changes_keeps_office_hours():
    berlin = ZoneInfo("Europe/Berlin")
    window = span(berlin, date(2026, 3, 1), 250)

    found = offered(berlin, window, agent(1, berlin))

    assert {it[3:8] for it in found} == {
        f"{hour:02}:{minute:02}" for hour in range(9, 17) for minute in (0, 30)
    }
    assert len(found) == 250 * 16
    assert {it[9:] for it in found} == {"+0100", "+0200"}


def test_clock_change_of_half_an_hour_repeats_one_half_hour():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    window = span(lord_howe, date(2026, 4, 5), 1)

    found = offered(lord_howe, window, agent(1, lord_howe, ROUND_THE_CLOCK))

    assert found[2:6] == [
        *("05 01:00 +1100", "05 01:30 +1100", "05 01:30 +1030", "05 02:00 +1030"),
    ]
    assert len(found) == 49


def test_day_that_never_was_has_no_slots():
    apia = ZoneInfo("Pacific/Apia")
    window = span(apia, date(2011, 12, 29), 3)

    found = offered(apia, window, agent(1, apia, ROUND_THE_CLOCK))

    assert {it[:2] for it in found} == {"29", "31"}
    assert len(found) == 2 * 48


@pytest.mark.parametrize("minutes", [0, -30, 0.5])
def test_lengths_that_make_no_sense_are_refused(minutes):
    with pytest.raises(ValueError, match=r"positive|whole minutes"):
        rules(UTC_ZONE, ONE_DAY, length=timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "odd",
    [
        {"step": MINUTE, "length": MINUTE},
        {"step": DAY},
        {"percent": 0},
        {"percent": 100},
    ],
)
def test_rules_at_the_ends_of_what_makes_sense_are_taken(odd):
    taken = replace(rules(UTC_ZONE, ONE_DAY), **odd)

    assert odd.items() <= {it: getattr(taken, it) for it in odd}.items()


def test_window_outside_the_span_is_refused_and_the_span_named():
    small = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE))
    asked = rules(UTC_ZONE, ONE_DAY)
    late = Interval(ONE_DAY.start, ONE_DAY.end + MINUTE)

    for question in (
        lambda: small.open_slots(asked, ENGLISH, late),
        lambda: small.survey(asked, ENGLISH, late),
        lambda: small.judge(asked, ENGLISH, ONE_DAY.end),
        lambda: small.calendars(late),
    ):
        with pytest.raises(ValueError, match="2026-06-01 00:00:00"):
            question()


def test_window_longer_than_a_year_is_refused_and_the_limit_named():
    endless = Interval(ONE_DAY.start, ONE_DAY.start + 367 * DAY)

    with pytest.raises(ValueError, match="366 days"):
        open_slots(rules(UTC_ZONE, ONE_DAY), ENGLISH, [], [], endless)


def test_length_beyond_what_the_book_knows_is_refused_and_the_limit_named():
    small = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE))
    asked = rules(UTC_ZONE, ONE_DAY, length=25 * 60 * MINUTE)

    with pytest.raises(ValueError, match="1 day"):
        small.open_slots(asked, ENGLISH, ONE_DAY)


def sheet(owner, day, spans, language="", kind=0):
    rows = [(*it, 0, 0, kind) for it in spans]
    return AgentDay(
        UUID(int=owner), language, day, np.array(rows, np.int32).reshape(-1, 5)
    )


def test_sheet_of_another_day_is_refused():
    small = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE))
    tuesday = floor_minute(ONE_DAY.end)

    with pytest.raises(ValueError, match="2026-06-01 must start that day"):
        small.write(sheet(1, MONDAY, [(tuesday, tuesday + 30)]))


def test_book_that_was_written_in_cannot_be_loaded():
    small = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE))
    small.load([])

    with pytest.raises(ValueError, match="write the days"):
        small.load([])


def test_sheets_of_people_who_left_change_nothing():
    small = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE))
    asked = rules(UTC_ZONE, ONE_DAY)
    nine = floor_minute(ONE_DAY.start) + 9 * 60
    before = small.open_slots(asked, ENGLISH, ONE_DAY), small.version(ENGLISH)

    small.write(sheet(7, MONDAY, [(nine, nine + 480)]))
    small.set_freshness(UUID(int=7), CalendarFreshness(None))

    assert (small.open_slots(asked, ENGLISH, ONE_DAY), small.version(ENGLISH)) == before


def test_outside_calendars_that_are_switched_off_take_nothing():
    readings = {UUID(int=1): CalendarFreshness(None)}
    off = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE), outside=False, readings=readings)
    nine = floor_minute(ONE_DAY.start) + 9 * 60

    off.write(sheet(1, MONDAY, [(nine, nine + 480)], kind=1))

    assert len(off.open_slots(rules(UTC_ZONE, ONE_DAY), ENGLISH, ONE_DAY)) == 16


def test_span_of_many_days_still_takes_the_last_of_them():
    window = span(UTC_ZONE, MONDAY, 9)
    away = book(UTC_ZONE, window, agent(1, UTC_ZONE))
    nine = floor_minute(window.start) + 9 * 60

    away.write(sheet(1, MONDAY, [(nine, nine + 8 * 1440)], kind=1))

    found = away.open_slots(rules(UTC_ZONE, window), ENGLISH, window)
    assert found[0].start == datetime(2026, 6, 9, 9, tzinfo=UTC)


def test_agent_with_ever_more_appointments_keeps_all_of_them():
    """More than there was room for when the book was loaded."""
    full = book(UTC_ZONE, ONE_DAY, agent(1, UTC_ZONE), agent(2, UTC_ZONE, {}))
    nine = floor_minute(ONE_DAY.start) + 9 * 60
    quarters = [(nine + k * 15, nine + k * 15 + 15) for k in range(32)]

    full.load([sheet(1, MONDAY, quarters[:2]), sheet(2, MONDAY, quarters[:1])])
    full.write(sheet(1, MONDAY, quarters[:-2]))

    found = full.open_slots(rules(UTC_ZONE, ONE_DAY), ENGLISH, ONE_DAY)
    assert [slot.start.hour for slot in found] == [16]
    assert len(full.calendars(ONE_DAY)[0].booked) == 30
    assert len(full.calendars(ONE_DAY)[1].booked) == 1
