"""Write audit entries, in the transaction of the action they record.

A periodic task seals the entries soon afterwards; see ``chain``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from invo_booking.domain.access.caller import Caller, shorten_address
from invo_booking.domain.access.roles import Actor, Author
from invo_booking.persistence.mapping import columns_of, row_reader
from invo_booking.persistence.tables.audit import AuditRow
from invo_booking.persistence.tables.core import table_of

REFUSAL_LOCKS = 7_005
DETAILS = "customer details"
"""Object kind of entries that record who read a customer's details. Their object id is
the id of the appointment."""

ROUTINE = ("signed in", "signed out", "read")
"""Actions so frequent that their entries make other entries hard to find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A record of who did what to which object, without customers' personal data.

    Create entries with ``by``, which sets the author's id.

    Attributes:
        actor: Name of the member of staff, or the party, such as ``"customer"``.
        actor_id: Id of the member of staff, since two may share a name.
        address: The caller's IP address. ``Audit.add`` sets this field and the other
            fields about the caller.
    """

    at: datetime
    actor: str
    actor_id: UUID | None
    action: str
    object_kind: str
    object_id: str
    detail: Mapping[str, Any]
    interface: str = ""
    address: str = ""
    request_id: str = ""

    @classmethod
    def by(
        cls,
        author: Author,
        action: str,
        thing: tuple[str, str],
        at: datetime,
        detail: Mapping[str, Any] = MappingProxyType({}),
    ) -> Self:
        """Return a new entry about an action of the author.

        Args:
            author: A person, or a party that acts without being signed in.
            action: Verb in the past tense, such as ``"confirmed"``.
            thing: Kind and id of the object, such as ``("answer", "3f2…")``.
            at: Time of the action, in UTC.
            detail: Further details as JSON values, without secrets and without text
                that a customer typed.
        """
        is_person = isinstance(author, Actor)
        return cls(
            at=at,
            actor=author.name if is_person else author,
            actor_id=author.id if is_person else None,
            action=action,
            object_kind=thing[0],
            object_id=thing[1],
            detail=dict(detail),
        )


class Audit:
    """Audit entries as one transaction sees them."""

    def __init__(self, session: Session, caller: Caller) -> None:
        self._session = session
        self._caller = caller

    def add(self, entry: AuditEntry) -> None:
        """Append an entry, completed with the caller of this transaction.

        If a program acts for a customer, the author is the program.
        """
        program = self._caller.program
        added = replace(
            entry,
            actor=program.actor_name if program else entry.actor,
            actor_id=program.id if program else entry.actor_id,
            interface=self._caller.interface,
            address=self._address(entry)[:64],
            request_id=self._caller.request_id[:32],
        )
        self._session.connection().execute(_ADD, columns_of(added))

    def _address(self, entry: AuditEntry) -> str:
        """Return the caller's IP address; for customers, only the address's network.

        A sealed entry cannot be deleted, so it must not contain personal data.
        """
        address = self._caller.address
        return shorten_address(address) if entry.actor == "customer" else address

    def was_read(self, object_id: str, person_id: UUID, since: datetime) -> bool:
        """Whether, by the entries, a person read an object after an instant."""
        matches = select(AuditRow.id).where(
            AuditRow.object_id == object_id,
            AuditRow.object_kind == DETAILS,
            AuditRow.actor_id == person_id,
            col(AuditRow.at) > since,
        )
        return self._session.exec(matches.limit(1)).first() is not None

    def history(self, object_id: str) -> list[AuditEntry]:
        """Return an object's entries, except those about reads, earliest first."""
        rows = self._session.exec(
            select(AuditRow)
            .where(AuditRow.object_id == object_id, AuditRow.object_kind != DETAILS)
            .order_by(col(AuditRow.id))
        )
        return [_entry(row) for row in rows]

    def refusals(self, person_id: UUID, limit: int) -> list[AuditEntry]:
        """Return entries about actions that a person was refused, newest first.

        Until this transaction ends, calls for the same person in other transactions
        wait, so a decision based on the result stays valid.
        """
        self._session.connection().execute(
            text(f"SELECT pg_advisory_xact_lock({REFUSAL_LOCKS}, hashtext(:who))"),
            {"who": str(person_id)},
        )
        rows = self._session.exec(
            select(AuditRow)
            .where(text("action = 'refused'"), col(AuditRow.actor_id) == person_id)
            .order_by(col(AuditRow.id).desc())
            .limit(limit)
        )
        return [_entry(row) for row in rows]


_entry = row_reader(AuditEntry)
_ADD = (
    table_of(AuditRow)
    .insert()
    .inline()
    .values(seal=None, previous_hash="", hash="", seal_key="")
)
