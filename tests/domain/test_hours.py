"""Working hours: from the wall to instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_booking.domain.hours import AgentHours, duty
from invo_booking.domain.interval import Interval, merge
from tests.domain.definition import is_worked, minutes_of

NEW_YORK = ZoneInfo("America/New_York")
NONE = frozenset()
NIGHT = dict.fromkeys(range(7), ((time(0), time(6)), (time(22), time(0))))

laws = settings(deadline=None, max_examples=50)


def at(text):
    return datetime.fromisoformat(text)


def span(start, end):
    return Interval(at(start), at(end))


def week(begins, ends):
    return dict.fromkeys(
        range(7), ((time.fromisoformat(begins), time.fromisoformat(ends)),)
    )


@st.composite
def periods(draw):
    bounds = draw(st.lists(st.integers(0, 96), max_size=4, unique=True).map(sorted))
    walls = [time(it // 4 % 24, it % 4 * 15) for it in bounds]
    pairs = zip(walls[::2], walls[1::2], strict=False)
    return tuple(draw(st.permutations(list(pairs))))


@st.composite
def schedules(draw):
    zone, start = draw(
        st.sampled_from(
            [
                ("America/New_York", "2026-03-07T12:00Z"),
                ("America/New_York", "2026-10-31T12:00Z"),
                ("Europe/Berlin", "2026-03-28T12:00Z"),
                ("Australia/Lord_Howe", "2026-04-04T00:00Z"),
                ("Australia/Lord_Howe", "2026-10-03T00:00Z"),
                ("Pacific/Apia", "2011-12-29T12:00Z"),
                ("America/Santiago", "2024-09-07T20:00Z"),
                ("Asia/Kolkata", "2026-12-31T00:00Z"),
            ]
        )
    )
    start = at(start) + draw(st.integers(0, 900)) * timedelta(seconds=40)
    near = [start.date() + timedelta(days=k) for k in range(-1, 4)]
    hours = AgentHours(
        ZoneInfo(zone),
        draw(st.dictionaries(st.integers(0, 6), periods())),
        draw(st.dictionaries(st.sampled_from(near), periods(), max_size=2)),
        tuple(
            Interval(
                start + begin * timedelta(minutes=7),
                start + (begin + length) * timedelta(minutes=7),
            )
            for begin, length in draw(
                st.lists(
                    st.tuples(st.integers(-20, 300), st.integers(1, 90)), max_size=2
                )
            )
        ),
    )
    window = Interval(start, start + draw(st.integers(1, 40)) * timedelta(hours=1))
    closed = draw(st.frozensets(st.sampled_from(near), max_size=1))
    institution = ZoneInfo(draw(st.sampled_from([zone, "UTC", "Pacific/Auckland"])))
    return hours, window, closed, institution


@laws
@given(schedules())
def test_agent_is_on_duty_exactly_when_the_wall_clock_says_so(schedule):
    hours, window, closed, institution = schedule

    worked = {minute for it in duty(*schedule) for minute in minutes_of(it)}

    assert worked == {
        minute
        for minute in minutes_of(window)
        if is_worked(minute, hours, closed, institution)
    }


@laws
@given(schedules())
def test_duty_is_merged_and_stays_within_the_window(schedule):
    found = duty(*schedule)

    assert found == merge(found)
    assert all(schedule[1].covers(it) for it in found)


@laws
@given(schedules())
def test_asking_twice_or_in_pieces_gives_the_same_duty(schedule):
    hours, window, closed, zone = schedule
    middle = window.start + window.duration / 2
    pieces = [Interval(window.start, middle), Interval(middle, window.end)]

    joined = merge(it for piece in pieces for it in duty(hours, piece, closed, zone))

    assert joined == duty(*schedule) == duty(*schedule)


def test_hour_the_clocks_skip_is_not_worked():
    hours = AgentHours(NEW_YORK, week("02:00", "03:00"))
    window = span("2026-03-08T00:00Z", "2026-03-09T00:00Z")

    assert duty(hours, window, NONE, NEW_YORK) == []


def test_hour_the_clocks_repeat_is_worked_twice():
    hours = AgentHours(NEW_YORK, week("01:00", "02:00"))
    window = span("2026-11-01T00:00Z", "2026-11-02T00:00Z")

    assert duty(hours, window, NONE, NEW_YORK) == [
        span("2026-11-01T05:00Z", "2026-11-01T07:00Z")
    ]


def test_hours_up_to_midnight_join_those_from_midnight():
    window = span("2026-06-01T18:00Z", "2026-06-02T18:00Z")

    found = duty(AgentHours(NEW_YORK, NIGHT), window, NONE, NEW_YORK)

    assert found == [span("2026-06-02T02:00Z", "2026-06-02T10:00Z")]


def test_nine_to_five_moves_with_the_clocks():
    hours = AgentHours(NEW_YORK, week("09:00", "17:00"))
    window = span("2026-03-07T00:00Z", "2026-03-09T00:00Z")

    assert duty(hours, window, NONE, NEW_YORK) == [
        span("2026-03-07T14:00Z", "2026-03-07T22:00Z"),
        span("2026-03-08T13:00Z", "2026-03-08T21:00Z"),
    ]


def test_exception_replaces_the_usual_hours_of_its_date():
    day = date(2026, 6, 2)
    hours = AgentHours(NEW_YORK, week("09:00", "17:00"), {day: ((time(20), time(21)),)})
    window = span("2026-06-02T04:00Z", "2026-06-03T04:00Z")

    assert duty(hours, window, NONE, NEW_YORK) == [
        span("2026-06-03T00:00Z", "2026-06-03T01:00Z")
    ]


def test_closed_date_is_the_institutions_not_the_agents():
    """While it is 2 June in Auckland, half of the New Yorker's 1 June is left."""
    hours = AgentHours(NEW_YORK, week("06:00", "10:00"))
    window = span("2026-06-01T00:00Z", "2026-06-02T00:00Z")

    found = duty(
        hours, window, frozenset({date(2026, 6, 2)}), ZoneInfo("Pacific/Auckland")
    )

    assert found == [span("2026-06-01T10:00Z", "2026-06-01T12:00Z")]


def test_time_off_is_cut_out():
    hours = AgentHours(
        NEW_YORK,
        week("09:00", "17:00"),
        time_off=(span("2026-06-01T15:00Z", "2026-06-01T16:30Z"),),
    )
    window = span("2026-06-01T00:00Z", "2026-06-02T00:00Z")

    assert duty(hours, window, NONE, NEW_YORK) == [
        span("2026-06-01T13:00Z", "2026-06-01T15:00Z"),
        span("2026-06-01T16:30Z", "2026-06-01T21:00Z"),
    ]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (time(9), time(9)),
        (time(17), time(9)),
        (time(9, 0, 1), time(17)),
        (time(9), time(17, 0, 0, 5)),
    ],
)
def test_hours_that_make_no_sense_are_refused(begins, ends):
    with pytest.raises(ValueError, match=r"hours|minutes"):
        AgentHours(NEW_YORK, {0: ((begins, ends),)})


def test_duty_is_in_utc():
    hours = AgentHours(NEW_YORK, week("09:00", "17:00"))
    window = span("2026-06-01T00:00Z", "2026-06-02T00:00Z")

    assert all(
        it.start.tzinfo is UTC and it.end.tzinfo is UTC
        for it in duty(hours, window, NONE, NEW_YORK)
    )
