from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from invo_booking.domain.calendars.busy_times import (
    clip_spans,
    echo_places,
    merge_by_day,
    replace_window,
    widen_to_days,
    without_echo,
    without_own_entries,
)
from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.interval import Interval, merge_intervals

NIGHT = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def span(start, end):
    """Return a span in hours from the first midnight."""
    return Interval(NIGHT + timedelta(hours=start), NIGHT + timedelta(hours=end))


starts = st.integers(-2000, 4000)
lengths = st.integers(1, 3000)
intervals = st.builds(
    lambda start, length: Interval(
        NIGHT + start * MINUTE, NIGHT + (start + length) * MINUTE
    ),
    starts,
    lengths,
)
some = st.lists(intervals, max_size=6)


def test_entry_of_our_own_is_taken_out_once():
    meeting, own = span(9, 10), span(11, 12)

    assert without_echo([own, meeting], [[own]]) == [meeting]
    assert without_echo([own, own], [[own]]) == [own]
    assert without_echo([own, own], [[own], [own]]) == []


def test_entry_of_somebody_else_that_overlaps_ours_stays():
    assert without_echo([span(9, 11), span(9, 10)], [[span(9, 10)]]) == [span(9, 11)]
    assert without_echo([span(9, 11)], [[span(9, 10)]]) == [span(9, 11)]


def test_own_time_is_taken_out_of_a_span_that_several_entries_share():
    answer = Availability("ana@bank.example", (span(9, 12),), is_merged=True)
    own = {UUID(int=1): span(10, 11)}

    assert without_own_entries(answer, own, own) == [span(9, 10), span(11, 12)]
    assert without_own_entries(replace(answer, is_merged=False), own, own) == [
        span(9, 12)
    ]


def test_own_entry_that_moved_while_the_calendar_was_read_stays_busy_in_both_places():
    answer = Availability("a@bank.example", (span(9, 12), span(14, 15)), is_merged=True)
    before, after = {UUID(int=1): span(10, 11)}, {UUID(int=1): span(14, 15)}

    assert without_own_entries(answer, after, before) == [span(9, 12), span(14, 15)]
    assert without_own_entries(answer, {}, before) == [span(9, 12), span(14, 15)]


def test_appointment_that_was_moved_has_one_echo_where_it_stands():
    old, new = span(9, 10), span(14, 15)

    assert without_echo([old], [[new, old]]) == []
    assert without_echo([new, old], [[new, old]]) == [old]


def test_entry_may_stand_wherever_any_look_found_it_the_latest_first():
    first, second = UUID(int=1), UUID(int=2)
    latest, before = {first: span(14, 15)}, {first: span(9, 10), second: span(11, 12)}

    assert echo_places(latest, before) == [[span(14, 15), span(9, 10)], [span(11, 12)]]
    assert echo_places({}, {}) == []


def test_what_reaches_beyond_a_window_is_cut_and_what_only_touches_it_is_left_out():
    spans = [span(8, 10), span(11, 12), span(15, 20), span(8, 20)]
    beside = [span(7, 9), span(16, 18)]

    assert list(clip_spans([*spans, *beside], span(9, 16))) == [
        *(span(9, 10), span(11, 12), span(15, 16), span(9, 16)),
    ]


def test_what_lasts_over_midnight_is_cut_there():
    assert merge_by_day([span(22, 50)]) == {span(22, 24), span(24, 48), span(48, 50)}
    assert merge_by_day([span(0, 24)]) == {span(0, 24)}


@given(some)
def test_what_is_kept_takes_the_same_instants_within_single_days(spans):
    pieces = merge_by_day(spans)

    assert merge_intervals(pieces) == merge_intervals(spans)
    assert all(
        it.start.date() == (it.end - timedelta(microseconds=1)).date() for it in pieces
    )
    assert merge_by_day(pieces) == pieces


@given(some, intervals, some)
def test_window_that_was_looked_at_holds_what_was_told_and_nothing_else(
    before, window, told
):
    after = replace_window(before, window, told)

    assert merge_intervals(clip_spans(after, window)) == merge_intervals(
        clip_spans(told, window)
    )
    for edge in (window.start - MINUTE, window.end):
        beside = Interval(edge, edge + MINUTE)
        assert merge_intervals(clip_spans(after, beside)) == merge_intervals(
            clip_spans(before, beside)
        )


@example(span(9, 24))
@example(span(0, 24))
@example(Interval(NIGHT + timedelta(seconds=1, microseconds=1), NIGHT + 2 * MINUTE))
@given(intervals)
def test_whole_days_hold_the_window_and_no_day_too_many(window):
    days = widen_to_days(window)

    assert days.covers(window)
    assert days.start.time() == days.end.time() == time(0)
    assert days.duration - window.duration < timedelta(days=2)
    assert window.overlaps(Interval(days.start, days.start + timedelta(days=1)))
    assert window.overlaps(Interval(days.end - timedelta(days=1), days.end))
