"""Wall clocks of every zone, through every clock change of ten years."""

import itertools
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import (
    EPOCH,
    ceil_minute,
    day_number,
    day_of_number,
    days_of,
    floor_minute,
    instant_at,
    instants_of,
    join_ranges,
    local_dates,
    local_midnight,
    local_minutes,
    offset_stretches,
    shown_spans,
    wall_grid,
    wall_text,
    weekdays,
    whole_minutes,
)
from tests.domain.definition import MINUTE, is_on_grid

FIRST = floor_minute(datetime(2020, 1, 1, tzinfo=UTC))
LAST = floor_minute(datetime(2030, 1, 1, tzinfo=UTC))
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def at(text):
    return datetime.fromisoformat(text)


def shown(zone, start, end, step):
    """Wall times, with offset, of the grid between two instants."""
    minutes = wall_grid(
        ZoneInfo(zone), step, floor_minute(at(start)), floor_minute(at(end))
    )
    walls = (
        instant_at(minute).astimezone(ZoneInfo(zone)) for minute in minutes.tolist()
    )
    return [f"{wall:%d %H:%M %z}" for wall in walls]


@pytest.mark.parametrize("part", range(12))
def test_every_zone_and_every_clock_change_of_ten_years_is_told_right(part):
    for name in ZONES[part::12]:
        zone = ZoneInfo(name)
        parts = offset_stretches(zone, FIRST, LAST)
        odd = {LAST - 1} | {it.start + k for it in parts for k in (-1, 0, 1, 90)}
        minutes = sorted(it for it in odd if FIRST <= it < LAST)

        told = local_minutes(zone, np.array(minutes)).tolist()

        assert told == [
            minute + instant_at(minute).astimezone(zone).utcoffset() // MINUTE
            for minute in minutes
        ], name


@pytest.mark.parametrize("part", range(4))
def test_instant_is_among_those_at_which_clocks_show_its_wall_time(part):
    for name in ZONES[part::48]:
        zone = ZoneInfo(name)
        changes = [it.start for it in offset_stretches(zone, FIRST, LAST)]
        for minute in {it + k for it in changes for k in (-60, -30, -1, 0, 30, 60)}:
            wall = wall_text(instant_at(minute), zone)

            found = instants_of(wall, zone)

            assert instant_at(minute) in found, name
            assert list(found) == sorted(set(found))
            assert {wall_text(it, zone) for it in found} == {wall}


def test_wall_time_is_shown_twice_where_clocks_go_back_and_never_in_a_gap():
    zone = ZoneInfo("America/New_York")

    assert instants_of("2026-11-01T01:30", zone) == (
        at("2026-11-01T05:30+00:00"),
        at("2026-11-01T06:30+00:00"),
    )
    assert instants_of("2026-03-08T02:30", zone) == (at("2026-03-08T07:30+00:00"),)
    assert instants_of("2026-07-01T09:05", zone) == (at("2026-07-01T13:05+00:00"),)


def test_stretches_follow_each_other_without_a_hole():
    parts = offset_stretches(ZoneInfo("Europe/Berlin"), FIRST, LAST)

    assert parts[0].start == FIRST
    assert parts[-1].end == LAST
    assert all(a.end == b.start for a, b in itertools.pairwise(parts))


def test_stretches_of_part_of_a_year_lie_in_it_and_last():
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = (
        floor_minute(at(it)) for it in ("2026-03-29T01:00Z", "2026-10-25T01:00Z")
    )

    def stretches(start, end):
        return [
            (it.start, it.end, it.offset) for it in offset_stretches(berlin, start, end)
        ]

    assert stretches(spring, autumn) == [(spring, autumn, 120)]
    assert stretches(spring - 1, autumn + 1) == [
        (spring - 1, spring, 60),
        (spring, autumn, 120),
        (autumn, autumn + 1, 60),
    ]


@pytest.mark.parametrize("step", [7, 15, 45, 50, 60, 1440])
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", "2026-03-08T00:00Z"),
        ("America/New_York", "2026-11-01T00:00Z"),
        ("Europe/Berlin", "2026-10-24T22:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T12:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T12:00Z"),
        ("Pacific/Apia", "2011-12-30T00:00Z"),
        ("America/Havana", "2026-11-01T00:00Z"),
        ("Asia/Kathmandu", "2026-02-28T12:34Z"),
    ],
)
def test_grid_is_where_the_wall_clock_shows_a_multiple_of_the_step(zone, day, step):
    start = floor_minute(at(day))
    minutes = range(start, start + 36 * 60)

    grid = wall_grid(ZoneInfo(zone), step, minutes.start, minutes.stop)

    assert grid.tolist() == [
        minute
        for minute in minutes
        if is_on_grid(instant_at(minute), ZoneInfo(zone), step * MINUTE)
    ]


def test_time_in_the_gap_never_occurs():
    grid = shown("America/New_York", "2026-03-08T06:00Z", "2026-03-08T08:30Z", 30)

    assert grid == [
        "08 01:00 -0500",
        "08 01:30 -0500",
        "08 03:00 -0400",
        "08 03:30 -0400",
        "08 04:00 -0400",
    ]


