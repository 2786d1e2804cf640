"""The algebra of spans, against sets of minutes."""

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.interval import Interval, merge_intervals, subtract_intervals

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def span(begin, end):
    """Minutes after nine."""
    return Interval(NINE + begin * MINUTE, NINE + end * MINUTE)


def minutes(spans):
    return {
        minute
        for it in spans
        for minute in range((it.start - NINE) // MINUTE, (it.end - NINE) // MINUTE)
    }


spans = st.builds(
    lambda begin, length: span(begin, begin + length),
    st.integers(0, 60),
    st.integers(1, 30),
)


@given(st.lists(spans, max_size=8))
def test_merging_keeps_the_instants_and_leaves_no_two_that_touch(busy):
    merged = merge_intervals(busy)

    assert minutes(merged) == minutes(busy)
    assert all(a.end < b.start for a, b in itertools.pairwise(merged))
    assert merge_intervals(merged) == merged


@given(spans, st.lists(spans, max_size=8))
def test_subtracting_leaves_exactly_what_is_not_busy(whole, busy):
    free = subtract_intervals(whole, busy)

    assert minutes(free) == minutes([whole]) - minutes(busy)
    assert merge_intervals(free) == free


@given(spans, spans)
def test_overlapping_and_covering_are_about_shared_instants(one, other):
    assert one.overlaps(other) == bool(minutes([one]) & minutes([other]))
    assert one.covers(other) == (minutes([other]) <= minutes([one]))


def test_touching_spans_do_not_overlap():
    assert not span(0, 30).overlaps(span(30, 60))


def test_widened_span_grows_at_both_ends():
    assert span(10, 20).widen(5 * MINUTE, 10 * MINUTE) == span(5, 30)
    assert span(10, 20).duration == 10 * MINUTE


@pytest.mark.parametrize("length", [0, -30])
def test_empty_or_reversed_span_is_refused(length):
    with pytest.raises(ValueError, match="empty or reversed"):
        span(0, length)


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=1))])
def test_span_outside_utc_is_refused(zone):
    start = NINE.replace(tzinfo=zone)

    with pytest.raises(ValueError, match="not in UTC"):
        Interval(start, start + MINUTE)
    with pytest.raises(ValueError, match="not in UTC"):
        Interval(NINE, start + MINUTE)
    with pytest.raises(ValueError, match="not in UTC"):
        Interval(start, NINE + MINUTE)
