"""Add mails to staff that are about the product and not about an appointment."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from invo_booking.domain.access.roles import ADMINISTRATORS
from invo_booking.domain.institution import Person
from invo_booking.persistence.outbox import ADMINISTRATOR, NOTICE
from invo_booking.persistence.unit_of_work import UnitOfWork


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


def notice_reader(work: UnitOfWork, payload: Mapping[str, Any]) -> str:
    """Return the address a notice is sent to; empty if nobody is to get it any more.

    A mail may wait for weeks. So a mail to an administrator goes to the person's
    current address, and is not sent to people who were disabled or are no longer
    administrators.
    """
    if ADMINISTRATOR not in payload:
        return payload["to"]
    person = work.roster.people.get(UUID(payload[ADMINISTRATOR]))
    return person.email if person and administrators([person]) else ""


def administrators(people: Iterable[Person]) -> list[Person]:
    """Return the people who are active administrators with an e-mail address."""
    return [p for p in people if p.active and p.email and p.roles & ADMINISTRATORS]
