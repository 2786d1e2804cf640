"""Mails to customers: every text can be in another language."""

import re

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.mail.messages import MailKind, compose_mail
from invo_booking.mail.words import mail_words
from tests.mail.conftest import HARBOR, Elements
from tests.support.pseudo_language import PseudoReader

READER = PseudoReader(mail_words("en").catalogue)
OWN = {
    HARBOR.name,
    HARBOR.phone,
    "+1 312-555-0142",
    "Mortgage advice",
    "Marcus Bell",
    "Photo ID",
    "Your last two pay slips",
    "Typed.",
}
"""What the bank, staff or a customer has typed."""

DATE = re.compile(
    r"""(?x) Tuesday,\ November\ 24,\ 2026 | 10:15\ \u2013\ 10:45\u00a0AM
    | Central\ Standard\ Time\ \(Chicago\) | \W*"""
)


def is_known(text):
    """Whether a text is in the catalogue, or several are that follow one another."""
    if text in OWN or DATE.fullmatch(text) or READER.read(text):
        return True
    ends = [it.end() for it in re.finditer(r"\. ", text)]
    return any(READER.read(text[:end]) and is_known(text[end:]) for end in ends)


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("kind", list(MailKind))
def test_every_text_of_a_mail_is_in_a_catalogue(appointment, facts, kind, channel):
    mail = compose_mail(kind, facts(appointment(channel=channel), reason="Typed."))

    words = {it.strip() for it in Elements(mail.html).words}
    assert [it for it in words if not is_known(it)] == []


def test_text_outside_the_catalogue_is_not_known():
    assert not is_known("Sent by a colleague.")
    assert not is_known("Here is how it stands now. Sent by a colleague.")
