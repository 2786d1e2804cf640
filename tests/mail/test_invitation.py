"""Invitations read back with the same library other programs read them with."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from invo_booking.domain.appointment import Channel, Status
from invo_booking.mail.invitation import calendar_invitation
from tests.mail.conftest import make_facts
from tests.support.examples import SLOWNESS, how_many

URL = "https://booking.harbor.example/a/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6"
ROOM = f"{URL}/room"
NOW = datetime(2026, 11, 22, 15, 4, 30, 999, tzinfo=UTC)
ONE = "018f3c5e-0000-7000-8000-000000000001@invo-booking"


def written(appointment, method="REQUEST", name="Harbor Federal Credit Union", **more):
    facts = make_facts(
        appointment,
        **({"status_url": URL, "room_url": ROOM, "institution_name": name} | more),
    )
    return calendar_invitation(facts, method=method, now=NOW)


def read(text):
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_file_of_a_visit_tells_the_time_at_the_branch_whatever_the_reader_shows(
    appointment,
):
    visit = appointment(channel=Channel.BRANCH, time_zone="America/Los_Angeles")
    for method in ("REQUEST", "PUBLISH"):
        _, event = read(written(visit, method=method))

        told = " ".join(str(event["DESCRIPTION"]).split())
        assert told == (
            "Tuesday, November 24, 2026, 10:15 \N{EN DASH} 10:45 AM, "
            "Central Standard Time (Chicago) With: Marcus Bell "
            "Please have these ready: Photo ID, Your last two pay slips "
            f"Would you rather talk to us? Call 312 555 0100. {URL}"
        )


def test_entry_of_a_call_says_with_whom_what_to_bring_and_whom_to_call(appointment):
    _, event = read(written(appointment()))

    lines = str(event["DESCRIPTION"]).split("\n")
    assert "With: Marcus Bell" in lines
    assert "Please have these ready: Photo ID, Your last two pay slips" in lines
    assert "Would you rather talk to us? Call 312 555 0100." in lines
    assert lines[-1] == URL


@pytest.mark.parametrize(
    ("channel", "before"),
    [
        (Channel.VIDEO, timedelta(minutes=15)),
        (Channel.PHONE, timedelta(minutes=15)),
        (Channel.BRANCH, timedelta(hours=1)),
    ],
)
@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH"])
def test_calendar_reminds_before_the_start(appointment, channel, before, method):
    _, event = read(written(appointment(channel=channel), method=method))

    (alarm,) = event.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm.decoded("TRIGGER") == -before
    assert alarm["DESCRIPTION"] == event["SUMMARY"]


def test_calendar_does_not_remind_of_what_is_cancelled(appointment):
    _, event = read(written(appointment(), method="CANCEL"))

    assert event.walk("VALARM") == []


def test_invitation_reads_back_as_it_was_meant(appointment):
    calendar, event = read(written(appointment(sequence=3)))

    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == ONE
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTART") == datetime(2026, 11, 24, 16, 15, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2026, 11, 24, 16, 45, tzinfo=UTC)
    assert event.decoded("DTSTAMP") == datetime(2026, 11, 22, 15, 4, 30, tzinfo=UTC)
    assert event["SUMMARY"] == "Mortgage advice, Harbor Federal Credit Union"
    assert event["ORGANIZER"] == "mailto:appointments@harbor.example"
    assert event["ATTENDEE"] == "mailto:ana@customer.example"
    assert event["ATTENDEE"].params["CN"] == "Ana Lima"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert (event["URL"], event["LOCATION"]) == (URL, ROOM)


def test_cancellation_takes_away_the_same_event(appointment):
    gone = appointment(status=Status.CANCELLED, sequence=4)

    calendar, event = read(written(gone, "CANCEL"))

    assert calendar["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"]) == (ONE, 4)
    assert event["STATUS"] == "CANCELLED"


def test_published_file_names_no_attendee(appointment):
    calendar, event = read(written(appointment(), "PUBLISH"))

    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event


def test_request_is_tentative_until_confirmed(appointment):
    waiting = appointment(status=Status.REQUESTED, confirmed_at=None)

    _, event = read(written(waiting))

    assert event["STATUS"] == "TENTATIVE"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_customer_without_an_address_is_not_invited(appointment):
    _, event = read(written(appointment(email="")))

    assert "ATTENDEE" not in event


@pytest.mark.parametrize(
    ("channel", "more", "place"),
    [
        (Channel.VIDEO, {}, ROOM),
        (Channel.PHONE, {"room_url": ""}, "We call you at +1 312-555-0142."),
        (
            Channel.PHONE,
            {"room_url": "", "customer_calls": True},
            "Please call us at 312 555 0100.",
        ),
    ],
)
def test_calendar_entry_says_where_the_call_is(appointment, channel, more, place):
    _, event = read(written(appointment(channel=channel), **more))

    assert event["LOCATION"] == place


@pytest.mark.parametrize("channel", [Channel.VIDEO, Channel.BRANCH])
def test_calendar_entry_names_no_place_where_there_is_none(appointment, channel):
    _, event = read(written(appointment(channel=channel), room_url=""))

    assert "LOCATION" not in event


@pytest.mark.parametrize(
    "name",
    [
        "Bob\r\nATTENDEE:mailto:evil@evil.example",
        "Bob\nEND:VEVENT\nBEGIN:VEVENT",
        'Bob";X-EVIL="1',
        "Bob\u2028X-EVIL:1",
        "Bob\x0bX-EVIL:1\x00",
        "Bob;CN=Eve,Mallory:mailto:eve@evil.example",
        "Bob^nX-EVIL^'",
        "\ud800lone\u202egnp.exe",
    ],
)
def test_typed_text_adds_no_property_and_no_event(appointment, name):
    text = written(appointment(name=name, title=name), name=name)

    calendar, event = read(text)

    assert len(calendar.walk("VEVENT")) == 1
    assert event["ATTENDEE"] == "mailto:ana@customer.example"
    assert not [key for key in event if key.startswith("X-")]
    assert event["ORGANIZER"].params.keys() == {"CN"}


def test_lines_are_folded_and_end_as_the_standard_says(appointment):
    text = written(appointment(title="Beratung zur Baufinanzierung für Grüße " * 3))

    lines = text.split("\r\n")

    assert "\n" not in text.replace("\r\n", "")
    assert lines[-1] == ""
    assert max(len(line.encode()) for line in lines) <= 75


@given(title=st.text(max_size=120), name=st.text(max_size=120))
@settings(
    max_examples=how_many(60),
    suppress_health_check=[*SLOWNESS, HealthCheck.function_scoped_fixture],
)
def test_whatever_is_typed_the_invitation_reads_back(appointment, title, name):
    calendar, event = read(written(appointment(title=title, name=name)))

    assert len(calendar.subcomponents) == 1
    assert event["UID"] == ONE
    assert event["ATTENDEE"] == "mailto:ana@customer.example"
    assert not re.search(r"\r(?!\n)|(?<!\r)\n", calendar.to_ical().decode())


def test_visit_has_the_address_of_its_branch_as_location(appointment, denver):
    _, event = read(
        written(
            appointment(channel=Channel.BRANCH, time_zone="Asia/Tokyo"), branch=denver
        )
    )

    assert event["LOCATION"] == ("Union Station, 1701 Wynkoop Street, Denver, CO 80202")
    assert event["GEO"].to_ical() == "39.7527;-105.0006"
    assert "9:15" in str(event["DESCRIPTION"])
    assert "303 555 0177\nNext to the flower shop." in str(event["DESCRIPTION"])


def test_branch_without_coordinates_has_no_point_on_a_map(appointment, denver):
    nowhere = replace(denver, latitude=None, longitude=None)

    _, event = read(written(appointment(channel=Channel.BRANCH), branch=nowhere))

    assert "GEO" not in event