def test_time_in_the_fold_is_two_instants():
    grid = shown("America/New_York", "2026-11-01T05:00Z", "2026-11-01T07:30Z", 30)

    assert grid == [
        "01 01:00 -0400",
        "01 01:30 -0400",
        "01 01:00 -0500",
        "01 01:30 -0500",
        "01 02:00 -0500",
    ]


def test_half_an_hour_is_repeated_in_lord_howe():
    grid = shown("Australia/Lord_Howe", "2026-04-04T14:30Z", "2026-04-04T16:00Z", 15)

    assert grid == [
        "05 01:30 +1100",
        "05 01:45 +1100",
        "05 01:30 +1030",
        "05 01:45 +1030",
        "05 02:00 +1030",
        "05 02:15 +1030",
    ]


def test_day_that_never_was_has_no_grid_in_apia():
    grid = shown("Pacific/Apia", "2011-12-30T09:00Z", "2011-12-30T11:00Z", 30)

    assert [it[:8] for it in grid] == ["29 23:00", "29 23:30", "31 00:00", "31 00:30"]


def test_grid_begins_anew_at_midnight_when_the_step_does_not_divide_the_day():
    grid = shown("Europe/Berlin", "2026-06-01T21:00Z", "2026-06-01T23:00Z", 50)

    assert [it[:8] for it in grid] == ["01 23:20", "02 00:00", "02 00:50"]


def test_day_begins_when_the_clocks_have_jumped_over_its_midnight():
    begins = local_midnight(date(2024, 9, 8), ZoneInfo("America/Santiago"))

    assert begins == at("2024-09-08T04:00Z")
    assert begins.tzinfo is UTC


def test_day_that_never_was_begins_and_ends_at_once():
    apia = ZoneInfo("Pacific/Apia")

    assert local_midnight(date(2011, 12, 30), apia) == local_midnight(
        date(2011, 12, 31), apia
    )


@pytest.mark.parametrize(
    ("seconds", "floor", "ceil"),
    [(-61, -2, -1), (-60, -1, -1), (0, 0, 0), (1, 0, 1), (60, 1, 1), (119, 1, 2)],
)
def test_minute_of_an_instant_is_the_last_before_or_the_first_after(
    seconds, floor, ceil
):
    instant = EPOCH + timedelta(seconds=seconds)
    assert (floor_minute(instant), ceil_minute(instant)) == (floor, ceil)
    assert whole_minutes(timedelta(seconds=seconds)) == ceil


def test_number_of_a_day_counts_from_the_first_of_1970():
    assert day_number(date(1970, 1, 2)) == 1
    assert day_of_number(day_number(date(2026, 6, 1))) == date(2026, 6, 1)


def test_weekday_of_a_day_number_is_that_of_its_date():
    days = [date(1969, 12, 31) + timedelta(days=k * 37) for k in range(900)]
    numbers = [day_number(day) for day in days]

    assert weekdays(np.array(numbers)).tolist() == [day.weekday() for day in days]


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Kathmandu", "Pacific/Apia"])
def test_dates_of_instants_are_those_on_the_clock(zone):
    minutes = list(range(FIRST, LAST, 7 * 60 + 11))

    dates = local_dates(ZoneInfo(zone), minutes)

    clocks = [instant_at(it).astimezone(ZoneInfo(zone)) for it in minutes]
    assert dates == [it.date() for it in clocks]
    assert local_dates(ZoneInfo(zone), []) == []


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-12-07T15:00", "2026-12-07T16:00", [7]),
        ("2026-12-07T04:00", "2026-12-07T06:00", [6]),  # until midnight in Chicago
        ("2026-12-07T04:00", "2026-12-07T06:00:00.000001", [6, 7]),
        ("2026-12-07T05:59", "2026-12-09T06:01", [6, 7, 8, 9]),
    ],
)
def test_dates_of_a_period_are_those_on_the_clock_from_its_begin_to_its_end(
    start, end, days
):
    period = Interval(at(f"{start}+00:00"), at(f"{end}+00:00"))

    found = days_of(period, ZoneInfo("America/Chicago"))

    assert found == [date(2026, 12, day) for day in days]


def test_clocks_that_go_back_show_an_hour_in_both_spans():
    start, end = (
        floor_minute(at("2027-11-07T05:00Z")),
        floor_minute(at("2027-11-07T09Z")),
    )

    before, after = shown_spans(ZoneInfo("America/Chicago"), start, end)

    walls = [instant_at(it).strftime("%H:%M") for it in (*before, *after)]
    assert walls == ["00:00", "02:00", "01:00", "03:00"]


def test_ranges_are_joined_in_their_order():
    first, count = np.array([5, 100, 7, 0]), np.array([3, 1, 0, 2])

    assert join_ranges(first, count).tolist() == [5, 6, 7, 100, 0, 1]
