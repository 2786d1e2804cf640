"""What every mail says, to whom it says what, and what nobody can make it say."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from invo_booking.domain.appointment import CancelledBy, Channel, Status
from invo_booking.domain.interval import Interval
from invo_booking.mail.messages import MailKind, compose_mail, letter_link_label
from tests.mail.conftest import Elements

CHICAGO = "America/Chicago"
ONE_APPOINTMENT = [kind for kind in MailKind if kind is not MailKind.LINKS]
WAITING = {
    "status": Status.REQUESTED,
    "confirmed_at": None,
    "confirm_by": datetime(2026, 11, 22, 15, 34, tzinfo=UTC),
}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2013", "-")


def test_request_asks_to_confirm_on_the_status_page_before_the_deadline(
    appointment, facts
):
    asked = facts(appointment(**WAITING))

    mail = compose_mail(MailKind.REQUESTED, asked)

    assert mail.subject == "Please confirm: Mortgage advice, Tue, Nov 24, 10:15 AM"
    assert Elements(mail.html).links == [asked.status_url]
    assert "Confirm the appointment" in mail.html
    assert asked.status_url in mail.text
    assert "by 9:34 AM, Central Standard Time (Chicago)." in plain(mail.text)
    assert mail.ics == mail.ics_method == ""


def test_deadline_on_another_day_says_the_day(appointment, facts):
    tomorrow = WAITING["confirm_by"] + timedelta(days=1)

    mail = compose_mail(
        MailKind.REQUESTED, facts(appointment(**WAITING | {"confirm_by": tomorrow}))
    )

    assert "by Monday, November 23, 2026, 9:34 AM" in plain(mail.text)


def test_request_without_a_deadline_names_none(appointment, facts):
    mail = compose_mail(
        MailKind.REQUESTED, facts(appointment(**WAITING | {"confirm_by": None}))
    )

    assert "Please do so by" not in mail.text


def test_confirmation_says_when_how_with_whom_and_what_to_bring(appointment, facts):
    mail = compose_mail(MailKind.CONFIRMED, facts(appointment()))

    for shown in (plain(mail.text), plain(mail.html)):
        assert "Tuesday, November 24, 2026" in shown
        assert "10:15 - 10:45 AM" in shown
        assert "Central Standard Time (Chicago)" in shown
        assert "Marcus Bell" in shown
        assert "Video call" in shown
        assert "Your last two pay slips" in shown
        assert "312 555 0100" in shown
        assert "View status" in shown


def test_confirmation_carries_an_invitation_for_the_same_instants(appointment, facts):
    mail = compose_mail(MailKind.CONFIRMED, facts(appointment()))

    (event,) = Calendar.from_ical(mail.ics).walk("VEVENT")
    assert mail.ics_method == "REQUEST"
    assert event.decoded("DTSTART") == datetime(2026, 11, 24, 16, 15, tzinfo=UTC)


@pytest.mark.parametrize("kind", ONE_APPOINTMENT)
def test_text_says_everything_the_html_says(appointment, facts, kind):
    mail = compose_mail(kind, facts(appointment(), reason="The branch is closed."))

    shown = {word.strip() for word in Elements(mail.html).words if word.strip()}
    shown.discard(mail.subject)
    text = " ".join(mail.text.split())
    for words in shown - {"Confirmed", "Changed", "Reminder", "Expired"}:
        assert " ".join(words.split()) in text or words in {
            "Waiting for you",
            "Cancelled",
            "Address changed",
        }


def test_institutions_time_is_said_when_the_customers_clock_differs(appointment, facts):
    mail = compose_mail(
        MailKind.CONFIRMED, facts(appointment(time_zone="America/New_York"))
    )

    text = plain(mail.text)
    assert "11:15 - 11:45 AM\n  Eastern Standard Time (New York)" in text
    assert "Our time:\n  10:15 - 10:45 AM, Central Standard Time (Chicago)" in text


def test_institutions_time_says_the_day_when_it_is_another(appointment, facts):
    late = appointment(
        time_zone="Europe/Warsaw",
        starts_at=datetime(2026, 11, 25, 0, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 25, 0, 30, tzinfo=UTC),
    )

    text = plain(compose_mail(MailKind.CONFIRMED, facts(late)).text)

    assert "When:\n  Wednesday, November 25, 2026\n  1:00 - 1:30 AM" in text
    assert "Our time:\n  Tuesday, November 24, 2026, 6:00 - 6:30 PM" in text


def test_one_clock_is_said_once(appointment, facts):
    assert "Our time" not in compose_mail(MailKind.CONFIRMED, facts(appointment())).text


def test_hour_that_comes_twice_shows_its_offset_everywhere(appointment, facts):
    second_half_past_one = appointment(
        starts_at=datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
        ends_at=datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
    )

    mail = compose_mail(MailKind.CONFIRMED, facts(second_half_past_one))

    assert "1:30 AM (GMT-06:00)" in plain(mail.text)
    assert mail.subject.endswith("1:30 AM (GMT-06:00)")
    assert "DTSTART:20261101T073000Z" in mail.ics


def test_change_shows_what_was_and_updates_the_calendar(appointment, facts):
    moved = appointment(sequence=1)
    before = Interval(
        moved.starts_at - timedelta(days=1), moved.ends_at - timedelta(days=1)
    )

    mail = compose_mail(MailKind.CHANGED, facts(moved, previous=before))

    assert "Before:\n  Monday, November 23, 2026, 10:15" in plain(mail.text)
    assert "line-through" in mail.html
    assert "SEQUENCE:1" in mail.ics


def test_moved_request_still_asks_to_confirm(appointment, facts):
    mail = compose_mail(MailKind.CHANGED, facts(appointment(**WAITING)))

    assert "Confirm the appointment" in mail.text
    assert "by 9:34 AM" in plain(mail.text)
    assert mail.ics == ""


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        (CancelledBy.CUSTOMER, "You cancelled this appointment."),
        (CancelledBy.STAFF, "We had to cancel this appointment."),
        (CancelledBy.PROVIDER, "We had to cancel this appointment."),
        (None, "This appointment does not take place."),
    ],
)
def test_cancellation_says_by_whom_and_why(appointment, facts, by, sentence):
    gone = appointment(status=Status.CANCELLED, cancelled_by=by)

    mail = compose_mail(MailKind.CANCELLED, facts(gone, reason="Marcus is\nunwell."))

    assert sentence in mail.text
    assert "Reason:\n  Marcus is unwell." in mail.text
    assert mail.ics_method == "CANCEL"
    assert "STATUS:CANCELLED" in mail.ics


@pytest.mark.parametrize("kind", [MailKind.CANCELLED, MailKind.EXPIRED])
def test_what_was_never_confirmed_is_not_taken_out_of_a_calendar(
    appointment, facts, kind
):
    gone = appointment(status=Status.EXPIRED, confirmed_at=None)

    assert compose_mail(kind, facts(gone)).ics == ""


def test_expiry_after_a_confirmation_takes_the_event_away(appointment, facts):
    gone = appointment(status=Status.EXPIRED)

    assert compose_mail(MailKind.EXPIRED, facts(gone)).ics_method == "CANCEL"


def test_late_mail_says_we_waited(appointment, facts):
    gone = appointment(status=Status.CANCELLED, cancelled_by=CancelledBy.LATE)

    mail = compose_mail(MailKind.LATE, facts(gone))

    assert mail.subject.startswith("We missed you")
    assert mail.ics_method == "CANCEL"


def test_links_mail_lists_every_link_and_no_button(appointment, facts):
    links = (
        ("Mortgage advice, Nov 24", "https://booking.harbor.example/a/one"),
        ("Open an account, Nov 27", "https://booking.harbor.example/a/two"),
    )

    mail = compose_mail(MailKind.LINKS, facts(appointment(), links=links))

    assert Elements(mail.html).links == [url for _, url in links]
    for label, url in links:
        assert f"{label}\n{url}" in mail.text


def test_link_is_called_by_what_and_when_on_the_customers_clock(appointment):
    assert (
        letter_link_label(appointment(), CHICAGO)
        == "Mortgage advice, Tue, Nov 24, 10:15 AM"
    )
    assert (
        letter_link_label(
            appointment(locale="en-GB", time_zone="Europe/London"), CHICAGO
        )
        == "Mortgage advice, Tue 24 Nov, 16:15"
    )


def test_phone_call_names_the_number_that_is_called(appointment, facts):
    called = facts(appointment(channel=Channel.PHONE))
    unknown = facts(appointment(channel=Channel.PHONE, phone=""))

    assert (
        "We call you at +1 312-555-0142."
        in compose_mail(MailKind.CONFIRMED, called).text
    )
    assert "We call you.\n" in compose_mail(MailKind.CONFIRMED, unknown).text


def test_unassigned_appointment_names_nobody(appointment, facts):
    mail = compose_mail(MailKind.CONFIRMED, facts(appointment(), agent_name=""))

    assert "With" not in mail.text


def test_language_of_the_meeting_is_said_when_it_is_not_that_of_the_mail(
    appointment, facts
):
    spanish = compose_mail(MailKind.CONFIRMED, facts(appointment(language="es")))
    english = compose_mail(MailKind.CONFIRMED, facts(appointment(language="en")))

    assert "Language:\n  Spanish" in spanish.text
    assert "Language:" not in english.text


@pytest.mark.parametrize(
    ("locale", "day"),
    [
        ("en-GB", "Tuesday, 24 November 2026"),
        ("sv-SE", "Tuesday, 24 November 2026"),
        ("tlh", "Tuesday, November 24, 2026"),
        ("../../x", "Tuesday, November 24, 2026"),
        ("", "Tuesday, November 24, 2026"),
    ],
)
def test_locale_without_words_gets_english_dates_of_its_country(
    appointment, facts, locale, day
):
    assert (
        day in compose_mail(MailKind.CONFIRMED, facts(appointment(locale=locale))).text
    )


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "{{7*7}}",
    "{% for x in y %}",
    "{name.__class__}",
    "${7*7}",
    "%(name)s",
    "[x](javascript:alert(1))",
]


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("kind", list(MailKind))
def test_typed_text_is_inert_in_every_mail(appointment, facts, kind, typed):
    innocent = facts(appointment(), links=(("A", "https://b.example/a/1"),))
    hostile = replace(
        innocent,
        appointment=appointment(name=typed, title=typed, notes=typed),
        institution=replace(innocent.institution, name=typed, phone=typed),
        agent_name=typed,
        queue_name=typed,
        documents=(typed,),
        reason=typed,
        links=((typed, "https://b.example/a/1"),),
    )

    mail = compose_mail(kind, hostile)

    seen, expected = (
        Elements(mail.html),
        Elements(compose_mail(kind, innocent).html),
    )
    assert set(seen.tags) <= set(expected.tags)
    assert not [n for n, _ in seen.attributes if n.startswith("on")]
    places = [
        [it.partition("?")[0] for it in found.links] for found in (seen, expected)
    ]
    assert places[0] == places[1]
    assert all(re.fullmatch(r"https://\S+|tel:\+?\d*", it) for it in seen.hrefs)
    assert typed in mail.text
    assert "49" not in re.sub(r"[\w.-]+@|/a/\w+", "", mail.subject)


@pytest.mark.parametrize("kind", list(MailKind))
def test_subject_is_one_short_line_whatever_is_typed(appointment, facts, kind):
    long = "Bob\r\nBcc: x@evil.example\u2028" * 20

    subject = compose_mail(
        kind, facts(appointment(title=long), institution_name=long)
    ).subject

    assert len(subject) <= 120
    assert len(subject.splitlines()) == 1


@pytest.mark.parametrize(
    "name", ["Free money www.evil.example", "https://evil.example", "a@evil.example"]
)
def test_name_that_reads_as_an_address_greets_nobody(appointment, facts, name):
    asked = compose_mail(MailKind.REQUESTED, facts(appointment(**WAITING, name=name)))
    proven = compose_mail(MailKind.CONFIRMED, facts(appointment(name=name)))

    for mail in (asked, proven):
        assert "evil" not in mail.text + mail.html + mail.subject
        assert "Hello,\n" in mail.text


def test_notes_are_never_mailed(appointment, facts):
    mail = compose_mail(MailKind.CONFIRMED, facts(appointment(notes="buy cheap pills")))

    assert "pills" not in mail.text + mail.html + mail.ics


def test_ordinary_names_are_greeted(appointment, facts):
    for name in ("Ana Lima", "J. R. O'Neill-Núñez", "王小明"):
        mail = compose_mail(MailKind.CONFIRMED, facts(appointment(name=name)))
        assert f"Hello {name}," in mail.text


@pytest.mark.parametrize("kind", list(MailKind))
def test_mail_loads_nothing_from_anywhere(appointment, facts, kind):
    html = compose_mail(kind, facts(appointment())).html

    seen = Elements(html)
    assert not {"img", "link", "script", "iframe", "form", "object"} & set(seen.tags)
    assert "url(" not in html
    assert "@import" not in html
