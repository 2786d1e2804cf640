"""Opening hours: what they have in common, and when they are open on the clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.interval import Interval
from invo_booking.domain.opening import (
    are_within,
    common_opening_hours,
    is_open_throughout,
    opening_hours,
    opening_of_texts,
    opening_spans,
    opening_texts,
)
from invo_booking.domain.wall import floor_minute

CHICAGO = ZoneInfo("America/Chicago")
HALF_HOUR = timedelta(minutes=30)
ONE = np.array([1])


def hours(*weekdays, begins=9, ends=17):
    return opening_hours({day: ((time(begins), time(ends % 24)),) for day in weekdays})


def local(*clock):
    """An instant by the clock of Chicago."""
    return datetime(*clock, tzinfo=CHICAGO).astimezone(UTC)


def is_open(opening, start):
    return is_open_throughout(opening, CHICAGO, Interval(start, start + HALF_HOUR))


def test_without_hours_nothing_is_bound():
    assert common_opening_hours([(), (), ()]) is None
    assert is_open(None, local(2026, 11, 22, 3))


def test_hours_that_are_not_set_bound_nothing_beside_others():
    assert common_opening_hours([(), hours(0, 1), ()]) == hours(0, 1)


def test_an_appointment_lies_within_all_hours():
    institution = hours(*range(5), begins=8, ends=18)
    branch = opening_hours(
        {0: ((time(9), time(12)), (time(13), time(0))), 6: ((time(9), time(12)),)}
    )

    common = common_opening_hours([institution, (), branch])

    assert common == ((0, ((time(9), time(12)), (time(13), time(18)))),)


def test_hours_with_nothing_in_common_are_never_open():
    common = common_opening_hours([hours(0), hours(1)])

    assert common == ()
    assert not is_open(common, local(2026, 11, 23, 10))
    nowhere = are_within(opening_spans(CHICAGO, common, (0, 9)), ONE, ONE)
    assert nowhere.dtype == np.bool_, "others combine it with flags of their own"


def test_common_hours_keep_their_minutes_and_may_end_at_midnight():
    late = opening_hours({0: ((time(9, 30), time(0)),)})

    assert common_opening_hours([late, hours(0, begins=8, ends=24)]) == late


def test_hours_that_only_touch_have_nothing_in_common():
    morning, afternoon = hours(0, begins=9, ends=12), hours(0, begins=12, ends=18)

    assert common_opening_hours([morning, afternoon]) == ()


@st.composite
def mondays(draw):
    """Opening hours of one day with up to three periods, which may end at midnight."""
    minutes = st.integers(0, 24 * 4).map(lambda quarters: 15 * quarters)
    bounds = sorted(draw(st.sets(minutes, min_size=2, max_size=6)))
    pairs = zip(bounds[::2], bounds[1::2], strict=False)
    wall = [time(it // 60 % 24, it % 60) for pair in pairs for it in pair]
    return opening_hours({0: tuple(zip(wall[::2], wall[1::2], strict=True))})


@given(st.lists(mondays(), min_size=1, max_size=3), st.integers(0, 24 * 12 - 1))
def test_common_hours_are_open_when_all_are(bounds, fives):
    start = local(2026, 11, 23) + timedelta(minutes=5 * fives)
    period = Interval(start, start + timedelta(minutes=5))
    common = common_opening_hours(bounds)

    is_open = is_open_throughout(common, CHICAGO, period)

    assert is_open is all(is_open_throughout(it, CHICAGO, period) for it in bounds)
    assert opening_of_texts(opening_texts(common)) == common


@pytest.mark.parametrize(
    ("hour", "minute", "is_within"),
    [(9, 0, True), (8, 45, False), (16, 30, True), (16, 45, False), (17, 0, False)],
)
def test_begin_and_end_of_an_appointment_count(hour, minute, is_within):
    monday = local(2026, 11, 23, hour, minute)

    assert is_open(hours(0), monday) is is_within


def test_hours_go_on_over_midnight_where_two_days_touch():
    friday = ((time(9), time(12)), (time(20), time(0)))
    friday_night = opening_hours({4: friday, 5: ((time(0), time(2)),)})

    assert is_open(friday_night, local(2026, 11, 27, 23, 45))
    assert not is_open(friday_night, local(2026, 11, 27, 12))
    assert not is_open(friday_night, local(2026, 11, 28, 1, 45))


def test_spans_of_a_week_are_merged_where_they_touch_or_overlap():
    nested = ((time(10), time(12)), (time(9), time(18)), (time(20), time(0)))
    opening = opening_hours({0: nested, 1: ((time(0), time(2)),), 2: nested[:1]})
    monday = floor_minute(local(2026, 11, 23))

    spans = opening_spans(CHICAGO, opening, (monday, monday + 7 * 1440))

    hours_of_week = [((it - monday) / 60).tolist() for it in spans]
    assert hours_of_week == [[9, 20, 58], [18, 26, 60]]


def test_the_hour_that_clocks_repeat_is_open_twice_and_that_they_skip_never():
    early = opening_hours({6: ((time(1), time(3)),)})
    repeated, skipped = datetime(2026, 11, 1, 6, tzinfo=UTC), 7

    for hour in range(3):  # 1:00, again 1:00, and 2:00
        start = repeated + timedelta(hours=hour)
        period = Interval(start, start + timedelta(hours=1))
        assert is_open_throughout(early, CHICAGO, period)
    spring = datetime(2026, 3, 8, skipped, tzinfo=UTC)
    whole = Interval(spring, spring + timedelta(hours=1))
    assert is_open_throughout(early, CHICAGO, whole)
    late = Interval(whole.end, whole.end + HALF_HOUR)  # it is 3:00 then
    assert not is_open_throughout(early, CHICAGO, late)


def test_hours_are_read_as_they_were_written():
    opening = opening_hours(
        {6: ((time(22), time(0)),), 0: ((time(9), time(12, 30)), (time(13), time(17)))}
    )

    assert opening_texts(opening) == ("0 09:00-12:30", "0 13:00-17:00", "6 22:00-00:00")
    assert opening_of_texts(opening_texts(opening)) == opening
    assert opening_of_texts(()) == ()
