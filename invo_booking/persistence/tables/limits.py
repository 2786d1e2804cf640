"""Define tables of requests without sign-in, and of flooded queues.

A queue is *flooded* while unconfirmed requests fill up its open slots.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, DateTime
from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow
from invo_booking.persistence.tables.types import UtcDateTime

NO_BRANCH = UUID(int=0)
"""Value for *no branch*, because no column of a primary key can be null."""


def instants_column() -> Any:
    """Return a column that holds a list of instants."""
    column = Column(ARRAY(DateTime(timezone=True)), nullable=False)
    return Field(sa_column=column)


class RequestCountRow(TableRow, table=True):
    """Times of recent requests that count toward one limit, kept for at most a day."""

    subject: str = Field(primary_key=True, max_length=64)
    """Keyed digest of a network, a contact or an appointment."""

    purpose: str = Field(primary_key=True, max_length=12)
    requested_at: list[datetime] = instants_column()
    """Times of the latest requests, earliest first; only as many as a limit needs."""

    last_requested_at: datetime = Field(sa_type=UtcDateTime, index=True)


class SpentProofRow(TableRow, table=True):
    """A used proof of work, kept until it expires."""

    hash: str = Field(primary_key=True, max_length=64)
    used_for: str = Field(max_length=64)
    """The submission for which the proof was used; a repetition of the submission may
    use the proof again."""

    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class OpenStartsRow(TableRow, table=True):
    """Number of open starts of a queue at an instant, kept for a few minutes."""

    queue_id: UUID = Field(primary_key=True, foreign_key="queue.id", ondelete="CASCADE")
    branch_id: UUID = Field(
        primary_key=True,
        default=NO_BRANCH,
        sa_column_kwargs={"server_default": str(NO_BRANCH)},
    )
    """Branch of the visits that are counted; ``NO_BRANCH`` for all other channels."""

    at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    open_starts: int


class FloodRow(TableRow, table=True):
    """A queue whose open slots are being filled up by unconfirmed requests."""

    queue_id: UUID = Field(primary_key=True, foreign_key="queue.id", ondelete="CASCADE")
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
