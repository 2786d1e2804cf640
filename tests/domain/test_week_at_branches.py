"""Hours that name a branch: drawn, merged, told and kept apart."""

from datetime import date, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain import week
from invo_booking.domain.hours import AgentHours

MIDNIGHT = time(0)
HARBOR, LAKE = UUID(int=1), UUID(int=2)
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(17))


def test_periods_keep_their_branches():
    drawn = [
        (0, *AFTERNOON, LAKE),
        (0, *MORNING, HARBOR),
        (6, time(22), time(2), HARBOR),
        (1, *MORNING),
    ]

    assert week.normalize_week(drawn) == {
        0: ((MIDNIGHT, time(2), HARBOR), (*MORNING, HARBOR), (*AFTERNOON, LAKE)),
        1: (MORNING,),
        6: ((time(22), MIDNIGHT, HARBOR),),
    }


def test_periods_are_merged_within_a_branch_only():
    drawn = [(0, time(9), time(11), HARBOR), (0, time(10), time(12), HARBOR)]
    drawn += [(0, time(12), time(13))]

    assert week.normalize_week(drawn) == {0: ((*MORNING, HARBOR), (time(12), time(13)))}


@pytest.mark.parametrize(
    "another", [(time(11), time(13), LAKE), (*MORNING, LAKE), MORNING]
)
def test_nobody_is_at_two_branches_at_once(another):
    there = (*MORNING, HARBOR)

    with pytest.raises(ValueError, match="Monday: periods at different branches"):
        week.normalize_week([(0, *there), (0, *another)])
    with pytest.raises(ValueError, match="May 1: periods at different branches"):
        week.normalize_day([there, another], "May 1")


def test_hours_of_a_date_keep_their_branches_and_name_the_date():
    assert week.normalize_day([AFTERNOON, (*MORNING, LAKE)], "May 1") == (
        (*MORNING, LAKE),
        AFTERNOON,
    )
    with pytest.raises(ValueError, match="May 1: a period has to end after it begins"):
        week.normalize_day([(time(9), time(9), LAKE)], "May 1")


@pytest.mark.parametrize("period", [MORNING, (*MORNING, LAKE)])
def test_period_is_read_as_it_is_drawn(period):
    drawn = week.drawn_period(2, period)

    assert drawn == (2, *period)
    assert week.period_of_drawn(drawn) == period


def test_branches_are_told_by_their_names_if_they_have_any():
    periods = ((*MORNING, HARBOR), (*AFTERNOON, LAKE), (time(20), MIDNIGHT))

    assert week.periods_in_words(periods, {HARBOR: "Oak Park"}) == (
        "09:00-12:00 at Oak Park, 13:00-17:00, 20:00-24:00"
    )
    assert week.periods_in_words(periods) == "09:00-12:00, 13:00-17:00, 20:00-24:00"


def test_visits_at_a_branch_are_served_in_its_hours_and_in_those_without_one():
    usual = ((*MORNING, HARBOR), (*AFTERNOON, LAKE), (time(18), time(19)))
    day = date(2026, 12, 7)
    hours = AgentHours(
        ZoneInfo("America/Chicago"),
        {0: usual, 1: (MORNING,)},
        {day: ((*MORNING, LAKE), (*AFTERNOON, HARBOR))},
    )

    at_lake = hours.at(LAKE)

    assert at_lake.weekly == {0: usual[1:], 1: (MORNING,)}
    assert at_lake.exceptions == {day: ((*MORNING, LAKE),)}
    assert (at_lake.zone, at_lake.time_off) == (hours.zone, hours.time_off)
    assert hours.places == {HARBOR, LAKE}
    assert at_lake.places == {LAKE}


def test_hours_without_branches_are_the_same_at_each():
    hours = AgentHours(ZoneInfo("UTC"), {0: (MORNING,)}, {date(2026, 12, 7): ()})

    assert not hours.has_places
    assert hours.at(LAKE) is hours
