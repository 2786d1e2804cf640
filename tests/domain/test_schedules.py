"""Spans as arrays."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.schedules import free_gaps, working_gaps
from invo_booking.domain.slots.search import AgentSupply, Booking
from invo_booking.domain.wall import floor_minute
from tests.domain.reference import schedules_of

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = floor_minute(NINE), floor_minute(NINE) + 60


def span(begin, end):
    """Minutes after nine."""
    return Interval(NINE + begin * MINUTE, NINE + end * MINUTE)


def agent(number, duty, *, booked=(), busy=()):
    return AgentSupply(
        agent_id=UUID(int=number),
        name="",
        queues=frozenset(),
        languages=frozenset(),
        duty=tuple(duty),
        booked=tuple(booked),
        busy=tuple(busy),
    )


def free(*calendars, buffers=(0, 0)):
    """Gaps as ``(agent, from, to)`` in minutes after nine."""
    schedules = schedules_of(calendars)
    return told(
        free_gaps(working_gaps(schedules.duty, HOUR), schedules.busy, HOUR, buffers)
    )


def told(found):
    return [
        (agent, start - HOUR[0], end - HOUR[0])
        for agent, start, end in zip(
            found.agent.tolist(), found.start.tolist(), found.end.tolist(), strict=True
        )
    ]


def test_gap_is_what_is_worked_and_not_taken():
    assert free(agent(1, [span(0, 60)], busy=[span(10, 20)])) == [
        (0, 0, 10),
        (0, 20, 60),
    ]


def test_minute_partly_taken_counts_as_taken():
    busy = agent(1, [span(0, 60)], busy=[span(10.5, 20.5)])
    booked = agent(1, [span(0, 60)], booked=[Booking(span(10.5, 20.5))])

    assert free(busy) == free(booked) == [(0, 0, 10), (0, 21, 60)]


def test_minute_partly_worked_counts_as_not_worked():
    assert free(agent(1, [span(9.5, 20.5)])) == [(0, 10, 20)]


def test_agents_are_in_the_order_of_their_ids_and_never_mixed_up():
    second = agent(2, [span(-60, 30)])
    first = agent(1, [span(30, 200)], busy=[span(-500, 35), span(50, 900)])

    assert free(second, first) == [(0, 35, 50), (1, 0, 30)]


def test_agents_who_are_not_asked_for_have_no_gaps():
    schedules = schedules_of([agent(1, [span(0, 60)]), agent(2, [span(0, 60)])])

    found = working_gaps(schedules.duty.of(np.array([False, True])), HOUR)

    assert told(found) == [(1, 0, 60)]


def test_buffer_widens_what_is_taken_but_not_the_hours():
    booked = Booking(span(20, 30), 5 * MINUTE, 5 * MINUTE)

    found = free(agent(1, [span(0, 60)], booked=[booked]), buffers=(8, 3))

    assert found == [(0, 0, 15), (0, 38, 60)]


def test_nobody_has_no_gaps():
    assert free() == []
    assert free(agent(1, [])) == []


def test_gaps_count_who_has_room():
    schedules = schedules_of([agent(1, [span(0, 40)]), agent(2, [span(20, 60)])])
    found = working_gaps(schedules.duty, HOUR)
    starts = np.arange(HOUR[0], HOUR[1], 10)

    assert found.count(starts, 20).tolist() == [1, 1, 2, 1, 1, 0]
    assert found.agents_with_room(HOUR[0] + 20, HOUR[0] + 40).tolist() == [0, 1]
