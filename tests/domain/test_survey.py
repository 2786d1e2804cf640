"""Every start of a window with its verdict, and starts one agent can be given."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.domain.slots.search import (
    AgentSupply,
    Booking,
    CalendarFreshness,
    Group,
    Rules,
)
from tests.domain.reference import (
    Waiting,
    busy_reason,
    judge,
    open_slots,
    schedules_of,
    survey,
)

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NONE = timedelta()
MORTGAGES = UUID(int=1)
CHICAGO = ZoneInfo("America/Chicago")
ENGLISH = Group(MORTGAGES, "en")
RULES = Rules(
    zone=ZoneInfo("UTC"),
    step=30 * MINUTE,
    length=30 * MINUTE,
    earliest_day=NINE - timedelta(days=1),
    latest=NINE + timedelta(days=60),
    now=NINE,
)
FRESH = CalendarFreshness(NINE - 5 * MINUTE)


def span(begin, end):
    """Minutes after nine."""
    return Interval(NINE + begin * MINUTE, NINE + end * MINUTE)


def agent(number, *, languages=("en",), booked=(), busy=(), reading=None):
    return AgentSupply(
        agent_id=UUID(int=number),
        name=f"Agent {number}",
        queues=frozenset({MORTGAGES}),
        languages=frozenset(languages),
        duty=(span(0, 120),),
        booked=tuple(booked),
        busy=tuple(busy),
        reading=reading,
    )


def why(*calendars, rules=RULES, at=NINE):
    """What staff read about one start, rule by rule."""
    verdict = judge(rules, ENGLISH, calendars, (), at)
    return {reason.rule: reason.sentence for reason in verdict.reasons}


def starts(*calendars, waiting=(), rules=RULES, **chosen):
    """Open starts, in minutes after nine."""
    found = open_slots(rules, ENGLISH, calendars, waiting, span(0, 120), **chosen)
    return [(slot.start - NINE) // MINUTE for slot in found]


def test_no_start_of_the_window_is_left_out():
    found = survey(RULES, ENGLISH, [agent(1)], (), span(-60, 150))

    assert [(it.start - NINE) // MINUTE for it in found] == list(range(-60, 150, 30))
    assert [it.open for it in found] == [False] * 2 + [True] * 4 + [False]
    assert [it.rule for it in found[0].reasons] == [
        ClosingRule.PAST,
        ClosingRule.OUTSIDE_HOURS,
    ]


def test_survey_of_a_window_without_a_start_is_empty():
    assert survey(RULES, ENGLISH, [agent(1)], (), span(1, 29)) == []


def test_appointments_and_own_calendars_are_counted_apart():
    booked = agent(1, booked=[Booking(span(0, 30))], busy=[span(0, 30)], reading=FRESH)
    busy = agent(2, busy=[span(0, 30)], reading=FRESH)

    assert why(booked, busy) == {
        ClosingRule.AGENTS_BUSY: "Nobody is free. Of 2 agents on duty, 1 has an"
        " appointment and 1 is busy in their own calendar (data at most 5 minutes old)."
    }
    assert why(booked) == {
        ClosingRule.AGENTS_BUSY: "Nobody is free. Of 1 agent on duty, 1 has an"
        " appointment."
    }


def test_age_of_what_is_known_is_that_of_the_agents_who_serve_the_group():
    busy = agent(1, busy=[span(0, 30)], reading=FRESH)
    old = agent(2, languages=("es",), reading=CalendarFreshness(NINE - 50 * MINUTE))

    assert why(busy, old)[ClosingRule.AGENTS_BUSY].endswith(
        "(data at most 5 minutes old)."
    )


def test_calendar_is_believed_as_long_as_those_of_the_agents_who_serve_the_group():
    silent = agent(1, reading=CalendarFreshness(None, limit=15 * MINUTE))
    other = agent(2, languages=("es",), reading=CalendarFreshness(None))

    assert (
        "in the last 15 minutes: Agent 1 (never read)."
        in (why(silent, other)[ClosingRule.CALENDAR_UNKNOWN])
    )


def test_age_and_limit_of_several_calendars_are_the_highest():
    fresh, old = (
        agent(number, busy=[span(0, 30)], reading=CalendarFreshness(NINE - age))
        for number, age in ((1, 5 * MINUTE), (2, 9 * MINUTE))
    )
    silent = [
        agent(number, reading=CalendarFreshness(None, limit=limit * MINUTE))
        for number, limit in ((3, 15), (4, 30), (5, 20))
    ]

    told = why(fresh, old, *silent)

    assert told[ClosingRule.AGENTS_BUSY].endswith("(data at most 9 minutes old).")
    assert "in the last 30 minutes: " in told[ClosingRule.CALENDAR_UNKNOWN]


def test_buffers_are_named_when_nothing_else_is_in_the_way():
    close = agent(1, booked=[Booking(span(30, 60), 10 * MINUTE, NONE)])

    assert why(close) == {
        ClosingRule.BUFFERS: "Too close to other appointments: 1 of 1 agent on duty"
        " would be free without the time kept free around appointments."
    }


def test_outside_working_hours_those_who_serve_the_group_are_counted():
    agents = [agent(1), agent(2), agent(3, languages=("es",))]

    assert why(*agents, at=NINE + 150 * MINUTE) == {
        ClosingRule.OUTSIDE_HOURS: "Outside working hours: 0 of 2 agents on duty"
        " throughout."
    }


def test_first_day_is_named_by_the_institution_s_clock():
    auckland = ZoneInfo("Pacific/Auckland")
    wednesday = datetime(2026, 11, 25, tzinfo=auckland).astimezone(UTC)
    rules = replace(RULES, zone=auckland, earliest_day=wednesday)

    assert why(agent(1), rules=rules)[ClosingRule.EARLIEST_DAY] == (
        "Before the first day that can be booked, Wednesday, November 25."
    )


@pytest.mark.parametrize(
    ("minutes", "holidays"),
    [
        (-30, ""),
        (-15, "Founders' day"),
        (0, "Founders' day"),
        (1410, "Founders' day"),
        (1425, "Founders' day, Thanksgiving"),
    ],
)
def test_holiday_is_named_by_all_that_reaches_into_it_and_nothing_else(
    minutes, holidays
):
    midnight = datetime(2026, 11, 24, tzinfo=CHICAGO).astimezone(UTC)
    rules = replace(
        RULES,
        zone=CHICAGO,
        step=15 * MINUTE,
        holidays={
            date(2026, 11, 25): "Thanksgiving",
            date(2026, 11, 24): "Founders' day",
        },
    )

    told = why(agent(1), rules=rules, at=midnight + minutes * MINUTE)

    expected = f"Closed for {holidays}." if holidays else None
    assert told.get(ClosingRule.HOLIDAY) == expected


def test_first_and_last_instants_are_told_by_the_institution_s_clock():
    rules = replace(
        RULES,
        zone=CHICAGO,
        disabled_window=60 * MINUTE,
        latest=NINE + 90 * MINUTE,
    )

    assert why(agent(1), rules=rules)[ClosingRule.DISABLED_WINDOW].endswith(
        "not before Monday, November 23 at 4:00."
    )
    late = why(agent(1), rules=rules, at=NINE + 90 * MINUTE)
    assert late[ClosingRule.BEYOND_HORIZON].endswith("Monday, November 23 at 4:30.")


def test_only_who_is_on_duty_throughout_is_named_as_not_known():
    leaves = replace(agent(1, reading=CalendarFreshness(None)), duty=(span(0, 45),))
    stays = agent(2, reading=CalendarFreshness(None))

    told = why(leaves, stays, at=NINE + 30 * MINUTE)[ClosingRule.CALENDAR_UNKNOWN]

    assert told.endswith("Agent 2 (never read).")
    assert "Agent 1" not in told


def test_reading_that_is_noted_counts_from_then_on():
    schedules = schedules_of([agent(1), agent(2)])

    schedules.agent_index.set_freshness(1, CalendarFreshness(NINE - 61 * MINUTE))
    assert schedules.agent_index.known_flags(NINE).tolist() == [True, False]
    reading = CalendarFreshness(NINE - 61 * MINUTE)
    assert schedules.agent_index.readings == [None, reading]

    schedules.agent_index.set_freshness(1, CalendarFreshness(NINE - 60 * MINUTE))
    assert schedules.agent_index.known_flags(NINE).tolist() == [True, True]


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (CalendarFreshness(None), "Agent 1 (never read)"),
        (
            CalendarFreshness(None, "Access denied."),
            "Agent 1 (never read: Access denied)",
        ),
        (CalendarFreshness(NINE - 61 * MINUTE), "Agent 1 (last read 61 minutes ago)"),
        (
            CalendarFreshness(NINE - timedelta(hours=5), "Not found"),
            "Agent 1 (last read 5 hours ago: Not found)",
        ),
        (CalendarFreshness(NINE - timedelta(days=9)), "Agent 1 (last read 9 days ago)"),
    ],
)
def test_agent_whose_calendar_is_not_known_is_on_duty_but_never_free(reading, told):
    silent = agent(1, reading=reading)

    verdict = judge(RULES, ENGLISH, [silent], (), NINE)

    assert (verdict.free, verdict.designated, verdict.placeable) == (0, 1, ())
    assert why(silent) == {
        ClosingRule.CALENDAR_UNKNOWN: "1 of 1 agent on duty cannot be counted as free,"
        f" because the calendar was not read in the last 60 minutes: {told}."
    }
    assert starts(silent) == []
    assert busy_reason(silent, span(0, 30), now=NINE) == f"Calendar not known: {told}"


def test_how_long_a_calendar_is_believed_may_be_said_otherwise():
    quarter = 15 * MINUTE
    late = agent(1, reading=CalendarFreshness(NINE - 16 * MINUTE, limit=quarter))

    assert starts(agent(1, reading=CalendarFreshness(NINE - quarter, limit=quarter)))
    assert starts(late) == []
    assert "not read in the last 15 minutes" in why(late)[ClosingRule.CALENDAR_UNKNOWN]


def test_calendar_read_an_hour_ago_is_still_believed():
    assert starts(agent(1, reading=CalendarFreshness(NINE - 60 * MINUTE))) == [
        0,
        30,
        60,
        90,
    ]


def test_many_agents_are_not_all_named():
    silent = [agent(number, reading=CalendarFreshness(None)) for number in range(1, 6)]

    sentence = why(*silent)[ClosingRule.CALENDAR_UNKNOWN]

    assert sentence.endswith("Agent 3 (never read), 2 more.")


def test_percent_tells_who_is_not_known():
    half = replace(RULES, percent=60)

    assert why(agent(1), agent(2, reading=CalendarFreshness(None)), rules=half) == {
        ClosingRule.PERCENT: "Only 1 of 2 agents on duty free, fewer than the 60"
        " percent that must be; not known: Agent 2 (never read)."
    }


def test_who_waits_cannot_be_given_to_an_agent_who_is_not_known():
    waiting = [Waiting(span(0, 30), NONE, NONE, MORTGAGES, "en")]
    silent = agent(2, reading=CalendarFreshness(None))

    assert starts(agent(1), silent, waiting=waiting) == [30, 60, 90]


def test_starts_of_one_agent_are_those_the_agent_is_free_for():
    one, other = agent(1, booked=[Booking(span(30, 60))]), agent(2)

    assert starts(one, other, agent=UUID(int=1)) == [0, 60, 90]
    assert starts(one, other, agent=UUID(int=2)) == [0, 30, 60, 90]


def test_agent_who_is_not_known_here_has_no_starts():
    assert starts(agent(1), agent=UUID(int=9)) == []


def test_agent_needed_by_somebody_who_waits_is_not_offered():
    waiting = [Waiting(span(0, 30), NONE, NONE, MORTGAGES, "es")]
    bilingual, other = agent(1, languages=("en", "es")), agent(2)

    assert starts(bilingual, other, waiting=waiting, agent=UUID(int=1)) == [30, 60, 90]
    assert starts(bilingual, other, waiting=waiting, agent=UUID(int=2))[0] == 0


def test_start_that_the_rules_close_is_not_offered_where_an_agent_could_take_it():
    waiting = [Waiting(span(0, 30), NONE, NONE, MORTGAGES, "en")]
    shut = replace(RULES, holidays={NINE.date(): "Founder's Day"})

    both = [agent(1), agent(2)]
    assert starts(*both, waiting=waiting, agent=UUID(int=1)) == [0, 30, 60, 90]
    assert starts(*both, waiting=waiting, rules=shut, agent=UUID(int=1)) == []


def test_start_is_open_with_one_who_is_free_whatever_keeps_the_others():
    free, close = agent(1), agent(2, booked=[Booking(span(30, 60), 9 * MINUTE, NONE)])
    booked, busy = agent(3, booked=[Booking(span(0, 30))]), agent(4, busy=[span(0, 30)])
    silent = agent(5, reading=CalendarFreshness(None))

    assert why(free, close, booked, busy, silent) == {}
    assert set(why(close, booked, busy, silent)) == {
        ClosingRule.AGENTS_BUSY,
        ClosingRule.BUFFERS,
        ClosingRule.CALENDAR_UNKNOWN,
    }


def test_slot_of_one_agent_still_counts_all():
    slots = open_slots(
        RULES, ENGLISH, [agent(1), agent(2)], (), span(0, 30), agent=UUID(int=1)
    )

    assert [(slot.free, slot.designated) for slot in slots] == [(2, 2)]


def test_percent_of_all_agents_counts_for_one_agent_too():
    everybody = replace(RULES, percent=100)
    booked = agent(2, booked=[Booking(span(0, 30))])

    found = starts(agent(1), booked, rules=everybody, agent=UUID(int=1))

    assert found == [30, 60, 90]
