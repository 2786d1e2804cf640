"""Mail through a real server on loopback, and what becomes of its refusals."""

import ssl
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar

from invo_booking.domain.errors import (
    MailPermanentError,
    MailServerError,
    MailTemporaryError,
)
from invo_booking.mail.messages import MailKind, compose_mail
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.mail.smtp import SmtpMailer
from tests.support.unkind_mail import signing_in

NOW = datetime(2026, 11, 22, 15, 4, 30, tzinfo=UTC)


def outgoing(**changes) -> OutgoingMail:
    known = {
        "message_id": "<018f3c5e-1@invo-booking>",
        "sender": "appointments@harbor.example",
        "sender_name": "Harbor Federal Credit Union",
        "reply_to": "help@harbor.example",
        "to": "ana@customer.example",
        "subject": "Confirmed: Mortgage advice",
        "text": "Hello Ana,\n\nyour appointment is confirmed. Dziękuję.\n",
        "html": "<p>Hello Ana</p>",
    }
    return OutgoingMail(**known | changes)


def sent(server, mail_config, mail, **variables):
    SmtpMailer(mail_config(server.port, **variables), now=lambda: NOW).send(mail)
    (envelope,) = server.received
    return envelope, message_from_bytes(envelope.content, policy=default)


def test_mail_arrives_with_text_html_and_invitation(
    mail_server, mail_config, appointment, facts
):
    words = compose_mail(MailKind.CONFIRMED, facts(appointment()))
    mail = outgoing(
        subject=words.subject,
        text=words.text,
        html=words.html,
        ics=words.ics,
        ics_method=words.ics_method,
    )

    envelope, message = sent(mail_server, mail_config, mail)

    assert envelope.mail_from == "appointments@harbor.example"
    assert envelope.rcpt_tos == ["ana@customer.example"]
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    parts = {part.get_content_type(): part for part in message.walk()}
    assert parts["text/plain"].get_content().split("\r\n") == words.text.split("\n")
    assert parts["text/html"].get_content().split("\r\n") == words.html.split("\n")
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    for kind in ("text/calendar", "application/ics"):
        invitation = Calendar.from_ical(parts[kind].get_payload(decode=True))
        assert invitation == Calendar.from_ical(words.ics)


def test_headers_are_what_was_asked_for_and_no_line_is_too_long(
    mail_server, mail_config
):
    envelope, message = sent(mail_server, mail_config, outgoing())

    assert message["Message-ID"] == "<018f3c5e-1@invo-booking>"
    assert message["From"] == (
        "Harbor Federal Credit Union <appointments@harbor.example>"
    )
    assert message["To"] == "ana@customer.example"
    assert message["Reply-To"] == "help@harbor.example"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert max(map(len, envelope.content.split(b"\r\n"))) <= 998
    assert envelope.content.isascii()


@pytest.mark.parametrize("field", ["sender_name", "subject", "message_id"])
@pytest.mark.parametrize(
    "break_",
    ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\x00\r\n", "\r\n\r\n"],
)
def test_line_break_in_a_header_adds_no_header_and_no_recipient(
    mail_server, mail_config, field, break_
):
    typed = f"Bob{break_}Bcc: x@evil.example{break_}X-Evil: 1"

    envelope, message = sent(mail_server, mail_config, outgoing(**{field: typed}))

    assert envelope.rcpt_tos == ["ana@customer.example"]
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message["To"] == "ana@customer.example"
    assert message.get_body(("plain",)).get_content().startswith("Hello Ana,")


@pytest.mark.parametrize("typed", ["Bob\r\nBcc: x@evil.example", "Ana\r\n.\r\nQUIT"])
def test_line_break_in_what_a_customer_typed_stays_in_the_body(
    mail_server, mail_config, appointment, facts, typed
):
    hostile = facts(
        appointment(name=typed, title=typed), institution_name=typed, reason=typed
    )
    words = compose_mail(MailKind.CONFIRMED, hostile)
    mail = outgoing(
        sender_name=typed,
        subject=words.subject,
        text=words.text,
        html=words.html,
        ics=words.ics,
        ics_method=words.ics_method,
    )

    envelope, message = sent(mail_server, mail_config, mail)

    assert envelope.rcpt_tos == ["ana@customer.example"]
    assert message["Bcc"] is None
    (event,) = Calendar.from_ical(words.ics).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:ana@customer.example"


@pytest.mark.parametrize(
    "address",
    [
        "ana@customer.example\r\nBcc: x@evil.example",
        "ana@customer.example, x@evil.example",
        "ana@customer.example>\r\nRCPT TO:<x@evil.example",
        "Ana <ana@customer.example>",
        "no address",
    ],
)
@pytest.mark.parametrize("field", ["to", "sender", "reply_to"])
def test_what_is_no_single_address_is_refused_for_good(
    mail_server, mail_config, field, address
):
    with pytest.raises(MailPermanentError):
        sent(mail_server, mail_config, outgoing(**{field: address}))

    assert mail_server.received == []


def test_mail_to_nobody_is_refused_for_good(mail_server, mail_config):
    with pytest.raises(MailPermanentError):
        sent(mail_server, mail_config, outgoing(to=""))


