"""Hours as they are drawn and typed."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain import week

MIDNIGHT = time(0)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
PERIODS = st.lists(st.tuples(st.integers(0, 6), TIMES, TIMES), max_size=12)


def minutes(weekly):
    """Return every minute of the week that is worked."""
    return {
        weekday * 1440 + minute
        for weekday, periods in weekly.items()
        for begins, ends in periods
        for minute in range(
            begins.hour * 60 + begins.minute, (ends.hour * 60 + ends.minute) or 1440
        )
    }


def drawn_minutes(drawn):
    """Return every minute somebody drew."""
    found = set()
    for weekday, begins, ends in drawn:
        start = weekday * 1440 + begins.hour * 60 + begins.minute
        end = weekday * 1440 + ((ends.hour * 60 + ends.minute) or 1440)
        end += 1440 if end < start else 0
        found |= {minute % (7 * 1440) for minute in range(start, end)}
    return found


@given(PERIODS)
def test_the_proper_form_holds_the_minutes_that_were_drawn(drawn):
    try:
        found = week.normalize_week(drawn)
    except ValueError:
        return

    assert minutes(found) == drawn_minutes(drawn)
    assert list(found) == sorted(found)


@given(PERIODS)
def test_the_proper_form_is_its_own_proper_form(drawn):
    try:
        found = week.normalize_week(drawn)
    except ValueError:
        return

    again = [(day, *period) for day, periods in found.items() for period in periods]
    assert week.normalize_week(again) == found


def test_periods_that_overlap_or_touch_become_one():
    drawn = [(0, time(9), time(12)), (0, time(11), time(13)), (0, time(13), time(14))]

    assert week.normalize_week(drawn) == {0: ((time(9), time(14)),)}


def test_periods_are_sorted_and_one_within_another_adds_nothing():
    drawn = [(2, time(13), time(14)), (0, time(9), time(12)), (0, time(10), time(11))]
    drawn += [(0, time(8), time(8, 30)), (2, time(7), time(8))]

    assert list(week.normalize_week(drawn).items()) == [
        (0, ((time(8), time(8, 30)), (time(9), time(12)))),
        (2, ((time(7), time(8)), (time(13), time(14)))),
    ]


def test_a_night_is_split_at_midnight():
    assert week.normalize_week([(6, time(22), time(6))]) == {
        0: ((MIDNIGHT, time(6)),),
        6: ((time(22), MIDNIGHT),),
    }


def test_an_end_before_the_begin_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="Monday: 17:00 to 09:00 ends before"):
        week.normalize_week([(0, time(17), time(9))])


def test_a_night_may_last_twelve_hours_and_no_longer():
    assert week.normalize_week([(0, time(18), time(6))]) == {
        0: ((time(18), MIDNIGHT),),
        1: ((MIDNIGHT, time(6)),),
    }
    with pytest.raises(ValueError, match="Monday: 18:00 to 06:01 ends before"):
        week.normalize_week([(0, time(18), time(6, 1))])


def test_a_whole_day_is_no_night():
    assert week.normalize_week([(2, MIDNIGHT, MIDNIGHT)]) == {2: ((MIDNIGHT,) * 2,)}


def test_an_empty_period_is_refused():
    with pytest.raises(ValueError, match="Friday: a period has to end after"):
        week.normalize_week([(4, time(9), time(9))])


def test_hours_of_one_date_end_by_midnight():
    assert week.normalize_day([(time(20), MIDNIGHT)], "24 December") == (
        (time(20), MIDNIGHT),
    )
    with pytest.raises(ValueError, match="24 December: the hours of one date end by"):
        week.normalize_day([(time(9), time(17)), (time(20), time(2))], "24 December")


def test_periods_are_told_in_words():
    assert week.periods_in_words(((time(9), time(12, 30)), (time(20), MIDNIGHT))) == (
        "09:00-12:30, 20:00-24:00"
    )
    assert week.periods_in_words(()) == "off"
