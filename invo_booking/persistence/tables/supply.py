"""Tables of what is taken of agents' time, apart from the appointments themselves."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow, serial_column
from invo_booking.persistence.tables.types import UtcDateTime


class BusyIntervalRow(TableRow, table=True):
    """A span taken in an agent's outside calendar; no word of what takes it.

    Cut at the midnights of UTC when stored, so that what a day holds is found without
    looking at other days.
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
    """How an agent's outside calendar was last read; no row, no outside calendar."""

    agent_id: UUID = Field(
        primary_key=True, foreign_key="person.id", ondelete="CASCADE"
    )
    mailbox: str = Field(default="", max_length=254)
    """The address it is asked for by."""

    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was last asked, whatever came of it."""

    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was last read with success."""

    problem: str = Field(default="", max_length=300)
    """Why it could not be read the last time; empty if it could."""

    registered: bool = True
    """Whether the provider knows the agent; if not, our own data alone counts."""

    changed: int = Field(default=0, sa_type=BigInteger, index=True)
    """The transaction that wrote it; set by a trigger."""


class DaySheetRow(TableRow, table=True):
    """What is taken on one institution date, derived by triggers from its causes.

    Of an agent (no language), or of a queue and language by those who wait for an
    agent. ``spans`` holds five big-endian 32-bit integers for each span: first minute
    and first beyond since 1970 in UTC, minutes to keep free in front and behind, and 1
    for an outside calendar, else 0.
    """

    owner_id: UUID = Field(primary_key=True)
    language: str = Field(primary_key=True, max_length=8)
    day: date = Field(primary_key=True)
    spans: bytes = b""
    changed: int = Field(sa_type=BigInteger, index=True)
    """The transaction that wrote it, so that others find what is new to them."""
