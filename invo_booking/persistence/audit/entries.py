"""The audit log: written in the transaction it tells of, sealed soon after.

The seals: ``audit_chain``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from invo_booking.domain.access.caller import Caller, shorten_address
from invo_booking.domain.access.roles import Actor, Author
from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.tables.audit import AuditRow

REFUSAL_LOCKS = 7_005
DETAILS = "customer details"
"""Kind of the entries that tell who read them; the id is the appointment's."""

ROUTINE = ("signed in", "signed out", "read")
"""Actions so frequent that they hide the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One fact: who did what to which thing. Never personal data of customers.

    Made with ``by``, so that nobody's id is forgotten.

    Attributes:
        actor: Name of a member of staff, or the party, such as ``"customer"``.
        actor_id: Which member of staff; two may share a name.
        address: Where the request came from; written by ``Audit.add``, like the rest.
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
        """Return what somebody did.

        Args:
            author: A person, or the party that acts without being signed in.
            action: Past tense, such as ``"confirmed"``.
            thing: Its kind and its id, such as ``("answer", "3f2…")``.
            at: When, in UTC.
            detail: Facts ready for JSON; never a secret or a customer's own words.
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
    """The trail as one transaction sees it."""

    def __init__(self, session: Session, caller: Caller) -> None:
        self._session = session
        self._caller = caller

    def add(self, entry: AuditEntry) -> None:
        """Append one entry, with the caller of this transaction.

        What a program does is the program's act, not the customer's.
        """
        program = self._caller.program
        self._session.add(
            AuditRow(
                at=entry.at,
                actor=program.actor_name if program else entry.actor,
                actor_id=program.id if program else entry.actor_id,
                action=entry.action,
                object_kind=entry.object_kind,
                object_id=entry.object_id,
                detail=dict(entry.detail),
                interface=self._caller.interface,
                address=self._address(entry)[:64],
                request_id=self._caller.request_id[:32],
            )
        )

    def _address(self, entry: AuditEntry) -> str:
        """Customers' addresses are cut: what is sealed can never be forgotten."""
        address = self._caller.address
        return shorten_address(address) if entry.actor == "customer" else address

    def was_read(self, object_id: str, person_id: UUID, since: datetime) -> bool:
        """Whether somebody's reading of a customer's details was noted lately."""
        found = select(AuditRow.id).where(
            AuditRow.object_id == object_id,
            AuditRow.object_kind == DETAILS,
            AuditRow.actor_id == person_id,
            col(AuditRow.at) > since,
        )
        return self._session.exec(found.limit(1)).first() is not None

    def history(self, object_id: str) -> list[AuditEntry]:
        """Return what happened to one thing, earliest first; not who read of it."""
        rows = self._session.exec(
            select(AuditRow)
            .where(AuditRow.object_id == object_id, AuditRow.object_kind != DETAILS)
            .order_by(col(AuditRow.id))
        )
        return [_entry(row) for row in rows]

    def refusals(self, person_id: UUID, limit: int) -> list[AuditEntry]:
        """Return what somebody was refused, newest first.

        Nobody else can do so for the same person until the commit: what is decided by
        the answer stays true.
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
