"""Define tables of programs, which are systems of the bank with their own tokens."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow, words_column
from invo_booking.persistence.tables.types import UtcDateTime


class ProgramRow(TableRow, table=True):
    """A program's account; kept after its revocation, since audit entries name it."""

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=80)
    contact: str = Field(max_length=200)
    scope: str = Field(max_length=8)
    queues: list[str] = words_column()
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str = Field(max_length=120)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProgramTokenRow(TableRow, table=True):
    """A bearer token of a program; only its hash is stored."""

    hash: str = Field(primary_key=True, max_length=64)
    program_id: UUID = Field(foreign_key="program.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProgramAppointmentRow(TableRow, table=True):
    """An appointment that a program booked and may read, move and cancel."""

    appointment_id: UUID = Field(
        primary_key=True, foreign_key="appointment.id", ondelete="CASCADE"
    )
    program_id: UUID = Field(foreign_key="program.id", ondelete="CASCADE", index=True)
