"""Spans by owner and start, against plain lists of them."""

from collections import Counter

import numpy as np

from invo_booking.domain.slots.intervals import IntervalIndex
from invo_booking.domain.wall import DAY_MINUTES
from tests.domain.institutions import chance, for_all

FEW_OR_MANY = [0, 1, 3, 8, 9, 40, 100]
LENGTHS = [1, 30, 30, 30, DAY_MINUTES, DAY_MINUTES + 1, 4000]


def rows_between(dice, first, last, how_many):
    """Rows that start from ``first`` and before ``last``, in any order."""
    starts = [dice.randrange(first, last) for _ in range(how_many)]
    longest = dice.choice([2, len(LENGTHS)])
    return [
        (
            start,
            start + dice.choice(LENGTHS[:longest]),
            dice.randrange(20),
            dice.randrange(20),
            dice.randrange(2),
        )
        for start in starts
    ]


def rows_by_owner(number):
    dice = chance(number)
    return [
        rows_between(dice, -3000, 3000, dice.choice(FEW_OR_MANY))
        for _ in range(dice.randint(1, 3))
    ]


def filled(lists):
    index = IntervalIndex(len(lists))
    index.fill([as_rows(it) for it in lists], np.arange(len(lists)))
    return index


def as_rows(some):
    return np.array(some, np.int32).reshape(-1, 5)


def bounds(dice):
    first = dice.randrange(-4000, 3000)
    return first, first + dice.choice([1, 300, 1440, 6000])


def replace_some(index, lists, dice):
    """Put rows in place of others, in the index and in the lists."""
    owner, (first, last) = dice.randrange(len(lists)), bounds(dice)
    fresh = rows_between(dice, first, last, dice.choice(FEW_OR_MANY))
    index.replace(owner, first, last, as_rows(fresh))
    kept = [it for it in lists[owner] if not first <= it[0] < last]
    lists[owner] = kept + fresh


@for_all(rows_by_owner)
def test_spans_are_found_by_owner_and_start_whatever_was_put_in_their_place(
    lists, dice
):
    index = filled(lists)
    for _ in range(dice.randint(0, 3)):
        replace_some(index, lists, dice)

    for owner, rows in enumerate(lists):
        first, last = bounds(dice)
        found = map(tuple, index.rows_between(owner, first, last).tolist())
        assert sorted(found) == sorted(it for it in rows if first <= it[0] < last)


@for_all(rows_by_owner)
def test_all_that_share_a_minute_with_a_window_are_near_it(lists, dice):
    index = filled(lists)
    for _ in range(dice.randint(0, 2)):
        replace_some(index, lists, dice)
    owners = sorted(dice.sample(range(len(lists)), dice.randint(1, len(lists))))
    first, last = bounds(dice)

    spans, kind = index.near(np.array(owners), first, last)

    found = Counter(
        zip(
            *(it.tolist() for it in (spans.agent, spans.start, spans.end)),
            *(it.tolist() for it in (spans.before, spans.after, kind)),
            strict=True,
        )
    )
    theirs = [(owner, *row) for owner in owners for row in lists[owner]]
    assert found <= Counter(theirs)
    assert found >= Counter(it for it in theirs if it[1] < last and first < it[2])


@for_all(rows_by_owner)
def test_widest_buffer_is_that_of_any_span(lists):
    widest = max((max(it[2:4]) for rows in lists for it in rows), default=0)
    assert filled(lists).widest_buffer == widest


def test_window_is_not_searched_through_all_that_ever_was():
    """Of the short ones only those are looked at that start a day before at most."""
    days = [(day * DAY_MINUTES, day * DAY_MINUTES + 60, 0, 0, 0) for day in range(90)]

    spans, _ = filled([days]).near(np.array([0]), 30 * DAY_MINUTES, 31 * DAY_MINUTES)

    assert (spans.start // DAY_MINUTES).tolist() == [29, 30]


def test_long_spans_are_replaced_with_all_others():
    index = filled([[(0, 4000, 0, 0, 0), (50, 80, 0, 0, 0)]])

    index.fill([as_rows([(60, 90, 0, 0, 0)])], np.arange(1))

    assert index.rows_between(0, 0, 100).tolist() == [[60, 90, 0, 0, 0]]


def test_rows_that_were_told_stay_as_they_were_when_others_take_their_place():
    index = filled([[(60, 90, 0, 0, 0)]])
    told = index.rows_between(0, 0, 100)

    index.replace(0, 0, 100, as_rows([(30, 50, 0, 0, 0)]))

    assert told.tolist() == [[60, 90, 0, 0, 0]]
