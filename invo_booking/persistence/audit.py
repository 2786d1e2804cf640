"""The audit trail: written in the transaction it tells of, sealed soon after."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from invo_booking.domain.caller import Caller
from invo_booking.persistence.tables import AuditRow

SEAL_LOCK, REFUSAL_LOCKS = 7_001, 7_005
AT_ONCE = 1_000
"""Entries held in memory while the chain is followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One fact: who did what to which thing. Never personal data of customers.

    Attributes:
        actor: Name of a member of staff, ``"customer"`` or ``"system"``.
        actor_id: Which member of staff; two may share a name.
        address: Where the request came from; written by ``Audit.add``, like the rest.
    """

    at: datetime
    actor: str
    actor_id: UUID | None = None
    action: str
    object_kind: str
    object_id: str
    detail: Mapping[str, Any]
    interface: str = ""
    address: str = ""
    request_id: str = ""


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
                address=self._caller.address[:64],
                request_id=self._caller.request_id[:32],
            )
        )

    def history(self, object_id: str) -> list[AuditEntry]:
        """Return what happened to one thing, earliest first."""
        rows = self._session.exec(
            select(AuditRow)
            .where(AuditRow.object_id == object_id)
            .order_by(col(AuditRow.id))
        )
        return [_entry(row) for row in rows]

    def refusals(self, actor: str, person_id: UUID, limit: int) -> list[AuditEntry]:
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
            .where(text("action = 'refused'"), col(AuditRow.actor) == actor)
            .where(col(AuditRow.detail).contains({"person": str(person_id)}))
            .order_by(col(AuditRow.id).desc())
            .limit(limit)
        )
        return [_entry(row) for row in rows]

    def seal(self, limit: int) -> int:
        """Chain up to ``limit`` entries to those before them; return how many.

        Writing the chain apart from the entries keeps bookings from waiting for each
        other: an entry gets its place in the chain when it is sealed.
        """
        self._session.connection().execute(
            text(f"SELECT pg_advisory_xact_lock({SEAL_LOCK}, 0)")
        )
        rows = self._session.exec(
            select(AuditRow)
            .where(col(AuditRow.seal).is_(None))
            .order_by(col(AuditRow.id))
            .limit(limit)
        ).all()
        place, previous = self._newest() if rows else (0, "")
        for row in rows:
            place += 1
            row.seal, row.previous_hash = place, previous
            row.hash = previous = _digest(_entry(row), previous)
            self._session.add(row)
        return len(rows)

    def broken_at(self) -> int | None:
        """Return the place of the first sealed entry that does not fit, if any."""
        sealed = select(AuditRow).where(col(AuditRow.seal).is_not(None))
        statement = sealed.order_by(col(AuditRow.seal))
        with self._session.exec(
            statement, execution_options={"yield_per": AT_ONCE}
        ) as rows:
            return _first_misfit(rows)

    def _newest(self) -> tuple[int, str]:
        row = self._session.exec(
            select(AuditRow)
            .where(col(AuditRow.seal).is_not(None))
            .order_by(col(AuditRow.seal).desc())
            .limit(1)
        ).first()
        return (row.seal or 0, row.hash) if row else (0, "")


def _first_misfit(rows: Iterable[AuditRow]) -> int | None:
    previous = ""
    for expected, row in enumerate(rows, start=1):
        fits = row.seal == expected and row.previous_hash == previous
        if not fits or row.hash != _digest(_entry(row), previous):
            return expected
        previous = row.hash
    return None


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        actor=row.actor,
        actor_id=row.actor_id,
        action=row.action,
        object_kind=row.object_kind,
        object_id=row.object_id,
        detail=row.detail,
        interface=row.interface,
        address=row.address,
        request_id=row.request_id,
    )


def _digest(entry: AuditEntry, previous: str) -> str:
    fields = [
        previous,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.object_kind,
        entry.object_id,
        json.dumps(entry.detail, sort_keys=True),
    ]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()
