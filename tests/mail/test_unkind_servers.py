"""No mail server holds a process longer than a letter may take in all."""

import socket
import threading
import time

import pytest

from invo_booking.domain.errors import MailServerError
from invo_booking.mail import smtp
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.usecases.upkeep import delivery
from tests.mail.test_smtp import outgoing
from tests.support import unkind_mail
from tests.support.unkind_mail import unkind

SECONDS = 1.0
SLACK = 10.0
"""What a busy machine may add; who is not cut off takes twenty seconds or for ever."""

STARTTLS = {"INVO_SMTP_SECURITY": "starttls"}
TLS = {"INVO_SMTP_SECURITY": "tls"}
USER = {"INVO_SMTP_USER": "bank", "INVO_SMTP_PASSWORD": "hidden"}


def mailer(mail_config, port, **variables) -> SmtpMailer:
    return SmtpMailer(mail_config(port, **variables), seconds=SECONDS)


@pytest.mark.parametrize(
    ("treat", "variables"),
    [
        (unkind_mail.says_nothing, {}),
        (unkind_mail.drips_its_greeting, {}),
        (unkind_mail.never_ends_tls, STARTTLS),
        (unkind_mail.never_begins_tls, TLS),
        (unkind_mail.drips_its_greeting, TLS),
        (unkind_mail.drips_at_sign_in, USER),
        (unkind_mail.hangs_after_data, {}),
    ],
)
def test_no_server_holds_anybody_longer_than_a_letter_may_take(
    mail_config, treat, variables
):
    began = time.monotonic()
    with unkind(treat) as there, pytest.raises(MailServerError) as refusal:
        mailer(mail_config, there.port, **variables).send(outgoing())

    assert time.monotonic() - began < SECONDS + SLACK
    assert f"127.0.0.1, port {there.port}" in str(refusal.value)


def test_server_that_leaves_the_letter_in_the_line_is_cut_off(mail_config):
    letter = outgoing(text="x\n" * 4_000_000)
    began = time.monotonic()
    with (
        unkind(unkind_mail.reads_nothing_after_data) as there,
        pytest.raises(MailServerError),
    ):
        mailer(mail_config, there.port).send(letter)

    assert time.monotonic() - began < 100, "most of it for writing the letter down"


def test_server_that_greets_for_ten_megabytes_is_not_listened_to(mail_config):
    with unkind(unkind_mail.greets_for_ever) as there:
        began = time.monotonic()
        with pytest.raises(MailServerError, match="not respond like a mail server"):
            SmtpMailer(mail_config(there.port)).send(outgoing())

    assert time.monotonic() - began < smtp.LETTER_SECONDS - SLACK


def test_server_that_hangs_up_in_the_middle_gets_the_letter_again(mail_config):
    with (
        unkind(unkind_mail.closes_in_the_middle) as there,
        pytest.raises(MailServerError),
    ):
        mailer(mail_config, there.port).send(outgoing(text="x\n" * 1_000_000))


def test_letter_that_was_taken_is_sent_whatever_becomes_of_the_goodbye(
    mail_config, monkeypatch
):
    monkeypatch.setattr(smtp, "PARTING_SECONDS", 0.2)
    with unkind(unkind_mail.takes_it_and_hangs) as there:
        SmtpMailer(mail_config(there.port)).send(outgoing())

    assert len(there.letters) == 1


def test_looking_up_a_name_takes_no_longer_either(mail_config, monkeypatch):
    never = threading.Event()
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_args, **_named: [never.wait(20)][:0]
    )
    began = time.monotonic()
    with pytest.raises(MailServerError):
        mailer(mail_config, 25, INVO_SMTP_HOST="smtp.bank.example").send(outgoing())
    never.set()

    assert time.monotonic() - began < SECONDS + SLACK


def test_signing_in_to_look_is_bounded_as_well(mail_config):
    began = time.monotonic()
    with (
        unkind(unkind_mail.drips_its_greeting) as there,
        pytest.raises(MailServerError),
    ):
        mailer(mail_config, there.port).greet()

    assert time.monotonic() - began < SECONDS + SLACK


def test_a_letter_takes_thirty_seconds_at_most_and_its_lease_is_longer():
    assert smtp.LETTER_SECONDS == 30
    assert delivery.LEASE.total_seconds() >= 3 * smtp.LETTER_SECONDS
