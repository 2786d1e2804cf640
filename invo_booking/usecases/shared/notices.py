"""Mail staff about the product itself; text is frozen when added, readers are not."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from invo_booking.domain.access.roles import ADMINISTRATORS
from invo_booking.domain.institution import Person
from invo_booking.persistence.outbox import NOTICE
from invo_booking.persistence.unit_of_work import UnitOfWork

ADMINISTRATOR = "administrator"
"""In a mail that waits: the id of whom it is for."""


def add_notice(
    work: UnitOfWork, to: str, subject: str, text: str, now: datetime
) -> None:
    """Add a plain mail to one person, in this transaction."""
    work.outbox.add(NOTICE, {"to": to, "subject": subject, "text": text}, now=now)


def tell_administrators(
    work: UnitOfWork, subject: str, text: str, now: datetime
) -> None:
    """Add the same mail to every active administrator and super admin."""
    for person in administrators(work.roster.people.values()):
        said = {"to": person.email, "subject": subject, "text": text}
        work.outbox.add(NOTICE, said | {ADMINISTRATOR: str(person.id)}, now=now)


def notice_reader(work: UnitOfWork, payload: Mapping[str, Any]) -> str:
    """Return the address a mail to staff is sent to now; empty for nobody any more.

    Mail may wait for weeks: one to an administrator goes to the address of today, and
    to nobody who is disabled or administers no more.
    """
    if ADMINISTRATOR not in payload:
        return payload["to"]
    person = work.roster.people.get(UUID(payload[ADMINISTRATOR]))
    return person.email if person and administrators([person]) else ""


def administrators(people: Iterable[Person]) -> list[Person]:
    """Return those who can do something about it."""
    return [p for p in people if p.active and p.email and p.roles & ADMINISTRATORS]
