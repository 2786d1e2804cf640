"""What staff are told keeps one agent from a span."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.matching import Claim
from invo_booking.domain.slots.obstacles import agent_obstacle
from invo_booking.domain.slots.search import (
    AgentSupply,
    Booking,
    CalendarFreshness,
    Rules,
)
from invo_booking.domain.wall import floor_minute
from tests.domain.reference import schedules_of

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULES = Rules(
    zone=ZoneInfo("America/New_York"),
    step=30 * MINUTE,
    length=30 * MINUTE,
    earliest_day=NINE,
    latest=NINE + timedelta(days=60),
    now=NINE,
)


def span(begin, end):
    """Minutes after nine."""
    return Interval(NINE + begin * MINUTE, NINE + end * MINUTE)


def supply(number, **more):
    return AgentSupply(
        agent_id=UUID(int=number),
        name=f"Agent {number}",
        queues=frozenset(),
        languages=frozenset(),
        duty=(span(0, 480),),
        **more,
    )


OTHER = supply(1, booked=(Booking(span(0, 480)),), busy=(span(0, 480),))


def why(begin, end, *, before=0, after=0, **more):
    """Ask about the second of two agents, of whom the first has no minute left."""
    nine = floor_minute(NINE)
    claim = Claim(nine + begin, nine + end, before, after)
    return agent_obstacle(schedules_of([OTHER, supply(2, **more)]), 1, claim, RULES)


def test_agent_is_free_where_nothing_of_their_own_is_in_the_way():
    assert why(0, 480) == ""


@pytest.mark.parametrize(("begin", "end"), [(-1, 30), (450, 481), (500, 530)])
def test_agent_is_off_duty_unless_they_work_from_beginning_to_end(begin, end):
    assert why(begin, end) == "Off duty"


def test_first_thing_in_the_way_is_named_by_the_institution_s_clock():
    meetings = span(200, 230), span(100, 145)
    booked = tuple(Booking(it) for it in meetings)

    assert why(0, 240, booked=booked) == "Has another appointment 05:40-06:25"
    assert why(0, 240, busy=meetings) == "Busy in their own calendar 05:40-06:25"
    assert why(150, 240, busy=meetings) == "Busy in their own calendar 07:20-07:50"


@pytest.mark.parametrize(
    ("begin", "end", "before", "after", "is_free"),
    [
        (70, 100, 0, 0, True),
        (70, 101, 0, 0, False),
        (130, 160, 0, 0, True),
        (129, 160, 0, 0, False),
        (60, 90, 0, 10, True),
        (60, 90, 0, 11, False),
        (140, 170, 10, 0, True),
        (140, 170, 11, 0, False),
    ],
)
def test_time_kept_free_may_touch_what_is_there(begin, end, before, after, is_free):
    free = why(begin, end, before=before, after=after, busy=(span(100, 130),))

    assert (free == "") is is_free


@pytest.mark.parametrize(
    ("read_at", "told"),
    [
        (NINE - 60 * MINUTE, ""),
        (NINE - 61 * MINUTE, "Calendar not known: Agent 2 (last read 61 minutes ago)"),
        (None, "Calendar not known: Agent 2 (never read)"),
    ],
)
def test_agent_whose_calendar_is_not_known_is_not_free(read_at, told):
    assert why(0, 30, reading=CalendarFreshness(read_at)) == told
