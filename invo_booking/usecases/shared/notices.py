"""Mails to staff about the product itself, frozen when promised."""

from collections.abc import Iterable
from datetime import datetime

from invo_booking.domain.access.roles import ADMINISTRATORS
from invo_booking.domain.institution import Person
from invo_booking.persistence.outbox import NOTICE
from invo_booking.persistence.unit_of_work import UnitOfWork


def promise(work: UnitOfWork, to: str, subject: str, text: str, now: datetime) -> None:
    """Promise one person a plain mail, in this transaction."""
    work.outbox.add(NOTICE, {"to": to, "subject": subject, "text": text}, now=now)


def tell_administrators(
    work: UnitOfWork, subject: str, text: str, now: datetime
) -> None:
    """Promise every active administrator and super admin the same mail."""
    for person in administrators(work.roster.people.values()):
        promise(work, person.email, subject, text, now)


def administrators(people: Iterable[Person]) -> list[Person]:
    """Return those who can do something about it."""
    return [p for p in people if p.active and p.email and p.roles & ADMINISTRATORS]
