"""Agents' own events as providers send them, however odd, and how they are shown."""

import json
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.calendars.personal import MOST_EVENTS
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ReconnectError,
)
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.providers.google import personal as google_personal
from invo_booking.providers.google.personal import GooglePersonal
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.personal import OutlookPersonal
from tests.support.google.fixtures import google, google_server
from tests.support.microsoft.fixtures import outlook, outlook_server

__all__ = ["google", "google_server", "outlook", "outlook_server"]

CHICAGO = ZoneInfo("America/Chicago")
START = datetime(2026, 11, 23, 16, tzinfo=UTC)
WINDOW = Interval(START - timedelta(days=7), START + timedelta(days=35))
ANA = "ana@bank.example"
HOUR = timedelta(hours=1)
PATHS = {"google": "/calendars/*/events", "outlook": "/me/calendarView"}


@cache
def line(vendor, ca_file):
    return VendorClient(vendor, ca_file=ca_file, now=utc_now)


@pytest.fixture(params=["google", "outlook"])
def vendor(request):
    return request.param


@pytest.fixture
def fake(vendor, google, outlook):
    return google if vendor == "google" else outlook


def provider_of(vendor, fake, seconds=8.0):
    caller = line(vendor, fake.ca_file)
    if vendor == "google":
        return GooglePersonal(
            caller,
            api=fake.url,
            consent_page=f"{fake.url}/o/oauth2/v2/auth",
            token_url=f"{fake.url}/token",
            seconds=seconds,
        )
    return OutlookPersonal(caller, authority=fake.url, graph=fake.url, seconds=seconds)


def token_of(vendor, fake):
    scopes = google_personal.SCOPES if vendor == "google" else ("Calendars.Read",)
    token = fake.access_token(ANA, *scopes)
    return lambda refused: token if not refused else _gone()


def _gone():
    raise ReconnectError("over")


def read_events(vendor, fake, seconds=8.0):
    own = provider_of(vendor, fake, seconds)
    return own.events(token_of(vendor, fake), "", WINDOW, CHICAGO)


def written(vendor, **changed):
    """Return an event in the vendor's form; ``start`` and ``end`` are texts."""
    start, end = changed.pop("start", "2026-11-23T16:00:00"), changed.pop("end", None)
    title = changed.pop("title", "Dentist")
    end = end or "2026-11-23T17:00:00"
    if vendor == "google":
        times = {"start": {"dateTime": f"{start}Z"}, "end": {"dateTime": f"{end}Z"}}
        return {"status": "confirmed", "summary": title, **times, **changed}
    named = {"timeZone": "UTC"}
    times = {"start": {"dateTime": start, **named}, "end": {"dateTime": end, **named}}
    return {"subject": title, "showAs": "busy", "type": "singleInstance"} | (
        times | changed
    )


def answering(vendor, fake, *events, **more):
    body = {"items" if vendor == "google" else "value": list(events), **more}
    fake.misbehave("GET", PATHS[vendor], body=json.dumps(body), times=None)


ODD = [
    {"start": "0001-01-01T00:00:00"},
    {"end": "9999-12-31T23:59:59"},
    {"start": "not a time"},
    {"start": "2026-11-23"},
    {"start": "2026-02-30T10:00:00"},
    {"start": ""},
]


@pytest.mark.parametrize("changed", ODD)
def test_event_with_unusable_times_is_counted_and_the_others_shown(
    vendor, fake, changed
):
    good = written(vendor)
    if changed["start" if "start" in changed else "end"] == "2026-11-23":
        changed = {"start": "2026-11-23T16:00:00+25:00"}
    answering(vendor, fake, written(vendor, **changed), good)

    found = read_events(vendor, fake)

    assert [it.title for it in found.events] == ["Dentist"]
    assert found.unreadable == 1
    assert found.is_complete


@pytest.mark.parametrize("start", [None, 7, [], {}, "2026-11-23"])
def test_event_whose_start_is_no_time_at_all_is_counted(vendor, fake, start):
    answering(vendor, fake, {**written(vendor), "start": start}, written(vendor))

    found = read_events(vendor, fake)

    assert (len(found.events), found.unreadable) == (1, 1)


