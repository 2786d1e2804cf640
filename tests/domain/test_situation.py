"""What is said of one agent, and of times nobody can count in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import AgentBusy, AgentDay
from tests.domain.test_kept_counts import (
    DAY,
    ENGLISH,
    MIDNIGHT,
    MINUTE,
    MONDAY,
    NINE,
    RULES,
    agent,
    index,
    sheet,
    starts,
)

ONE, OTHER = UUID(int=1), UUID(int=2)


def window(start, end):
    """Minutes after nine."""
    nine = MIDNIGHT + 540 * MINUTE
    return Interval(nine + start * MINUTE, nine + end * MINUTE)


@pytest.mark.parametrize(
    ("start", "end", "how_many"),
    [(30, 60, 1), (29, 61, 3), (29.5, 60, 2), (30, 60.5, 2), (90, 120, 0)],
)
def test_appointments_are_counted_that_share_an_instant_with_a_window(
    start, end, how_many
):
    asked = index(agent(1), agent(2))
    asked.load([sheet(1, (0, 30), (30, 60), (60, 90)), sheet(2, (30, 60))])
    there = asked.around(RULES, ENGLISH, DAY)

    assert there.appointment_count(ONE, window(start, end)) == how_many
    assert there.appointment_count(UUID(int=7), window(start, end)) == 0


def test_busy_times_of_an_own_calendar_are_not_counted_as_appointments():
    asked = index(agent(1))
    busy = np.array([(NINE, NINE + 30, 0, 0, 1)], np.int32)
    asked.load([AgentDay(ONE, "", MONDAY, busy)])

    assert asked.around(RULES, ENGLISH, DAY).appointment_count(ONE, DAY) == 0


@pytest.mark.parametrize(("start", "is_worked"), [(0, True), (450, True), (451, False)])
def test_agent_must_be_on_duty_for_all_of_an_appointment(start, is_worked):
    there = index(agent(1), agent(2)).around(RULES, ENGLISH, DAY)

    assert there.is_worked(OTHER, window(start, 999).start) is is_worked
    assert not there.is_worked(UUID(int=7), window(start, 999).start)


@pytest.mark.parametrize(("day", "ahead"), [(30, 60), (60, 30)])
def test_first_start_on_offer_is_the_later_of_two_that_rules_allow(day, ahead):
    nine = window(0, 1).start
    rules = replace(
        RULES,
        now=nine,
        earliest_day=nine + day * MINUTE,
        disabled_window=ahead * MINUTE,
    )

    asked = index(agent(1))
    assert asked.open_slots(rules, ENGLISH, DAY)[0].start == window(60, 61).start


def test_agent_who_is_not_known_is_off_duty():
    there = index(agent(1)).around(RULES, ENGLISH, DAY)

    assert there.busy_reason(ONE, window(0, 30).start) is None
    assert there.busy_reason(OTHER, window(0, 30).start) == "Off duty"


def test_spans_count_whether_they_are_put_in_by_day_or_all_together():
    asked = index(agent(1), agent(2))
    monday, day = sheet(2, (60, 90)), timedelta(days=1)
    sunday = AgentDay(OTHER, "", MONDAY - day, monday.spans - [1440, 1440, 0, 0, 0])
    together = np.concatenate((sheet(1, (0, 60)).spans, sunday.spans))

    asked.load([AgentBusy(ONE, "", together), sunday, monday])

    assert [(it.start, it.free) for it in asked.open_slots(RULES, ENGLISH, DAY)][
        :4
    ] == [
        (window(0, 30).start, 1),
        (window(30, 60).start, 1),
        (window(60, 90).start, 1),
        (window(90, 120).start, 2),
    ]


@pytest.mark.parametrize("start", [-541, 900])
def test_span_that_starts_on_another_day_is_refused(start):
    asked = index(agent(1))
    with pytest.raises(ValueError, match="must start that day"):
        asked.write(sheet(1, (start, start + 10)))


def test_first_and_last_minute_of_a_day_belong_to_its_sheet():
    asked = index(agent(1))
    asked.write(sheet(1, (-540, -530), (0, 450), (899, 910)))
    assert starts(asked) == [450]


@pytest.mark.parametrize(
    "far",
    [
        Interval(
            datetime(9999, 12, 30, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)
        ),
        Interval(datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)),
        Interval(datetime(8999, 12, 31, tzinfo=UTC), datetime(9000, 1, 2, tzinfo=UTC)),
    ],
)
def test_window_in_another_age_has_no_starts(far):
    always = replace(RULES, now=far.start, earliest_day=far.start, latest=far.end)
    there = index(agent(1)).around(RULES, ENGLISH, DAY)

    assert there.survey(far) == []
    past = index(agent(1)).around(always, ENGLISH, DAY)
    assert list(past.open_slots(far)) == []
    assert past.openings(far) == {ONE: []}
