"""Store programs, hashes of their tokens and the appointments they made."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.access.tokens import ProgramToken
from invo_booking.domain.interval import Interval
from invo_booking.persistence.mapping import columns_of, row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import AppointmentRow
from invo_booking.persistence.tables.programs import (
    ProgramAppointmentRow,
    ProgramRow,
    ProgramTokenRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramAccount:
    """A program as administrators defined it.

    Attributes:
        contact: The person responsible for the program.
        queues: Queues the program may book in; empty for all of them.
        created_by: Name of the administrator.
        revoked_at: When the program was revoked; ``None`` while it is in use.
    """

    id: UUID
    name: str
    contact: str
    scope: TokenScope
    queues: frozenset[UUID]
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None

    @property
    def has_all_queues(self) -> bool:
        """Whether the program may book in all queues."""
        return not self.queues


class Programs(Repository):
    """Programs as one transaction sees them."""

    def add(self, program: ProgramAccount) -> None:
        """Add a program."""
        queues = sorted(map(str, program.queues))
        self._session.add(ProgramRow(**columns_of(program, "queues"), queues=queues))
        self._session.flush()

    def all(self) -> list[ProgramAccount]:
        """Return all programs by name, including revoked ones."""
        statement = select(ProgramRow).order_by(
            col(ProgramRow.name), col(ProgramRow.created_at)
        )
        return [_account(row) for row in self._session.exec(statement)]

    def find(self, program_id: UUID) -> ProgramAccount | None:
        """Return a program."""
        row = self._session.get(ProgramRow, program_id)
        return _account(row) if row else None

    def revoke(self, program_id: UUID, now: datetime) -> None:
        """Revoke a program and delete its tokens."""
        self._change(ProgramRow, col(ProgramRow.id) == program_id, revoked_at=now)
        self._delete(ProgramTokenRow, col(ProgramTokenRow.program_id) == program_id)

    def add_token(self, token: ProgramToken) -> None:
        """Add a token."""
        self._session.add(ProgramTokenRow(hash=token.key, **columns_of(token, "key")))

    def find_token(self, key: str) -> ProgramToken | None:
        """Return a token by its hash."""
        row = self._session.get(ProgramTokenRow, key)
        return _token(row) if row else None

    def tokens(self) -> list[ProgramToken]:
        """Return the tokens of all programs, the newest first."""
        statement = select(ProgramTokenRow).order_by(
            col(ProgramTokenRow.created_at).desc(), col(ProgramTokenRow.hash)
        )
        return [_token(row) for row in self._session.exec(statement)]

    def touch(self, key: str, now: datetime) -> None:
        """Store the time of the last use of a token."""
        self._change(ProgramTokenRow, col(ProgramTokenRow.hash) == key, used_at=now)

    def end_tokens(self, program_id: UUID, now: datetime, at: datetime) -> None:
        """Delete a program's expired tokens, and let the others expire at an instant.

        Args:
            now: Tokens that expired by this instant are deleted.
            at: Instant at which the other tokens expire, unless they expire earlier.
        """
        own = col(ProgramTokenRow.program_id) == program_id
        ends = col(ProgramTokenRow.expires_at)
        self._delete(ProgramTokenRow, own, ends <= now)
        self._change(
            ProgramTokenRow, own, or_(ends.is_(None), ends > at), expires_at=at
        )

    def record_appointment(self, program_id: UUID, appointment_id: UUID) -> None:
        """Store that a program booked an appointment."""
        self._session.add(
            ProgramAppointmentRow(appointment_id=appointment_id, program_id=program_id)
        )

    def has_made(self, program_id: UUID, appointment_id: UUID) -> bool:
        """Whether a program booked an appointment."""
        row = self._session.get(ProgramAppointmentRow, appointment_id)
        return row is not None and row.program_id == program_id

    def appointments_of(
        self, program_id: UUID, window: Interval, limit: int
    ) -> list[UUID]:
        """Return the ids of a program's appointments that start within a window.

        The appointment that starts earliest comes first.
        """
        starts_at = col(AppointmentRow.starts_at)
        made = col(ProgramAppointmentRow.appointment_id) == col(AppointmentRow.id)
        statement = (
            select(AppointmentRow.id)
            .join(ProgramAppointmentRow, made)
            .where(ProgramAppointmentRow.program_id == program_id)
            .where(starts_at >= window.start, starts_at < window.end)
            .order_by(starts_at, col(AppointmentRow.id))
            .limit(limit)
        )
        return list(self._session.exec(statement))


_account = row_reader(
    ProgramAccount, queues=lambda row: frozenset(map(UUID, row.queues))
)
_token = row_reader(ProgramToken, key=attrgetter("hash"))
