"""Slots as people meet them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule, customer_sentence
from invo_booking.domain.slots.search import (
    AgentSupply,
    Booking,
    Group,
    Rules,
    Slot,
    nearest_openings,
)
from tests.domain.reference import Waiting, busy_reason, judge, open_slots

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # nine o'clock in Chicago
MINUTE = timedelta(minutes=1)
NONE = timedelta()
MORTGAGES, CARDS = UUID(int=1), UUID(int=2)
ENGLISH = Group(MORTGAGES, "en")
RULES = Rules(
    zone=CHICAGO,
    step=30 * MINUTE,
    length=30 * MINUTE,
    earliest_day=MONDAY - timedelta(days=1),
    latest=MONDAY + timedelta(days=60),
)
MORNING = Interval(MONDAY, MONDAY + 120 * MINUTE)


def span(begin, end):
    """Minutes after nine on Monday."""
    return Interval(MONDAY + begin * MINUTE, MONDAY + end * MINUTE)


WHOLE_MORNING = (span(0, 120),)


def agent(number, *, languages=("en",), duty=WHOLE_MORNING, booked=(), busy=()):
    return AgentSupply(
        agent_id=UUID(int=number),
        name=f"Agent {number}",
        queues=frozenset({MORTGAGES}),
        languages=frozenset(languages),
        duty=tuple(duty),
        booked=tuple(booked),
        busy=tuple(busy),
    )


def starts(rules, calendars, waiting=(), group=ENGLISH, window=MORNING):
    """Open starts, in minutes after nine."""
    return [
        (slot.start - MONDAY) // MINUTE
        for slot in open_slots(rules, group, calendars, waiting, window)
    ]


def rules_closing(start, rules=RULES, calendars=None, waiting=(), **grid):
    calendars = [agent(1)] if calendars is None else calendars
    verdict = judge(rules, ENGLISH, calendars, waiting, start, **grid)
    return [reason.rule for reason in verdict.reasons]


def test_agent_who_is_free_all_morning_gives_every_slot():
    assert starts(RULES, [agent(1)]) == [0, 30, 60, 90]


def test_slot_tells_its_span_and_who_is_free_of_how_many():
    slots = open_slots(
        RULES, ENGLISH, [agent(1), agent(2, busy=[span(0, 30)])], (), MORNING
    )

    assert slots[0] == Slot(MONDAY, MONDAY + 30 * MINUTE, 1, 2)
    assert slots[1] == Slot(MONDAY + 30 * MINUTE, MONDAY + 60 * MINUTE, 2, 2)
    assert slots[0].start.tzinfo is UTC


def test_slot_that_ends_as_something_begins_is_open():
    assert starts(RULES, [agent(1, busy=[span(30, 60)])]) == [0, 60, 90]


def test_appointment_must_end_before_the_agent_leaves():
    assert starts(RULES, [agent(1, duty=[span(0, 100)])]) == [0, 30, 60]


def test_duty_that_touches_is_one():
    halves = agent(1, duty=[span(45, 120), span(0, 45)])

    assert starts(RULES, [halves]) == [0, 30, 60, 90]


def test_last_slot_of_the_window_may_end_behind_it():
    long = replace(RULES, length=60 * MINUTE)
    assert starts(long, [agent(1, duty=[span(0, 180)])]) == [0, 30, 60, 90]


def test_agents_of_other_languages_and_queues_do_not_help():
    assert starts(RULES, [agent(1, languages=("es",))]) == []
    assert starts(RULES, [agent(1)], group=Group(CARDS, "en")) == []


def test_no_agents_give_no_slots():
    assert starts(RULES, []) == []


def test_buffers_keep_distance_from_the_own_appointments():
    buffered = replace(RULES, buffer_after=10 * MINUTE)
    booked = [Booking(span(60, 90), NONE, NONE)]

    assert starts(buffered, [agent(1, booked=booked)]) == [0, 90]


def test_between_two_appointments_the_larger_buffer_counts_not_the_sum():
    rules = replace(RULES, step=5 * MINUTE, buffer_before=10 * MINUTE)
    booked = [Booking(span(0, 30), NONE, 15 * MINUTE)]

    assert starts(rules, [agent(1, booked=booked)])[0] == 45


def test_buffer_may_reach_beyond_the_hours():
    buffered = replace(RULES, buffer_before=60 * MINUTE, buffer_after=60 * MINUTE)

    assert starts(buffered, [agent(1)]) == [0, 30, 60, 90]


@pytest.mark.parametrize(
    ("percent", "free", "of", "is_open"),
    [
        (50, 1, 2, True),
        (51, 1, 2, False),
        (33, 1, 3, True),
        (34, 1, 3, False),
        (67, 2, 3, False),
        (66, 2, 3, True),
        (100, 3, 3, True),
        (100, 2, 3, False),
        (0, 1, 9, True),
        (0, 0, 3, False),
    ],
)
def test_share_of_free_agents_is_compared_without_rounding(percent, free, of, is_open):
    agents = [agent(k, busy=[] if k < free else [span(0, 30)]) for k in range(of)]

    found = starts(replace(RULES, percent=percent), agents)

    assert (0 in found) is is_open


def test_percent_is_of_those_on_duty_not_of_all():
    away = [agent(k, duty=()) for k in range(2, 6)]

    assert 0 in starts(replace(RULES, percent=100), [agent(1), *away])


def test_unassigned_appointment_takes_the_place_of_one_agent():
    waiting = [Waiting(span(0, 30), NONE, NONE, MORTGAGES, "en")]

    assert starts(RULES, [agent(1)], waiting) == [30, 60, 90]
    assert starts(RULES, [agent(1), agent(2)], waiting) == [0, 30, 60, 90]


def test_last_bilingual_agent_is_kept_for_who_waits_for_spanish():
    waiting = [Waiting(span(0, 30), NONE, NONE, MORTGAGES, "es")]
    bilingual = agent(1, languages=("en", "es"))

    assert starts(RULES, [bilingual, agent(2)], waiting) == [0, 30, 60, 90]
    assert starts(RULES, [bilingual], waiting) == [30, 60, 90]
    verdict = judge(RULES, ENGLISH, [bilingual, agent(2)], waiting, MONDAY)
    assert verdict.placeable == (UUID(int=2),)


def test_who_waits_for_somebody_on_leave_blocks_nobody_else():
    waiting = [Waiting(span(0, 30), NONE, NONE, MORTGAGES, "es")]
    on_leave = agent(2, languages=("en", "es"), duty=())

    assert starts(RULES, [agent(1), on_leave], waiting) == [0, 30, 60, 90]


def test_too_many_waiting_in_one_queue_do_not_close_another():
    waiting = [Waiting(span(0, 30), NONE, NONE, CARDS, "en")] * 3
    cards = replace(agent(2), queues=frozenset({CARDS}))

    assert starts(RULES, [agent(1), cards], waiting) == [0, 30, 60, 90]


def test_too_many_waiting_later_do_not_close_what_has_agents_to_spare():
    """Four wait at 09:20 for three agents; of them only one is there at nine."""
    short = replace(RULES, length=10 * MINUTE)
    early = Waiting(span(0, 30), NONE, NONE, MORTGAGES, "en")
    later = Waiting(span(20, 50), NONE, NONE, MORTGAGES, "en")
    three = [agent(1), agent(2), agent(3)]

    verdict = judge(short, ENGLISH, three, [early, *[later] * 3], MONDAY)

    assert verdict.open
    assert len(verdict.placeable) == 2  # whoever waits at nine needs the third
    assert 0 in starts(short, three, [early, *[later] * 3])


def test_who_waits_for_others_does_not_count_against_agents_to_spare():
    """Both who wait for Spanish need the third agent; the bilingual one is away."""
    short = replace(RULES, length=10 * MINUTE)
    english = [
        Waiting(span(*it), NONE, NONE, MORTGAGES, "en")
        for it in [(0, 30), (20, 50), (20, 50)]
    ]
    spanish = [Waiting(span(0, 30), NONE, NONE, MORTGAGES, "es")] * 2
    away = agent(3, languages=("en", "es"), duty=())
    agents = [agent(1), agent(2), away, agent(4, languages=("es",))]

    assert 0 in starts(short, agents, english + spanish)
    assert judge(short, ENGLISH, agents, english + spanish, MONDAY).open


def test_grid_follows_the_institutions_wall_when_the_step_does_not_divide_the_day():
    odd = replace(RULES, step=50 * MINUTE, length=10 * MINUTE)

    assert starts(odd, [agent(1)]) == [10, 60, 110]  # 09:10 is 11 times 50 minutes


def test_half_past_two_is_not_offered_the_night_it_does_not_exist():
    night = Interval(
        datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 3, 8, 10, tzinfo=UTC)
    )
    rules = replace(RULES, earliest_day=night.start)

    slots = open_slots(rules, ENGLISH, [agent(1, duty=[night])], (), night)

    assert [f"{slot.start.astimezone(CHICAGO):%H:%M}" for slot in slots] == [
        *("00:00", "00:30", "01:00", "01:30"),
        *("03:00", "03:30", "04:00", "04:30"),
    ]


def test_half_past_one_is_offered_twice_the_night_it_happens_twice():
    night = Interval(
        datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 11, 1, 8, tzinfo=UTC)
    )
    rules = replace(RULES, earliest_day=night.start)

    slots = open_slots(rules, ENGLISH, [agent(1, duty=[night])], (), night)

    assert [f"{slot.start.astimezone(CHICAGO):%H:%M %z}" for slot in slots] == [
        *("01:00 -0500", "01:30 -0500", "01:00 -0600", "01:30 -0600"),
    ]


def test_start_before_the_earliest_is_too_early():
    tomorrow = replace(RULES, earliest_day=MONDAY + MINUTE)
    hour = replace(RULES, now=MONDAY, disabled_window=60 * MINUTE)

    assert rules_closing(MONDAY, tomorrow) == [ClosingRule.EARLIEST_DAY]
    assert rules_closing(MONDAY, replace(RULES, earliest_day=MONDAY)) == []
    assert rules_closing(MONDAY + 30 * MINUTE, hour) == [ClosingRule.DISABLED_WINDOW]
    assert rules_closing(MONDAY + 60 * MINUTE, hour) == []


def test_start_before_now_is_past():
    late = replace(RULES, now=MONDAY + MINUTE, earliest_day=MONDAY + 60 * MINUTE)

    assert rules_closing(MONDAY, late) == [ClosingRule.PAST]


def test_horizon_itself_is_beyond():
    assert rules_closing(MONDAY, replace(RULES, latest=MONDAY)) == [
        ClosingRule.BEYOND_HORIZON
    ]
    assert rules_closing(MONDAY, replace(RULES, latest=MONDAY + MINUTE)) == []


def test_weekend_is_judged_on_the_institutions_clock():
    """Friday 23:45 in Chicago is already Saturday in UTC."""
    friday = datetime(2026, 11, 28, 5, 30, tzinfo=UTC)
    awake = [agent(1, duty=[Interval(friday, friday + 180 * MINUTE)])]
    off = replace(RULES, weekends_off=True)

    assert rules_closing(friday, off, awake) == []
    assert rules_closing(friday + 30 * MINUTE, off, awake) == [ClosingRule.WEEKEND]
    assert rules_closing(friday + 30 * MINUTE, RULES, awake) == []


def test_appointment_that_reaches_into_the_weekend_is_closed():
    friday = datetime(2026, 11, 28, 5, 30, tzinfo=UTC)
    awake = [agent(1, duty=[Interval(friday, friday + 180 * MINUTE)])]
    long = replace(RULES, weekends_off=True, length=45 * MINUTE)

    assert rules_closing(friday, long, awake) == [ClosingRule.WEEKEND]


def test_holiday_is_told_by_its_name():
    closed = replace(RULES, holidays={date(2026, 11, 23): "Founder's Day"})

    verdict = judge(closed, ENGLISH, [agent(1)], (), MONDAY)

    assert [it.sentence for it in verdict.reasons] == ["Closed for Founder's Day."]
    assert customer_sentence(verdict.reasons) == "We are closed for Founder's Day."
    assert starts(closed, [agent(1)]) == []


def test_each_reason_has_its_own_name():
    off_duty, taken = agent(1, duty=()), agent(1, busy=[span(0, 30)])
    waiting = [Waiting(span(0, 30), NONE, NONE, MORTGAGES, "en")]
    half = replace(RULES, percent=60)

    assert rules_closing(MONDAY, calendars=[]) == [ClosingRule.NOBODY_DESIGNATED]
    assert rules_closing(MONDAY, calendars=[off_duty]) == [ClosingRule.OUTSIDE_HOURS]
    assert rules_closing(MONDAY, calendars=[taken]) == [ClosingRule.AGENTS_BUSY]
    assert rules_closing(MONDAY, half, [agent(2), taken]) == [ClosingRule.PERCENT]
    assert rules_closing(MONDAY, waiting=waiting) == [ClosingRule.CAPACITY]
    assert rules_closing(MONDAY + 5 * MINUTE) == [ClosingRule.OFF_GRID]


def test_staff_may_leave_the_grid_but_not_the_minute():
    assert rules_closing(MONDAY + 5 * MINUTE, on_grid=False) == []
    for late in (timedelta(seconds=5), timedelta(microseconds=5)):
        assert rules_closing(MONDAY + late, on_grid=False) == [ClosingRule.OFF_GRID]


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_start_in_another_age_is_closed_with_a_reason(year):
    verdict = judge(
        RULES, ENGLISH, [agent(1)], (), datetime(year, 12, 31, 23, 30, tzinfo=UTC)
    )

    assert not verdict.open
    assert verdict.reasons[0].rule in {ClosingRule.PAST, ClosingRule.BEYOND_HORIZON}


def test_window_without_a_start_is_empty():
    assert starts(RULES, [agent(1)], window=span(1, 29)) == []
    assert starts(replace(RULES, latest=MONDAY), [agent(1)]) == []


def test_nearest_slots_are_told_earliest_first():
    slots = open_slots(RULES, ENGLISH, [agent(1)], (), MORNING)

    assert nearest_openings(slots, MONDAY + 55 * MINUTE) == [
        span(30, 60),
        span(60, 90),
        span(90, 120),
    ]
    assert nearest_openings(slots, MONDAY + 45 * MINUTE, 1) == [span(30, 60)]
    assert nearest_openings([span(60, 90), span(0, 30)], span(30, 60).start, 1) == [
        span(0, 30)
    ]
    assert nearest_openings([], MONDAY) == []
    assert nearest_openings([span(0, 30)], MONDAY) == [span(0, 30)]


def test_agent_who_can_take_it_has_no_excuse():
    assert busy_reason(agent(1), span(0, 30)) is None


def test_why_an_agent_cannot_is_told_in_the_zone_asked_for():
    booked = agent(1, booked=[Booking(span(30, 60), 10 * MINUTE, NONE)])
    busy = agent(1, busy=[span(60, 90)])

    assert busy_reason(agent(1), span(-5, 25)) == "Off duty"
    assert (
        busy_reason(booked, span(0, 25), zone=CHICAGO)
        == "Has another appointment 09:30-10:00"
    )
    assert busy_reason(booked, span(0, 20), zone=CHICAGO) is None
    assert (
        busy_reason(busy, span(30, 60), NONE, MINUTE, CHICAGO)
        == "Busy in their own calendar 10:00-10:30"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": NONE},
        {"step": timedelta(days=2)},
        {"step": timedelta(seconds=90)},
        {"length": NONE},
        {"length": timedelta(minutes=-30)},
        {"length": timedelta(seconds=30)},
        {"buffer_before": timedelta(minutes=-1)},
        {"buffer_after": timedelta(seconds=1)},
        {"buffer_after": timedelta(minutes=-1)},
        {"disabled_window": timedelta(minutes=-1)},
        {"percent": -1},
        {"percent": 101},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"must|whole minutes"):
        replace(RULES, **wrong)
