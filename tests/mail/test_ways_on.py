"""Where a mail leads: into the call, to another time, to a number, to a calendar."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from invo_booking.domain.appointment import Channel, Status
from invo_booking.mail.messages import MailKind, compose_mail
from tests.mail.conftest import Elements

ROOM = "https://booking.harbor.example/a/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6/room"
AGAIN = "https://booking.harbor.example/schedule?answer=1&language=en"
LIVE = (MailKind.CONFIRMED, MailKind.CHANGED, MailKind.AGENT, MailKind.REMINDER)
WAITING = {
    "status": Status.REQUESTED,
    "confirmed_at": None,
    "confirm_by": datetime(2026, 11, 22, 15, 34, tzinfo=UTC),
}


@pytest.mark.parametrize("locale", ["en-US", "es-ES", "fr-FR", "pl-PL"])
@pytest.mark.parametrize("kind", LIVE)
def test_mail_about_a_live_appointment_leads_to_all_that_can_be_done(
    appointment, facts, kind, locale
):
    known = facts(appointment(locale=locale), room_url=ROOM)

    mail = compose_mail(kind, known)

    page = known.status_url
    ways = [ROOM, page, f"{page}?open=move", f"{page}?open=cancel"]
    assert set(ways) <= set(Elements(mail.html).links)
    assert all(f"\n{it}\n" in mail.text for it in ways)


def test_reminder_of_a_call_asks_first_to_join(appointment, facts):
    reminded = compose_mail(MailKind.REMINDER, facts(appointment(), room_url=ROOM))
    by_phone = facts(appointment(channel=Channel.PHONE))

    assert Elements(reminded.html).links[0] == ROOM
    assert "Join the call:\n" in reminded.text
    called = compose_mail(MailKind.REMINDER, by_phone)
    assert Elements(called.html).links[0] == by_phone.status_url


@pytest.mark.parametrize("kind", [MailKind.CANCELLED, MailKind.EXPIRED, MailKind.LATE])
def test_mail_about_what_is_over_asks_to_book_again(appointment, facts, kind):
    gone = facts(appointment(status=Status.CANCELLED), again_url=AGAIN)

    mail = compose_mail(kind, gone)

    assert Elements(mail.html).links == [AGAIN]
    assert f"Book again:\n{AGAIN}" in mail.text
    assert "View status" not in mail.text


def test_unproven_request_leads_to_its_confirmation_alone(appointment, facts):
    asked = facts(appointment(**WAITING), room_url=ROOM, again_url=AGAIN)

    assert Elements(compose_mail(MailKind.REQUESTED, asked).html).links == [
        asked.status_url
    ]


@pytest.mark.parametrize("kind", list(MailKind))
def test_number_of_the_institution_can_be_pressed_in_every_mail(
    appointment, facts, kind
):
    mail = compose_mail(kind, facts(appointment()))

    assert 'href="tel:3125550100"' in mail.html
    assert "Call 312 555 0100." in mail.text


def test_number_that_the_customer_calls_can_be_pressed(appointment, facts):
    ours = facts(appointment(channel=Channel.PHONE), customer_calls=True)

    html = compose_mail(MailKind.CONFIRMED, ours).html

    assert html.count('href="tel:3125550100"') == 2


def test_confirmation_offers_calendars_without_a_secret(appointment, facts):
    known = facts(appointment(), room_url=ROOM)

    links = Elements(compose_mail(MailKind.CONFIRMED, known).html).links

    google, outlook = (it for it in links if "calendar" in it)
    asked = parse_qs(urlsplit(google).query)
    assert urlsplit(google).netloc == "calendar.google.com"
    assert asked["dates"] == ["20261124T161500Z/20261124T164500Z"]
    assert asked["text"] == ["Mortgage advice, Harbor Federal Credit Union"]
    assert "With: Marcus Bell" in asked["details"][0]
    asked = parse_qs(urlsplit(outlook).query)
    assert urlsplit(outlook).netloc == "outlook.office.com"
    assert asked["startdt"] == ["2026-11-24T16:15:00Z"]
    assert asked["enddt"] == ["2026-11-24T16:45:00Z"]
    assert "/a/" not in unquote(google + outlook)
    assert "Ana" not in unquote(google + outlook)


@pytest.mark.parametrize("kind", [it for it in MailKind if it != MailKind.CONFIRMED])
def test_only_a_confirmation_offers_calendars(appointment, facts, kind):
    assert "calendar.google" not in compose_mail(kind, facts(appointment())).html


def test_calendars_are_not_offered_where_the_host_invites(appointment, facts):
    invited = facts(appointment(), is_invited_by_host=True)

    assert "calendar.google" not in compose_mail(MailKind.CONFIRMED, invited).html


@pytest.mark.parametrize("kind", list(MailKind))
def test_name_of_a_queue_is_in_no_mail(appointment, facts, kind):
    mail = compose_mail(kind, facts(appointment()))

    assert "Home lending" not in mail.text + mail.html + mail.ics


def test_another_adviser_is_in_the_customers_calendar_too(appointment, facts):
    served = facts(appointment(sequence=2), agent_name="Dana Cole")

    mail = compose_mail(MailKind.AGENT, served)

    assert mail.ics_method == "REQUEST"
    assert "With: Dana Cole" in mail.ics
    assert "SEQUENCE:2" in mail.ics
