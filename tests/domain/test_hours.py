"""Working hours: from the wall to instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.hours import AgentHours, duty_intervals
from invo_booking.domain.interval import Interval, merge_intervals
from tests.domain.definition import is_worked, minutes_of
from tests.domain.institutions import chance, for_all, many, moments

NEW_YORK = ZoneInfo("America/New_York")
NONE = frozenset()
NIGHT = dict.fromkeys(range(7), ((time(0), time(6)), (time(22), time(0))))


def at(text):
    return datetime.fromisoformat(text)


def span(start, end):
    return Interval(at(start), at(end))


def week(begins, ends):
    return dict.fromkeys(
        range(7), ((time.fromisoformat(begins), time.fromisoformat(ends)),)
    )


def periods(dice):
    """Up to two periods of a day, on the quarter hours, in any order."""
    bounds = sorted(dice.sample(range(97), 2 * dice.randint(0, 2)))
    walls = [time(it // 4 % 24, it % 4 * 15) for it in bounds]
    pairs = list(zip(walls[::2], walls[1::2], strict=True))
    return tuple(dice.sample(pairs, len(pairs)))


def working_agent(number):
    """Hours around a change of clocks, a window, closed days and the bank's zone."""
    dice = chance(number)
    zone, moment = moments()[number % len(moments())]
    start = moment - dice.randint(0, 600) * timedelta(seconds=40)
    near = [start.date() + timedelta(days=k) for k in range(-1, 3)]
    hours = AgentHours(
        zone,
        {weekday: periods(dice) for weekday in dice.sample(range(7), 5)},
        {day: periods(dice) for day in dice.sample(near, dice.randint(0, 2))},
        tuple(many(dice, 2, lambda: absence(dice, start))),
    )
    length = dice.choice([1, 4, 8, 8, 40]) * timedelta(hours=1)
    closed = frozenset(dice.sample(near, dice.choice([0, 0, 1])))
    institution = dice.choice([zone, *map(ZoneInfo, ["UTC", "Pacific/Auckland"])])
    return hours, Interval(start, start + length), closed, institution


def absence(dice, start):
    begin = start + dice.randint(-20, 100) * timedelta(minutes=7)
    return Interval(begin, begin + dice.randint(1, 90) * timedelta(minutes=7))


@for_all(working_agent)
def test_agent_is_on_duty_exactly_when_the_wall_clock_says_so(schedule):
    hours, window, closed, institution = schedule

    worked = {minute for it in duty_intervals(*schedule) for minute in minutes_of(it)}

    assert worked == {
        minute
        for minute in minutes_of(window)
        if is_worked(minute, hours, closed, institution)
    }


@for_all(working_agent)
def test_duty_is_merged_and_stays_within_the_window(schedule):
    found = duty_intervals(*schedule)

    assert found == merge_intervals(found)
    assert all(schedule[1].covers(it) for it in found)


@for_all(working_agent)
def test_asking_twice_or_in_pieces_gives_the_same_duty(schedule):
    hours, window, closed, zone = schedule
    middle = window.start + window.duration / 2
    pieces = [Interval(window.start, middle), Interval(middle, window.end)]

    joined = merge_intervals(
        it for piece in pieces for it in duty_intervals(hours, piece, closed, zone)
    )

    assert joined == duty_intervals(*schedule) == duty_intervals(*schedule)


def test_hour_the_clocks_skip_is_not_worked():
    hours = AgentHours(NEW_YORK, week("02:00", "03:00"))
    window = span("2026-03-08T00:00Z", "2026-03-09T00:00Z")

    assert duty_intervals(hours, window, NONE, NEW_YORK) == []


def test_hour_the_clocks_repeat_is_worked_twice():
    hours = AgentHours(NEW_YORK, week("01:00", "02:00"))
    window = span("2026-11-01T00:00Z", "2026-11-02T00:00Z")

    assert duty_intervals(hours, window, NONE, NEW_YORK) == [
        span("2026-11-01T05:00Z", "2026-11-01T07:00Z")
    ]


