"""Our adapter of Google reads and writes at a server of others.

It has free and busy times, lists of calendars and events, new events and their end, and
knows nothing of ids that clients choose, of changes, and of what is not shared.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.providers.google.personal import GooglePersonal
from invo_booking.providers.google.provider import Google
from invo_booking.providers.http import VendorClient
from tests.support.independent import running_server
from tests.support.vendor.sign_in import trusting

ANA, BEN, CLUB = "ana@bank.example", "ben@bank.example", "club@bank.example"
CHICAGO = ZoneInfo("America/Chicago")
NINE = datetime(2027, 3, 8, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = Interval(NINE - 24 * HOUR, NINE + 144 * HOUR)
TOKEN = "a-token-of-ana"


def event(start: datetime, summary: str, calendar: str = ANA) -> dict[str, str]:
    return {
        "user_email": ANA,
        "calendar_id": calendar,
        "summary": summary,
        "start_date_time": start.isoformat(),
        "end_date_time": (start + HOUR).isoformat(),
    }


SEED = {
    "users": [{"email": ANA}],
    "calendars": [
        {"id": ANA, "user_email": ANA, "summary": "Ana", "primary": True},
        {"id": CLUB, "user_email": ANA, "summary": "Club"},
    ],
    "calendar_events": [
        event(NINE, "Dentist"),
        event(NINE + 3 * HOUR, "Choir", CLUB),
        event(NINE - 240 * HOUR, "Long ago"),
        {
            "user_email": ANA,
            "calendar_id": ANA,
            "summary": "Book fair",
            "start_date": "2027-03-10",
            "end_date": "2027-03-11",
        },
    ],
}


@pytest.fixture
def server(tmp_path):
    tokens = {TOKEN: {"login": ANA, "id": 1}}
    settings = {"seed": SEED, "tokens": tokens}
    with running_server("google", tmp_path, settings) as running:
        yield running


def addresses(server):
    consent = f"{server.url}/o/oauth2/v2/auth"
    return {
        "api": server.url,
        "consent_page": consent,
        "token_url": f"{server.url}/token",
    }


def line(server):
    return VendorClient("Google", ca_file=server.ca_file, now=utc_now)


@pytest.fixture
def calendar(server):
    """The account of an institution, whose own calendar hosts appointments."""
    google = Google(line(server), **addresses(server))
    return google.open(lambda _: TOKEN, ANA, account=ANA, zone=CHICAGO)


@pytest.fixture
def personal(server):
    return GooglePersonal(line(server), **addresses(server))


def test_busy_times_are_read_and_nobody_unknown_is_free(calendar):
    ana, ben, club = calendar.free_busy([ANA, BEN, CLUB], WEEK)

    assert Interval(NINE, NINE + HOUR) in ana.busy
    assert all(span.overlaps(WEEK) for span in ana.busy)
    assert club.busy == (Interval(NINE + 3 * HOUR, NINE + 4 * HOUR),)
    assert ben.problem is not None


def test_agent_sees_own_calendars_and_events(personal):
    def token(_):
        return TOKEN

    listed = personal.calendars(token)
    found = personal.events(token, "primary", WEEK, CHICAGO)
    club = personal.events(token, CLUB, WEEK, CHICAGO)

    assert [(it.name, it.is_primary) for it in listed] == [
        ("Ana", True),
        ("Club", False),
    ]
    assert [it.title for it in found.events] == ["Dentist", "Book fair"]
    assert [it.is_all_day for it in found.events] == [False, True]
    assert [it.title for it in club.events] == ["Choir"]
    assert (found.unreadable, found.is_complete) == (0, True)


def test_event_that_we_write_is_theirs_and_is_taken_out_again(server, calendar):
    draft = EventDraft(
        key=uuid4(),
        subject="Mortgage",
        body="Ana Diaz, by video",
        period=Interval(NINE + 6 * HOUR, NINE + 7 * HOUR),
        attendees=((BEN, "Ben"),),
        location="Room 2",
    )

    written = calendar.create(draft)

    [theirs] = [it for it in read_events(server) if it["summary"] == "Mortgage"]
    assert theirs["location"] == "Room 2"
    assert [it["email"] for it in theirs["attendees"]] == [BEN]
    assert datetime.fromisoformat(theirs["start"]["dateTime"]) == draft.period.start
    assert datetime.fromisoformat(theirs["end"]["dateTime"]) == draft.period.end
    assert draft.period in calendar.free_busy([ANA], WEEK)[0].busy
    assert draft.period in {it.period for it in calendar.events(WEEK).events}

    calendar.cancel(theirs["id"])
    calendar.cancel(theirs["id"])

    assert written.period == draft.period
    assert [it["summary"] for it in read_events(server)] == [
        "Long ago",
        "Dentist",
        "Book fair",
    ]


def read_events(server):
    """Return the events of Ana's calendar, as another client reads them."""
    address = f"{server.url}/calendar/v3/calendars/primary/events"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    told = httpx.get(
        address, headers=headers, verify=trusting(server.ca_file), trust_env=False
    )
    return told.raise_for_status().json()["items"]