def test_names_of_every_script_arrive_as_written(mail_server, mail_config):
    _, message = sent(
        mail_server,
        mail_config,
        outgoing(sender_name="Żółw, „Bank” 王", subject="Grüße 👋"),
    )

    assert message["From"].addresses[0].display_name == "Żółw, „Bank” 王"
    assert message["Subject"] == "Grüße 👋"


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["421 Later", "450 Busy", "451 Try again", "452 No"])
def test_server_that_asks_for_patience_is_asked_again(
    mail_server, mail_config, stage, answer
):
    mail_server.answers[stage] = answer

    with pytest.raises(MailTemporaryError, match=answer.split()[1]):
        sent(mail_server, mail_config, outgoing())


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["550 No such user", "552 Too big", "553 Bad name"])
def test_recipient_refused_for_good_is_not_tried_again(
    mail_server, mail_config, stage, answer
):
    mail_server.answers[stage] = answer

    with pytest.raises(MailPermanentError, match=answer):
        sent(mail_server, mail_config, outgoing())


def test_server_that_refuses_us_is_asked_again(mail_server, mail_config):
    mail_server.answers["MAIL"] = "550 You may not send here"

    with pytest.raises(MailTemporaryError, match="550 You may not send here"):
        sent(mail_server, mail_config, outgoing())


def test_mail_taken_is_sent_however_the_line_ends(mail_server, mail_config):
    mail_server.answers["QUIT"] = "421 Shutting down"

    sent(mail_server, mail_config, outgoing())

    assert len(mail_server.received) == 1


def test_nobody_listening_is_temporary(mail_config, unused_port):
    with pytest.raises(MailTemporaryError, match="cannot be reached"):
        SmtpMailer(mail_config(unused_port)).send(outgoing())


def test_server_without_encryption_gets_no_mail_when_it_is_asked_for(
    mail_server, mail_config
):
    with pytest.raises(MailTemporaryError, match="STARTTLS"):
        sent(mail_server, mail_config, outgoing(), INVO_SMTP_SECURITY="starttls")

    assert mail_server.received == []


def test_server_without_sign_in_gets_no_mail_when_a_user_is_given(
    mail_server, mail_config
):
    with pytest.raises(MailTemporaryError):
        sent(
            mail_server,
            mail_config,
            outgoing(),
            INVO_SMTP_USER="bank",
            INVO_SMTP_PASSWORD="hidden",
        )

    assert mail_server.received == []


@pytest.mark.parametrize("ways", [("PLAIN",), ("LOGIN",), ("CRAM-MD5",)])
@pytest.mark.parametrize("password", ["Grüße-an-alle-7", "hidden", "zażółć 漢字"])
def test_name_and_password_may_have_any_letters(mail_config, ways, password):
    with signing_in(ways, "müller@bank.example", password) as there:
        mailer = SmtpMailer(
            mail_config(
                there.port,
                INVO_SMTP_USER="müller@bank.example",
                INVO_SMTP_PASSWORD=password,
            )
        )
        mailer.send(outgoing())

    assert len(there.letters) == 1


def test_refused_password_concerns_every_mail_and_is_in_no_message(mail_config):
    with signing_in(("PLAIN", "LOGIN"), "bank", "another") as there:
        mailer = SmtpMailer(
            mail_config(
                there.port, INVO_SMTP_USER="bank", INVO_SMTP_PASSWORD="pässwort"
            )
        )
        with pytest.raises(MailServerError, match="refused the user") as refused:
            mailer.send(outgoing())

    assert "pässwort" not in str(refused.value)
    assert there.letters == []


def test_server_that_signs_in_only_with_tokens_concerns_every_mail(mail_config):
    with signing_in(("XOAUTH2",), "bank", "hidden") as there:
        mailer = SmtpMailer(
            mail_config(there.port, INVO_SMTP_USER="bank", INVO_SMTP_PASSWORD="hidden")
        )
        with pytest.raises(MailServerError, match="sign-in with a password"):
            mailer.greet()


def test_name_of_ours_that_cannot_be_sent_concerns_every_mail(mail_config, mail_server):
    config = mail_config(mail_server.port)
    ours = config.model_copy(update={"public_url": "http://bücher.example"})

    with pytest.raises(MailServerError, match="cannot be sent"):
        SmtpMailer(ours).send(outgoing())


def test_plain_server_gets_no_mail_when_tls_is_asked_for(mail_server, mail_config):
    with pytest.raises(MailTemporaryError):
        sent(mail_server, mail_config, outgoing(), INVO_SMTP_SECURITY="tls")

    assert mail_server.received == []


def test_certificate_nobody_vouches_for_gets_no_mail(sealed_server, mail_config):
    with pytest.raises(MailTemporaryError, match="certificate"):
        sent(sealed_server, mail_config, outgoing(), INVO_SMTP_SECURITY="starttls")

    assert sealed_server.received == []


def test_certificate_of_a_trusted_authority_gets_mail(
    sealed_server, certificate, mail_config
):
    trust = ssl.create_default_context(cafile=str(certificate.public))
    mailer = SmtpMailer(
        mail_config(
            sealed_server.port,
            INVO_SMTP_HOST="localhost",
            INVO_SMTP_SECURITY="starttls",
        ),
        trust=trust,
    )

    mailer.send(outgoing())

    assert len(sealed_server.received) == 1


def test_certificate_of_another_host_gets_no_mail(
    sealed_server, certificate, mail_config
):
    trust = ssl.create_default_context(cafile=str(certificate.public))
    mailer = SmtpMailer(
        mail_config(sealed_server.port, INVO_SMTP_SECURITY="starttls"), trust=trust
    )

    with pytest.raises(MailTemporaryError, match="certificate"):
        mailer.send(outgoing())


def test_demo_mail_never_leaves_for_the_real_server(
    mail_server, mail_config, unused_port
):
    mailer = SmtpMailer(
        mail_config(
            mail_server.port, INVO_DEMO="true", INVO_DEMO_MAIL_PORT=str(unused_port)
        )
    )

    with pytest.raises(MailTemporaryError):
        mailer.send(outgoing())

    assert mail_server.received == []