def test_hours_up_to_midnight_join_those_from_midnight():
    window = span("2026-06-01T18:00Z", "2026-06-02T18:00Z")

    found = duty_intervals(AgentHours(NEW_YORK, NIGHT), window, NONE, NEW_YORK)

    assert found == [span("2026-06-02T02:00Z", "2026-06-02T10:00Z")]


def test_nine_to_five_moves_with_the_clocks():
    hours = AgentHours(NEW_YORK, week("09:00", "17:00"))
    window = span("2026-03-07T00:00Z", "2026-03-09T00:00Z")

    assert duty_intervals(hours, window, NONE, NEW_YORK) == [
        span("2026-03-07T14:00Z", "2026-03-07T22:00Z"),
        span("2026-03-08T13:00Z", "2026-03-08T21:00Z"),
    ]


def test_exception_replaces_the_usual_hours_of_its_date():
    day = date(2026, 6, 2)
    hours = AgentHours(NEW_YORK, week("09:00", "17:00"), {day: ((time(20), time(21)),)})
    window = span("2026-06-02T04:00Z", "2026-06-03T04:00Z")

    assert duty_intervals(hours, window, NONE, NEW_YORK) == [
        span("2026-06-03T00:00Z", "2026-06-03T01:00Z")
    ]


def test_closed_date_is_the_institutions_not_the_agents():
    """While it is 2 June in Auckland, half of the New Yorker's 1 June is left."""
    hours = AgentHours(NEW_YORK, week("06:00", "10:00"))
    window = span("2026-06-01T00:00Z", "2026-06-02T00:00Z")

    found = duty_intervals(
        hours, window, frozenset({date(2026, 6, 2)}), ZoneInfo("Pacific/Auckland")
    )

    assert found == [span("2026-06-01T10:00Z", "2026-06-01T12:00Z")]


def test_closed_date_that_never_was_closes_nothing():
    apia = ZoneInfo("Pacific/Apia")
    hours = AgentHours(apia, week("09:00", "17:00"))
    window = span("2011-12-29T00:00Z", "2012-01-01T00:00Z")

    never = frozenset({date(2011, 12, 30)})

    assert duty_intervals(hours, window, never, apia) == duty_intervals(
        hours, window, NONE, apia
    )


def test_time_off_is_cut_out():
    hours = AgentHours(
        NEW_YORK,
        week("09:00", "17:00"),
        time_off=(span("2026-06-01T15:00Z", "2026-06-01T16:30Z"),),
    )
    window = span("2026-06-01T00:00Z", "2026-06-02T00:00Z")

    assert duty_intervals(hours, window, NONE, NEW_YORK) == [
        span("2026-06-01T13:00Z", "2026-06-01T15:00Z"),
        span("2026-06-01T16:30Z", "2026-06-01T21:00Z"),
    ]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (time(9), time(9)),
        (time(17), time(9)),
        (time(9, 0, 1), time(17)),
        (time(9, 0, 0, 5), time(17)),
        (time(9), time(17, 0, 1)),
        (time(9), time(17, 0, 0, 5)),
    ],
)
def test_hours_that_make_no_sense_are_refused(begins, ends):
    with pytest.raises(ValueError, match=r"hours|minutes"):
        AgentHours(NEW_YORK, {0: ((begins, ends),)})
    with pytest.raises(ValueError, match=r"hours|minutes"):
        AgentHours(NEW_YORK, {}, {date(2026, 6, 2): ((begins, ends),)})


def test_duty_is_in_utc():
    hours = AgentHours(NEW_YORK, week("09:00", "17:00"))
    window = span("2026-06-01T00:00Z", "2026-06-02T00:00Z")

    assert all(
        it.start.tzinfo is UTC and it.end.tzinfo is UTC
        for it in duty_intervals(hours, window, NONE, NEW_YORK)
    )
