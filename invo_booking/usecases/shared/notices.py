"""Mail staff about the product itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from invo_booking.domain.access.roles import ADMINISTRATORS
from invo_booking.domain.institution import Person
from invo_booking.persistence.outbox import NOTICE
from invo_booking.persistence.unit_of_work import UnitOfWork

ADMINISTRATOR = "administrator"
"""Payload key of a waiting mail: the recipient's id."""


def add_notice(
    work: UnitOfWork, to: str, subject: str, text: str, now: datetime
) -> None:
    """Add a plain mail to one person, in this transaction."""
    work.outbox.add(NOTICE, {"to": to, "subject": subject, "text": text}, now=now)


def notify_administrators(
    work: UnitOfWork, subject: str, text: str, now: datetime
) -> None:
    """Add the same mail for all active administrators and super admins."""
    for person in administrators(work.roster.people.values()):
        payload = {"to": person.email, "subject": subject, "text": text}
        work.outbox.add(NOTICE, payload | {ADMINISTRATOR: str(person.id)}, now=now)


def notice_reader(work: UnitOfWork, payload: Mapping[str, Any]) -> str:
    """Return the current address of a recipient; empty if there is none any more.

    Mail may wait for weeks, so it goes to the administrator's current address, and not
    to people who are disabled or no longer administer.
    """
    if ADMINISTRATOR not in payload:
        return payload["to"]
    person = work.roster.people.get(UUID(payload[ADMINISTRATOR]))
    return person.email if person and administrators([person]) else ""


def administrators(people: Iterable[Person]) -> list[Person]:
    """Return the active administrators."""
    return [p for p in people if p.active and p.email and p.roles & ADMINISTRATORS]
