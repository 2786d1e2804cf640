"""What an index keeps ready between questions, and when it forgets it."""

import gc
import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from invo_booking.domain.hours import AgentHours
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import Agent, AgentDay, AvailabilityIndex
from invo_booking.domain.slots.matching import Claim
from invo_booking.domain.slots.search import CalendarFreshness, Group, Rules
from invo_booking.domain.slots.waiting import Claimant
from invo_booking.domain.wall import floor_minute

MINUTE = timedelta(minutes=1)
UTC_ZONE = ZoneInfo("UTC")
MONDAY = date(2026, 6, 1)
MIDNIGHT = datetime(2026, 6, 1, tzinfo=UTC)
DAY = Interval(MIDNIGHT, MIDNIGHT + timedelta(days=1))
NINE = floor_minute(MIDNIGHT) + 9 * 60
QUEUE = UUID(int=1)
ENGLISH, SPANISH, FRENCH = (Group(QUEUE, it) for it in ("en", "es", "fr"))
RULES = Rules(
    zone=UTC_ZONE,
    step=30 * MINUTE,
    length=30 * MINUTE,
    earliest_day=DAY.start,
    latest=DAY.end,
    now=DAY.start,
)


def agent(number, *languages):
    hours = AgentHours(UTC_ZONE, {0: ((time(9), time(17)),)})
    spoken = frozenset(languages or ("en",))
    return Agent(UUID(int=number), "", frozenset({QUEUE}), spoken, hours)


def index(*agents, **known):
    return AvailabilityIndex(agents, DAY, zone=UTC_ZONE, **known)


def sheet(owner, *spans, language=""):
    """Spans in minutes after nine, perhaps with the minutes to keep free."""
    rows = [
        (NINE + start, NINE + end, *(kept or (0, 0)), 0) for start, end, *kept in spans
    ]
    numbers = np.array(rows, np.int32).reshape(-1, 5)
    return AgentDay(UUID(int=owner), language, MONDAY, numbers)


def starts(asked, rules=RULES):
    """Open starts in minutes after nine."""
    return [
        floor_minute(it.start) - NINE for it in asked.open_slots(rules, ENGLISH, DAY)
    ]


def test_index_that_was_asked_while_it_was_empty_answers_from_what_is_loaded_then():
    asked = index(agent(1))
    assert len(starts(asked)) == 16
    version = asked.version(ENGLISH)

    asked.load([sheet(1, (0, 450))])

    assert starts(asked) == [450]
    assert asked.version(ENGLISH) > version


def test_days_that_are_closed_follow_the_rules_of_each_question():
    asked = index(agent(1))
    holiday = replace(RULES, holidays={MONDAY: "Founder's Day"})

    assert [len(starts(asked, it)) for it in (RULES, holiday, RULES)] == [16, 0, 16]


def test_each_length_is_closed_by_the_days_it_touches():
    """A start at 16:30 reaches into Tuesday if it lasts for eight hours."""
    asked = AvailabilityIndex(
        [replace(agent(1), hours=AgentHours(UTC_ZONE, {0: ((time(9), time(0)),)}))],
        DAY,
        zone=UTC_ZONE,
    )
    short = replace(RULES, holidays={MONDAY + timedelta(days=1): "Founder's Day"})
    long = replace(short, length=480 * MINUTE)

    assert max(starts(asked, short)) == 870
    assert max(starts(asked, long)) == 420
    assert max(starts(asked, short)) == 870


@pytest.mark.parametrize("language", ["", "en"])
@pytest.mark.parametrize("kept", [(0, 0), (7, 3), (3, 12)])
@pytest.mark.parametrize("buffers", [(0, 0), (10, 5), (2, 9)])
def test_change_is_followed_to_the_minute(language, kept, buffers):
    """Of an agent's time, or of somebody who waits for the only agent."""
    before, after = (it * MINUTE for it in buffers)
    every = replace(RULES, step=MINUTE, buffer_before=before, buffer_after=after)
    asked = index(agent(1))
    free = starts(asked, every)

    asked.write(sheet(1, (200, 230, *kept), language=language))

    lead, lag = max(kept[0], buffers[1]), max(kept[1], buffers[0])
    closed = range(200 - lead - 29, 230 + lag)
    assert starts(asked, every) == [it for it in free if it not in closed]
    assert free == list(range(451))

    asked.write(sheet(1, language=language))
    assert starts(asked, every) == free


def test_version_rises_with_an_agent_who_is_linked_by_those_who_wait():
    asked = index(agent(1, "en"), agent(2, "en", "es"), agent(3, "es"))
    asked.write(sheet(1, (0, 30), language="es"))
    version = asked.version(ENGLISH)

    asked.write(sheet(3, (60, 90)))

    assert asked.version(ENGLISH) > version


def test_version_rises_along_a_chain_of_those_who_wait():
    """English shares an agent with Spanish, and Spanish with French."""
    one, other = agent(2, "en", "es"), agent(3, "es", "fr")
    asked = index(agent(1, "en"), one, other, agent(4, "fr"))
    asked.write(sheet(1, (0, 30), language="es"))
    asked.write(sheet(1, (0, 30), language="fr"))
    version = asked.version(ENGLISH)

    asked.write(sheet(4, (60, 90)))

    assert asked.version(ENGLISH) > version


