"""From a booking in the database to a mail on a real server, and into a calendar."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import uuid4

import pytest
from icalendar import Calendar

from invo_booking.domain.errors import InvalidInputError
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at, confirm


@pytest.fixture
def sending(deps, mail_config, mail_server):
    """The product's parts, sending to a real mail server."""
    return replace(deps, mailer=SmtpMailer(mail_config(mail_server.port)))


@pytest.fixture
def down(deps, mail_config, unused_port):
    """The same while the mail server is away."""
    return replace(deps, mailer=SmtpMailer(mail_config(unused_port)))


def request(bank, **fields) -> booking.BookingResult:
    return booking.request_appointment(
        bank.deps, bank.request(at(12), **fields), idempotency_key=str(uuid4())
    )


def received(mail_server) -> list[EmailMessage]:
    return [
        message_from_bytes(envelope.content, policy=default)
        for envelope in mail_server.received
    ]


def event_in(message: EmailMessage):
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            (event,) = calendar.walk("VEVENT")
            return calendar["METHOD"], event
    return "", None


def test_life_of_an_appointment_reaches_the_customers_calendar(
    bank, sending, mail_server, clock
):
    bank.agent()
    booked = request(bank)
    delivery.deliver_due_mails(sending)
    confirm(sending, booked.token)
    delivery.deliver_due_mails(sending)
    manage.reschedule_by_link(sending, booked.token, at(14))
    delivery.deliver_due_mails(sending)
    clock.advance(timedelta(minutes=5))
    manage.cancel_by_link(sending, booked.token)
    delivery.deliver_due_mails(sending)

    asked, *others = received(mail_server)
    assert event_in(asked) == ("", None)
    assert booked.token not in asked.get_body(("plain",)).get_content()
    events = [event_in(message) for message in others]
    assert [method for method, _ in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["UID"] for _, event in events}) == 1
    assert [event["SEQUENCE"] for _, event in events] == [0, 1, 2]
    assert events[1][1].decoded("DTSTART") == at(14)
    assert len({message["Message-ID"] for message in received(mail_server)}) == 4


def test_mail_server_that_was_down_gets_each_mail_once_and_in_order(
    bank, down, sending, mail_server, clock
):
    bank.agent()
    booked = request(bank)
    confirm(down, booked.token)
    manage.reschedule_by_link(down, booked.token, at(14))
    for _ in range(6):
        assert delivery.deliver_due_mails(down).sent == 0
        clock.advance(timedelta(minutes=10))

    for _ in range(3):
        delivery.deliver_due_mails(sending)
        clock.advance(timedelta(hours=1))

    subjects = [message["Subject"] for message in received(mail_server)]
    assert [subject.partition(":")[0] for subject in subjects] == [
        "Confirmed",
        "Changed",
    ], "once each and in order; the request is past its use by then"


@pytest.mark.parametrize(
    "name",
    [
        "Bob\r\nBcc: x@evil.example",
        "Bob\nX-Evil: 1",
        "<img src=x onerror=alert(1)>",
        "{{7*7}} ${7*7} {% raw %}",
        'Bob"; X="1\\',
        "\u202egnp.exe",
        "Bob\u2028Bcc: x@evil.example",
        "Zoë 王 👋🏽" * 8,
    ],
)
def test_hostile_name_is_refused_or_mailed_inert_and_blocks_nothing(
    bank, sending, mail_server, name
):
    bank.agent()
    with suppress(InvalidInputError):
        booked = request(bank, name=name, notes=name)
        confirm(sending, booked.token)
    delivery.deliver_due_mails(sending)

    for envelope, message in zip(
        mail_server.received, received(mail_server), strict=True
    ):
        assert envelope.rcpt_tos == ["rosa@example.com"]
        assert message["Bcc"] is None
        assert message["X-Evil"] is None
        assert "<img" not in message.get_body(("html",)).get_content()
    with sending.unit_of_work() as work:
        assert work.outbox.lease(at(20), timedelta(minutes=1)) is None