def test_event_of_negative_length_takes_a_minute(vendor, fake):
    answering(vendor, fake, written(vendor, end="2026-11-23T15:00:00"))

    (event,) = read_events(vendor, fake).events

    assert event.period == Interval(START, START + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("a\nb\tc\x00d", "a b c\ufffdd"),
        ("left \u202eright", "left right"),
        ("x" * 2**20, "x" * 200),
        ("", ""),
        (None, ""),
        (7, ""),
        (["a"], ""),
    ],
)
def test_title_is_plain_text_on_one_line_and_cut(vendor, fake, title, shown):
    answering(vendor, fake, written(vendor, title=title))

    (event,) = read_events(vendor, fake).events

    assert event.title == shown


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://www.google.com/calendar",
        "https://evil.example/calendar",
        "https://www.google.com.evil.example/",
        "https://www.google.com@evil.example/",
        "https://www.google.com:444/",
        "https://[broken",
        "//www.google.com/",
        "https://www.google.com/" + "x" * 3_000,
        None,
        7,
    ],
)
def test_link_that_leads_elsewhere_is_dropped(vendor, fake, link):
    name = "htmlLink" if vendor == "google" else "webLink"
    answering(vendor, fake, written(vendor, **{name: link}))

    (event,) = read_events(vendor, fake).events

    assert event.link == ""


def test_own_links_are_kept(vendor, fake):
    links = {
        "google": ("htmlLink", "https://www.google.com/calendar/event?eid=abc"),
        "outlook": ("webLink", "https://outlook.office365.com/owa/?itemid=abc"),
    }
    name, link = links[vendor]
    answering(vendor, fake, written(vendor, **{name: link}))

    assert [it.link for it in read_events(vendor, fake).events] == [link]


def test_of_ten_thousand_events_so_many_are_shown_and_the_rest_is_said(vendor, fake):
    answering(vendor, fake, *[written(vendor)] * 10_000)

    found = read_events(vendor, fake)

    assert len(found.events) == MOST_EVENTS
    assert not found.is_complete


def test_all_pages_of_a_calendar_are_read(vendor, fake):
    for number in range(7):
        at = START + number * HOUR
        if vendor == "google":
            fake.put(ANA, at, at + HOUR, summary=str(number))
        else:
            fake.busy(ANA, at, at + HOUR, subject=str(number))
    fake.page_limit = fake.page_size = 3

    found = read_events(vendor, fake)

    assert [it.title for it in found.events] == [str(number) for number in range(7)]


@pytest.mark.parametrize("body", ["[]", "7", '{"items": 7, "value": 7}', "{", ""])
def test_answer_that_is_no_list_is_trouble_of_the_provider(vendor, fake, body):
    fake.misbehave("GET", PATHS[vendor], body=body, times=None)
    if vendor == "google" and body == "":
        assert read_events(vendor, fake).events == ()
        return

    with pytest.raises(ProviderDownError):
        read_events(vendor, fake)


@pytest.mark.parametrize("how", [{"hang": True}, {"drip": True}])
def test_whole_question_ends_in_time_however_slow_the_provider_is(vendor, fake, how):
    fake.misbehave("GET", PATHS[vendor], times=None, **how)
    began = time.monotonic()

    with pytest.raises(ProviderDownError):
        read_events(vendor, fake, seconds=0.5)

    assert time.monotonic() - began < 60


def test_pages_and_renewals_share_one_deadline(vendor, fake):
    own = provider_of(vendor, fake, seconds=1.0)
    usual = token_of(vendor, fake)
    fake.latency = 0.4
    fake.page_limit = fake.page_size = 1
    for number in range(40):
        at = START + number * HOUR
        if vendor == "google":
            fake.put(ANA, at, at + HOUR)
        else:
            fake.busy(ANA, at, at + HOUR)

    with pytest.raises(ProviderDownError):
        own.events(usual, "", WINDOW, CHICAGO)

    pages = sum(1 for call in fake.calls if call.method == "GET")
    assert pages < 5
