"""Define tables of customers' secret links and of used idempotency keys."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow
from invo_booking.persistence.tables.types import UtcDateTime


class IdempotencyRow(TableRow, table=True):
    """The stored response of an idempotency key; a retry gets the same response."""

    key_hash: str = Field(primary_key=True, max_length=64)
    fingerprint: str = Field(max_length=64)
    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", ondelete="CASCADE"
    )
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    made: str = Field(default="", max_length=400)


class EndedLinkRow(TableRow, table=True):
    """The hash of a link whose appointment was purged; the row holds nothing else."""

    hash: str = Field(primary_key=True, max_length=64)
    ended_at: datetime = Field(sa_type=UtcDateTime, index=True)


class LinkTokenRow(TableRow, table=True):
    """The hash of a secret link, the appointment it opens and its purpose."""

    hash: str = Field(primary_key=True, max_length=64)
    purpose: str = Field(max_length=20)
    appointment_id: UUID = Field(
        foreign_key="appointment.id", ondelete="CASCADE", index=True
    )
    created_at: datetime = Field(sa_type=UtcDateTime)
