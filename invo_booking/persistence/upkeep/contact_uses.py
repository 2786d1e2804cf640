"""Count how often an e-mail address or a phone number was used recently."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, bindparam, select
from sqlmodel import Field, Session, col, delete

from invo_booking.persistence.tables.core import TableRow, serial_column, table_of
from invo_booking.persistence.tables.types import UtcDateTime


class ContactUse(StrEnum):
    """What a contact was used for."""

    REQUEST = "request"
    """An appointment was requested with the contact."""

    UNPROVEN_MAIL = "unproven mail"
    """A mail to the contact was added to the outbox before the contact was verified."""

    LINK_MAIL = "link mail"
    """The links to the contact's appointments were requested."""


class ContactUseRow(TableRow, table=True):
    """One use of a contact, which is stored as a keyed digest; kept for a day."""

    __table_args__ = (Index("ix_contact_use", "contact_hash", "use", "at"),)

    id: int | None = serial_column()
    contact_hash: str = Field(max_length=64)
    use: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class _Uses:
    """All uses of a contact after an instant, earliest first."""

    since: datetime
    uses: list[tuple[str, datetime]]


class ContactUses:
    """The uses of contacts as one transaction sees them.

    The uses are kept when an appointment is cancelled or purged, so that limits still
    apply.

    Args:
        digest: Returns the stored digest of a contact.
    """

    def __init__(self, session: Session, digest: Callable[[str], str]) -> None:
        self._session = session
        self._digest = digest
        self._read: dict[str, _Uses] = {}

    def add(self, contact: str, use: ContactUse, now: datetime) -> None:
        """Count one use."""
        whose = self._digest(contact)
        added = {"contact_hash": whose, "use": use.value, "at": now}
        self._session.connection().execute(_ADD, added)
        if contact in self._read:
            self._read[contact].uses.append((use.value, now))

    def uses_since(
        self, contact: str, use: ContactUse, since: datetime
    ) -> list[datetime]:
        """Return the times of use of a contact after an instant, earliest first.

        The first call in a transaction reads the stored uses. Later calls also see the
        uses that this transaction has added, but not those that others have added.
        """
        known = self._read.get(contact)
        if known is None or since < known.since:
            known = self._read[contact] = _Uses(since, self._all_since(contact, since))
        return [at for what, at in known.uses if what == use.value and at > since]

    def _all_since(self, contact: str, since: datetime) -> list[tuple[str, datetime]]:
        """Return uses of all kinds, since callers mostly need several kinds."""
        wanted = {"whose": self._digest(contact), "since": since}
        rows = self._session.connection().execute(_ALL_SINCE, wanted)
        return [(use, at) for use, at in rows]

    def forget(self, before: datetime) -> None:
        """Delete uses before an instant."""
        self._session.exec(delete(ContactUseRow).where(col(ContactUseRow.at) < before))


_COLUMNS = table_of(ContactUseRow).columns
_ADD = table_of(ContactUseRow).insert().inline()
_ALL_SINCE = (
    select(_COLUMNS.use, _COLUMNS.at)
    .where(_COLUMNS.contact_hash == bindparam("whose"))
    .where(_COLUMNS.at > bindparam("since"))
    .order_by(_COLUMNS.at)
)
