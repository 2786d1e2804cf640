"""Mails promise only what they bring, and what their appointment allows."""

import pytest

from invo_booking.domain.appointment import Channel, Status
from invo_booking.mail.messages import MailKind, compose_mail

ROOM = "https://booking.harbor.example/a/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6/room"


@pytest.mark.parametrize("locale", ["en-US", "es-ES"])
@pytest.mark.parametrize("kind", [MailKind.CONFIRMED, MailKind.CHANGED, MailKind.AGENT])
def test_mail_speaks_of_its_invitation_only_where_it_brings_one(
    appointment, facts, kind, locale
):
    words = {"en-US": "in this mail", "es-ES": "de este correo"}[locale]
    agreed = facts(appointment(locale=locale))
    invited = facts(appointment(locale=locale), is_invited_by_host=True)

    own, hosts = compose_mail(kind, agreed), compose_mail(kind, invited)

    assert (own.ics_method, words in own.text) == ("REQUEST", True)
    assert (hosts.ics, words in hosts.text) == ("", False)


@pytest.mark.parametrize("locale", ["en-US", "es-ES"])
@pytest.mark.parametrize("channel", Channel)
def test_only_video_appointments_can_be_joined(appointment, facts, channel, locale):
    room = ROOM if channel is Channel.VIDEO else ""
    agreed = facts(appointment(channel=channel, locale=locale), room_url=room)

    text = compose_mail(MailKind.CONFIRMED, agreed).text

    may_join = "join the call" in text or "unirse a la llamada" in text
    assert may_join == (ROOM in text) == (channel is Channel.VIDEO)


@pytest.mark.parametrize("locale", ["en-US", "es-ES"])
def test_video_call_without_a_room_promises_a_link_and_nothing_to_join(
    appointment, facts, locale
):
    text = compose_mail(MailKind.CONFIRMED, facts(appointment(locale=locale))).text

    assert "sends you the link" in text or "enviará el enlace" in text
    assert "join the call" not in text
    assert "unirse" not in text


@pytest.mark.parametrize("kind", [MailKind.CONFIRMED, MailKind.REMINDER])
def test_mail_leads_to_the_room_where_there_is_one(appointment, facts, kind):
    mail = compose_mail(kind, facts(appointment(), room_url=ROOM))

    assert "Join the call" in mail.html
    assert f'href="{ROOM}"' in mail.html


def test_mail_to_an_unproven_address_leads_to_no_room(appointment, facts):
    asked = appointment(status=Status.REQUESTED, confirmed_at=None)

    mail = compose_mail(MailKind.REQUESTED, facts(asked, room_url=ROOM))

    assert ROOM not in mail.text + mail.html


@pytest.mark.parametrize(
    ("calls_us", "words"),
    [(False, "We call you at +1 312-555-0142."), (True, "call us at 312 555 0100.")],
)
def test_mail_about_a_phone_call_says_who_calls_whom(
    appointment, facts, calls_us, words
):
    agreed = facts(appointment(channel=Channel.PHONE), customer_calls=calls_us)

    assert words in compose_mail(MailKind.CONFIRMED, agreed).text


@pytest.mark.parametrize("calls_us", [False, True])
def test_phone_number_is_never_broken_over_two_lines(appointment, facts, calls_us):
    agreed = facts(appointment(channel=Channel.PHONE), customer_calls=calls_us)

    html = compose_mail(MailKind.CONFIRMED, agreed).html

    number = "312 555 0100" if calls_us else "+1 312-555-0142"
    parts = html.split(number)
    assert len(parts) > 1
    assert all(it.endswith(('nowrap">', "tel:")) for it in parts[:-1])
