"""Our adapter of Google reads and writes at a server of others.

What is true of every provider is tested there by ``test_contract``, as far as the
server has it.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.interval import Interval
from invo_booking.providers.google.personal import GooglePersonal
from tests.providers.emulator_world import (
    ACCOUNT,
    CHICAGO,
    HOST,
    EmulatorWorld,
    addresses,
    line,
    running_emulator,
    token,
)

BEN, CLUB = "ben@bank.example", "club@bank.example"
NINE = datetime(2027, 3, 8, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = Interval(NINE - 24 * HOUR, NINE + 144 * HOUR)


def event(start: datetime, summary: str, calendar: str = ACCOUNT) -> dict[str, str]:
    return {
        "calendar_id": calendar,
        "summary": summary,
        "start_date_time": start.isoformat(),
        "end_date_time": (start + HOUR).isoformat(),
    }


EVENTS = [
    event(NINE, "Dentist"),
    event(NINE + 3 * HOUR, "Choir", CLUB),
    event(NINE - 240 * HOUR, "Long ago"),
    {
        "calendar_id": ACCOUNT,
        "summary": "Book fair",
        "start_date": "2027-03-10",
        "end_date": "2027-03-11",
    },
]


@pytest.fixture
def server(tmp_path):
    with running_emulator(tmp_path, CLUB, events=EVENTS) as running:
        yield running


@pytest.fixture
def world(server):
    return EmulatorWorld(server)


@pytest.fixture
def personal(server):
    return GooglePersonal(line(server), **addresses(server))


def test_busy_times_are_read_and_nobody_unknown_is_free(world):
    own, ben, club = world.calendar.free_busy([ACCOUNT, BEN, CLUB], WEEK)

    assert Interval(NINE, NINE + HOUR) in own.busy
    assert all(span.overlaps(WEEK) for span in own.busy)
    assert club.busy == (Interval(NINE + 3 * HOUR, NINE + 4 * HOUR),)
    assert ben.problem is not None


def test_agent_sees_own_calendars_and_events(personal):
    listed = personal.calendars(token)
    found = personal.events(token, "primary", WEEK, CHICAGO)
    club = personal.events(token, CLUB, WEEK, CHICAGO)

    assert [(it.name, it.is_primary) for it in listed] == [
        ("Scheduling", True),
        ("Appointments", False),
        ("Club", False),
    ]
    assert [it.title for it in found.events] == ["Dentist", "Book fair"]
    assert [it.is_all_day for it in found.events] == [False, True]
    assert [it.title for it in club.events] == ["Choir"]
    assert (found.unreadable, found.is_complete) == (0, True)


def test_event_that_we_write_is_theirs(world):
    draft = EventDraft(
        key=uuid4(),
        subject="Mortgage",
        body="Ana Diaz, by video",
        period=Interval(NINE + 6 * HOUR, NINE + 7 * HOUR),
        attendees=((BEN, "Ben"),),
        location="Room 2",
    )

    written = world.calendar.create(draft)

    [theirs] = world.events(HOST)
    assert theirs["summary"] == "Mortgage"
    assert theirs["location"] == "Room 2"
    assert [it["email"] for it in theirs["attendees"]] == [BEN]
    assert datetime.fromisoformat(theirs["start"]["dateTime"]) == draft.period.start
    assert datetime.fromisoformat(theirs["end"]["dateTime"]) == draft.period.end
    assert written.period == draft.period
    assert world.calendar.free_busy([HOST], WEEK)[0].busy == (draft.period,)
    assert [it.period for it in world.calendar.events(WEEK).events] == [draft.period]
