"""Define tables of outside calendars' busy times and of agents' busy spans by day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow, serial_column
from invo_booking.persistence.tables.types import UtcDateTime

NO_BRANCH = UUID(int=0)
"""Value for *no branch* in a primary key, whose columns cannot be null."""


class BusyIntervalRow(TableRow, table=True):
    """A busy span in an agent's outside calendar, without its contents.

    Spans are cut at each midnight UTC, so that the spans of one day are found without
    reading other days.
    """

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="busy_starts_before_it_ends"),
        CheckConstraint(
            "ends_at <= (date_trunc('day', starts_at, 'UTC') + interval '1 day')",
            name="busy_within_one_day",
        ),
        Index("ix_busy_interval_agent_start", "agent_id", "starts_at"),
    )

    id: int | None = serial_column()
    agent_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class AgentCalendarRow(TableRow, table=True):
    """The state of an outside calendar whose busy times make an agent busy."""

    agent_id: UUID = Field(
        primary_key=True, foreign_key="person.id", ondelete="CASCADE"
    )
    mailbox: str = Field(default="", max_length=254)
    """E-mail address of the mailbox."""

    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Time of the last query, successful or not."""

    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Time of the last successful reading."""

    problem: str = Field(default="", max_length=300)
    """Why the last reading failed; empty if it succeeded."""

    registered: bool = True
    """Whether the provider knows the mailbox; if not, only appointments make the agent
    busy."""

    problem_code: str = Field(default="", max_length=60)
    """The provider's error code; empty if the provider sent none."""

    unread_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Time of the first failure after the last successful reading."""

    unread_reported: bool = False
    """Whether administrators were mailed that the calendar cannot be read."""

    unknown_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when the provider has reported that it no longer knows the mailbox."""

    reported: bool = False
    """Whether administrators were mailed that the provider does not know the
    mailbox."""

    changed: int = Field(default=0, sa_type=BigInteger, index=True)
    """Number of the transaction that wrote the row; set by a trigger."""


class AgentDayRow(TableRow, table=True):
    """Busy spans of one owner on one date in the institution's zone.

    Triggers derive the spans from appointments and busy intervals. The owner is an
    agent or a queue. An agent's row has an empty language. A queue's row contains the
    unassigned appointments in one language and, for visits, at one branch. ``spans``
    contains five big-endian 32-bit integers for each span: first minute of the span and
    first minute after it, both counted since 1970 in UTC; minutes to keep free before
    and after it; and 1 for a span from an outside calendar, otherwise 0.
    """

    owner_id: UUID = Field(primary_key=True)
    language: str = Field(primary_key=True, max_length=8)
    branch_id: UUID = Field(default=NO_BRANCH, primary_key=True)
    """Branch of a queue's unassigned visits; ``NO_BRANCH`` for everything else."""

    day: date = Field(primary_key=True)
    spans: bytes = b""
    changed: int = Field(sa_type=BigInteger, index=True)
    """Number of the transaction that wrote the row, by which other transactions find
    changes."""
