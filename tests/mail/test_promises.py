"""Mails promise only what they bring, and what their appointment allows."""

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.mail.messages import MailKind, compose_mail


@pytest.mark.parametrize("locale", ["en-US", "es-ES"])
@pytest.mark.parametrize("kind", [MailKind.CONFIRMED, MailKind.CHANGED])
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
    agreed = facts(appointment(channel=channel, locale=locale))

    text = compose_mail(MailKind.CONFIRMED, agreed).text

    may_join = "join the call" in text or "unirse a la llamada" in text
    assert may_join == (channel is Channel.VIDEO)