def test_version_stays_with_an_agent_whom_nobody_links():
    asked = index(agent(1, "en"), agent(2, "en", "es"), agent(3, "es"))
    version = asked.version(ENGLISH)

    asked.write(sheet(3, (60, 90)))
    asked.write(sheet(1, language="fr"))
    asked.write(sheet(1))

    assert asked.version(ENGLISH) == version


def test_version_rises_no_more_once_those_who_linked_are_gone():
    asked = index(agent(1, "en"), agent(2, "en", "es"), agent(3, "es"))
    asked.write(sheet(1, (0, 30), language="es"))
    asked.version(ENGLISH)
    asked.write(sheet(1, language="es"))
    version = asked.version(ENGLISH)

    asked.write(sheet(3, (60, 90)))

    assert asked.version(ENGLISH) == version


def test_those_left_over_are_the_ones_for_whom_there_is_no_agent():
    asked = index(agent(1, "en"), agent(2, "es"))
    asked.load([sheet(2, (0, 30))])
    nine = Claim(NINE, NINE + 30)

    def left_over(*wanted):
        return asked.claims_without_agent([Claimant(*it) for it in wanted])

    assert left_over((nine, ENGLISH)) == frozenset()
    assert left_over((nine, SPANISH), (nine, ENGLISH)) == {0}
    assert left_over((nine, ENGLISH), (nine, FRENCH)) == {1}
    assert len(left_over((nine, ENGLISH), (nine, ENGLISH))) == 1
    later = Claim(NINE + 35, NINE + 65, before=6)
    assert len(left_over((nine, ENGLISH), (later, ENGLISH))) == 1
    sooner = Claim(NINE + 30, NINE + 60, before=1), Claim(NINE + 65, NINE + 95)
    assert left_over((sooner[0], SPANISH), (sooner[1], SPANISH)) == {0}


def test_agents_who_can_be_given_a_start_are_in_the_order_of_their_ids():
    asked = index(*(agent(number) for number in range(10)))
    busy = [number for number in range(10) if number not in (1, 8)]
    asked.load([sheet(number, (0, 30)) for number in busy])

    found = asked.judge(RULES, ENGLISH, MIDNIGHT + 540 * MINUTE).placeable

    assert [it.int for it in found] == [1, 8]


def test_version_rises_with_what_is_read_of_a_calendar_that_counts():
    asked = index(agent(1), agent(2, "es"))
    version = asked.version(ENGLISH)

    asked.set_freshness(UUID(int=2), CalendarFreshness(None))
    assert asked.version(ENGLISH) == version

    asked.set_freshness(UUID(int=1), CalendarFreshness(None))
    assert asked.version(ENGLISH) > version
    assert starts(asked) == []


def test_version_stays_with_what_is_read_where_no_calendar_counts():
    asked = index(agent(1), outside=False)
    version = asked.version(ENGLISH)

    asked.set_freshness(UUID(int=1), CalendarFreshness(None))

    assert asked.version(ENGLISH) == version
    assert len(starts(asked)) == 16


def test_time_kept_free_by_those_who_wait_counts_when_they_are_loaded():
    """Who speaks Spanish alone cannot serve them, for too soon follows another."""
    asked = index(agent(1, "en", "es"), agent(2, "es"))
    asked.load([sheet(2, (100, 130)), sheet(1, (60, 90, 0, 20), language="es")])

    assert not asked.judge(RULES, ENGLISH, MIDNIGHT + 600 * MINUTE).open


def test_those_who_wait_are_known_once_loaded_to_an_index_that_was_asked_before():
    asked = index(agent(1))
    assert asked.judge(RULES, ENGLISH, MIDNIGHT + 540 * MINUTE).open

    asked.load([sheet(1, (0, 30), language="en")])

    assert 0 not in starts(asked)


def test_widest_time_kept_free_counts_for_one_start_that_keeps_less():
    asked = index(agent(1))
    asked.load([sheet(1, (100, 130, 20, 0))])

    assert not asked.judge(RULES, ENGLISH, MIDNIGHT + 600 * MINUTE).open
    assert asked.judge(RULES, ENGLISH, MIDNIGHT + 590 * MINUTE, on_grid=False).open


def test_counts_that_missed_very_many_changes_are_right():
    asked, other = index(agent(1), agent(2)), index(agent(1), agent(2))
    starts(asked)

    for number in range(300):
        sheets = sheet(1, (number, number + 30)), sheet(2, (0, 300))
        for book in (asked, other):
            for it in sheets:
                book.write(it)

    assert (
        starts(asked)
        == starts(other)
        == [0, 30, 60, 90, 120, 150, 180, 210, 240, *(range(300, 451, 30))]
    )


def test_kept_counts_take_a_bounded_amount_of_memory():
    """Counts of a year for each minute take seven megabytes for each length."""
    year = Interval(DAY.start, DAY.start + timedelta(days=366))
    asked = AvailabilityIndex([agent(1)], year, zone=UTC_ZONE)
    every = replace(RULES, step=MINUTE, latest=year.end)
    tracemalloc.start()

    for length in range(5, 25):
        asked.open_slots(replace(every, length=length * MINUTE), ENGLISH, DAY)
    gc.collect()
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()

    assert 50 < megabytes < 90
