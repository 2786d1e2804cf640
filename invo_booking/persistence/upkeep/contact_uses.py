"""How often an e-mail address or a phone number was used lately."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, Session, col, delete, select

from invo_booking.persistence.tables.core import TableRow, serial_column
from invo_booking.persistence.tables.types import UtcDateTime


class ContactUse(StrEnum):
    """What a contact was used for."""

    REQUEST = "request"
    """An appointment was requested with it."""

    UNPROVEN_MAIL = "unproven mail"
    """A mail was added for it before anybody proved to read it."""

    LINK_MAIL = "link mail"
    """The links of its appointments were asked for."""


class ContactUseRow(TableRow, table=True):
    """One use of a contact, known by its keyed digest; kept for a day."""

    __table_args__ = (Index("ix_contact_use", "contact_hash", "use", "at"),)

    id: int | None = serial_column()
    contact_hash: str = Field(max_length=64)
    use: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)


class ContactUses:
    """The uses of contacts as one transaction sees them.

    They outlive the appointment, so that neither cancelling nor purging resets a limit.

    Args:
        session: Of the transaction.
        digest: Returns what is stored of a contact.
    """

    def __init__(self, session: Session, digest: Callable[[str], str]) -> None:
        self._session = session
        self._digest = digest
        self._known: dict[tuple[str, ContactUse, datetime], list[datetime]] = {}

    def add(self, contact: str, use: ContactUse, now: datetime) -> None:
        """Count one use."""
        whose = self._digest(contact)
        self._session.add(ContactUseRow(contact_hash=whose, use=use.value, at=now))
        for (whose, what, _), known in self._known.items():
            if (whose, what) == (contact, use):
                known.append(now)

    def since(self, contact: str, use: ContactUse, since: datetime) -> list[datetime]:
        """Return when a contact was used after an instant, earliest first.

        The answer is the same throughout a transaction, but for what it adds itself.
        """
        key = contact, use, since
        if key not in self._known:
            self._known[key] = self._since(*key)
        return self._known[key]

    def _since(self, contact: str, use: ContactUse, since: datetime) -> list[datetime]:
        statement = (
            select(ContactUseRow.at)
            .where(ContactUseRow.contact_hash == self._digest(contact))
            .where(ContactUseRow.use == use.value)
            .where(ContactUseRow.at > since)
            .order_by(col(ContactUseRow.at))
        )
        return list(self._session.exec(statement))

    def forget(self, before: datetime) -> None:
        """Forget uses before an instant."""
        self._session.exec(delete(ContactUseRow).where(col(ContactUseRow.at) < before))
