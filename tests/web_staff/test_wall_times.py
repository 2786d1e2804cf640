"""Which hours a calendar shows, in every zone, on every day, over midnight too."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import local_midnight
from invo_booking.web.kit.text.wall_times import (
    WALL,
    calendar_grid_hours,
    clip_calendar_spans,
    wall_span,
)

MINUTE = timedelta(minutes=1)
CHICAGO, NEW_YORK = ZoneInfo("America/Chicago"), ZoneInfo("America/New_York")
LORD_HOWE, CAIRO = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")
ZONES = st.sampled_from(
    sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
).map(ZoneInfo)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 1))
SHAPES = st.lists(st.tuples(st.integers(-3000, 12_000), st.integers(1, 1500)))
"""Minutes from the first midnight shown, and how long each lasts."""


def spans_of(shapes, start):
    return [
        Interval(start + begin * MINUTE, start + (begin + length) * MINUTE)
        for begin, length in shapes
    ]


def at(text, zone, fold=0):
    local = datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)
    return local.astimezone(UTC)


def day_of(text, zone):
    day = date.fromisoformat(text)
    return Interval(
        local_midnight(day, zone), local_midnight(day + timedelta(days=1), zone)
    )


@example(CHICAGO, date(2026, 12, 10), 1, [(1410, 45), (480, 660)])
@example(NEW_YORK, date(2026, 11, 1), 1, [(105, 30)])
@example(CAIRO, date(2026, 4, 24), 1, [(0, 30)])
@given(ZONES, DAYS, st.sampled_from([1, 7, 42]), SHAPES)
def test_everything_shown_lies_within_the_hours_of_the_grid(zone, day, length, shapes):
    last = day + timedelta(days=length)
    window = Interval(local_midnight(day, zone), local_midnight(last, zone))
    spans = spans_of(shapes, window.start)

    first, past = calendar_grid_hours(spans, window, zone)

    assert 0 <= first < past <= 24
    for span in clip_calendar_spans(spans, window):
        minutes = (span.end - span.start) // MINUTE
        marks = {0, minutes - 1, *range(0, minutes, 15)}
        for mark in marks:
            clock = (span.start + mark * MINUTE).astimezone(zone)
            assert first * 60 <= clock.hour * 60 + clock.minute < past * 60


@given(ZONES, DAYS, SHAPES)
def test_grid_is_no_longer_than_what_is_shown_asks_for(zone, day, shapes):
    window = Interval(
        local_midnight(day, zone), local_midnight(day + timedelta(days=1), zone)
    )
    shown = clip_calendar_spans(spans_of(shapes, window.start), window)

    first, past = calendar_grid_hours(shown, window, zone)

    clocks = [
        (span.start + mark * MINUTE).astimezone(zone)
        for span in shown
        for mark in range((span.end - span.start) // MINUTE)
    ]
    hours = {clock.hour for clock in clocks} or {8, 17}
    assert (first, past) == (min(hours), max(hours) + 1)


@given(ZONES, DAYS, st.integers(0, 1500), st.integers(1, 1500))
def test_whatever_lasts_is_drawn_with_a_height(zone, day, begin, length):
    start = local_midnight(day, zone) + begin * MINUTE

    first, last = (
        datetime.strptime(text, WALL)  # noqa: DTZ007  a wall time
        for text in wall_span(start, start + length * MINUTE, zone)
    )

    assert first < last
    assert first == start.astimezone(zone).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("zone", "day", "start", "end", "hours", "told"),
    [
        (CHICAGO, "12-10", "12-10 23:30", "12-11 00:15", (23, 24), "00:15"),
        (CHICAGO, "12-11", "12-10 23:30", "12-11 00:15", (0, 1), "00:15"),
        (CHICAGO, "12-10", "12-10 20:00", "12-11 00:00", (20, 24), "00:00"),
        (NEW_YORK, "03-08", "03-08 01:45", "03-08 03:15", (1, 4), "03:15"),
        (NEW_YORK, "11-01", "11-01 00:30", "11-01 02:30", (0, 3), "02:30"),
        (LORD_HOWE, "10-04", "10-04 01:45", "10-04 02:45", (1, 3), "02:45"),
        (LORD_HOWE, "04-05", "04-05 01:00", "04-05 02:15", (1, 3), "02:15"),
    ],
)
def test_nights_and_clock_changes_have_their_hours(zone, day, start, end, hours, told):
    span = Interval(at(f"2026-{start}", zone), at(f"2026-{end}", zone))

    assert calendar_grid_hours([span], day_of(f"2026-{day}", zone), zone) == hours
    assert wall_span(span.start, span.end, zone)[1][11:] == told


def test_what_ends_in_the_repeated_hour_is_drawn_to_where_clocks_went_back():
    start = at("2026-11-01 01:45", NEW_YORK)
    end = at("2026-11-01 01:15", NEW_YORK, fold=1)

    assert end - start == timedelta(minutes=30)
    assert wall_span(start, end, NEW_YORK) == (
        "2026-11-01T01:45",
        "2026-11-01T02:00",
    )


def test_days_without_anything_still_have_a_grid():
    outside = Interval(at("2026-12-12 03:00", CHICAGO), at("2026-12-12 04:00", CHICAGO))

    assert calendar_grid_hours([outside], day_of("2026-12-10", CHICAGO), CHICAGO) == (
        8,
        18,
    )
