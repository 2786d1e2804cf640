"""Queue mails to staff that are about the product and not about an appointment."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from invo_booking.domain.access.roles import ADMINISTRATORS
from invo_booking.domain.institution import Person
from invo_booking.persistence.outbox import ADMINISTRATOR, NOTICE, OutboxMessage
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say

UNFORESEEN = "unforeseen"
"""Name of the incident in which messages fail repeatedly for unforeseen reasons."""

UNFORESEEN_TRIES = 3
"""Number of failed tries of one message after which an unforeseen error is reported."""

UNFORESEEN_LASTS = timedelta(hours=2)
"""Time without an unforeseen error after which the incident is over. Failed messages
are tried again within an hour, so an incident does not end while its cause lasts."""

_UNFORESEEN_TEXT = "upkeep.unforeseen.mail_body"


def add_notice(
    work: UnitOfWork, to: str, subject: str, text: str, now: datetime
) -> None:
    """Add a plain-text mail to one person to the outbox, in this transaction."""
    work.outbox.add(NOTICE, {"to": to, "subject": subject, "text": text}, now=now)


def notify_administrators(
    work: UnitOfWork, subject: str, text: str, now: datetime
) -> None:
    """Add the same mail to each active administrator and super admin."""
    for person in administrators(work.roster.people.values()):
        payload = {"to": person.email, "subject": subject, "text": text}
        work.outbox.add(NOTICE, payload | {ADMINISTRATOR: str(person.id)}, now=now)


def report_unforeseen_error(
    work: UnitOfWork, message: OutboxMessage, kind: str, now: datetime
) -> None:
    """Mail administrators if a message failed several times with an unforeseen error.

    The product tries to send such messages for days before it gives up. No other alert
    reports these messages, because no server or provider is at fault. Administrators
    are mailed once for each incident.

    Args:
        kind: Name of the error's class. The error's message is not passed, because
            messages may contain personal data.
    """
    if message.attempts < UNFORESEEN_TRIES or not work.is_set_up:
        return
    if work.incidents.record(UNFORESEEN, now, UNFORESEEN_LASTS):
        text = say(_UNFORESEEN_TEXT, kind=kind, tries=message.attempts)
        subject = say("upkeep.unforeseen.mail_subject")
        notify_administrators(work, subject, text, now)


def unforeseen_trouble(work: UnitOfWork, now: datetime) -> str:
    """Return a sentence if messages fail for unforeseen reasons; empty otherwise."""
    seen_at = work.incidents.last_seen_at(UNFORESEEN)
    if seen_at is None or abs(now - seen_at) >= UNFORESEEN_LASTS:
        return ""
    return say("upkeep.unforeseen.trouble")


def notice_reader(work: UnitOfWork, payload: Mapping[str, Any]) -> str:
    """Return the address to which a notice is sent; empty if the notice is not needed.

    A mail may wait for weeks. So a mail to an administrator is sent to the person's
    current address. If the person was disabled or is no longer an administrator, the
    mail is not sent.
    """
    if ADMINISTRATOR not in payload:
        return payload["to"]
    person = work.roster.people.get(UUID(payload[ADMINISTRATOR]))
    return person.email if person and administrators([person]) else ""


def administrators(people: Iterable[Person]) -> list[Person]:
    """Return the people who are active administrators with an e-mail address."""
    return [p for p in people if p.active and p.email and p.roles & ADMINISTRATORS]
