"""Mail staff about the product itself; the text is frozen when it is added."""

from collections.abc import Iterable
from datetime import datetime

from invo_booking.domain.access.roles import ADMINISTRATORS
from invo_booking.domain.institution import Person
from invo_booking.persistence.outbox import NOTICE
from invo_booking.persistence.unit_of_work import UnitOfWork


def add(work: UnitOfWork, to: str, subject: str, text: str, now: datetime) -> None:
    """Add a plain mail to one person, in this transaction."""
    work.outbox.add(NOTICE, {"to": to, "subject": subject, "text": text}, now=now)


def tell_administrators(
    work: UnitOfWork, subject: str, text: str, now: datetime
) -> None:
    """Add the same mail to every active administrator and super admin."""
    for person in administrators(work.roster.people.values()):
        add(work, person.email, subject, text, now)


def administrators(people: Iterable[Person]) -> list[Person]:
    """Return those who can do something about it."""
    return [p for p in people if p.active and p.email and p.roles & ADMINISTRATORS]
