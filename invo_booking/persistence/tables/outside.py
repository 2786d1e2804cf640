"""Tables of the connection to an outside calendar, and of what we keep there."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow, words_column
from invo_booking.persistence.tables.types import UtcDateTime


class ConnectionRow(TableRow, table=True):
    """An account at a provider; at most one is in use."""

    __table_args__ = (
        Index(
            "one_active_connection",
            "active",
            unique=True,
            postgresql_where=text("active"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    provider: str = Field(max_length=12)
    active: bool = True
    state: str = Field(max_length=12)
    """See ``domain.calendars.connection.State``."""

    problem: str = Field(default="", max_length=500)
    """Why it is not simply connected, as a sentence; empty if it is."""

    account: str = Field(max_length=254)
    account_name: str = Field(default="", max_length=120)
    tenant: str = Field(default="", max_length=64)
    host_id: str = Field(default="", max_length=200)
    host_name: str = Field(default="", max_length=200)
    host_address: str = Field(default="", max_length=254)
    host_is_owner: bool | None = None
    scopes: list[str] = words_column()
    sealed_grant: str = Field(default="")
    """Tokens, sealed for this row alone; empty once disconnected."""

    grant_version: int = 0
    connected_by: str = Field(default="", max_length=120)
    connected_at: datetime = Field(sa_type=UtcDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    succeeded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When everything was last read from beginning to end."""

    next_run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then nothing is asked of the provider: it asked for patience."""

    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fence: int = Field(default=0, sa_type=BigInteger)
    """Rises with each run; a run whose number is not the latest has lost its lease."""

    write_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When writing evenly would allow the next event (theoretical arrival time)."""

    writing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then one worker writes events, and no other begins to."""

    told_state: str = Field(default="", max_length=12)
    """The state administrators were last written to about."""

    unreadable: str = Field(default="", max_length=500)
    """Which events of the host calendar cannot be read, as a sentence."""

    warned_days: int | None = None
    """Days before its end at which the client secret was last warned of."""


class HostEventRow(TableRow, table=True):
    """An appointment's event in the host calendar, as we last wrote or saw it."""

    __table_args__ = (Index("ix_host_event_event", "connection_id", "event_id"),)

    appointment_id: UUID = Field(
        primary_key=True, foreign_key="appointment.id", ondelete="CASCADE"
    )
    connection_id: UUID = Field(
        primary_key=True, foreign_key="connection.id", ondelete="CASCADE"
    )
    key: UUID = Field(default_factory=uuid4)
    """Our own id of the event; another one each time it is made again."""

    event_id: str = Field(default="", max_length=600)
    version: str = Field(default="", max_length=200)
    uid: str = Field(default="", max_length=600)
    state: str = Field(max_length=12)
    """See ``domain.calendars.host_events.EventState``."""

    digest: str = Field(default="", max_length=64)
    """Of all we wrote, so that nothing is written twice."""

    agent_id: UUID | None = None
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    wanted_starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Where it was moved to there, as long as that cannot be followed."""

    wanted_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = Field(default="", max_length=300)
    """Why that cannot be followed, or why it could not be written."""

    join_url: str = Field(default="", max_length=2000)
    written_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class HostBusyRow(TableRow, table=True):
    """A span somebody else's event takes in the host calendar; no word of it."""

    connection_id: UUID = Field(
        primary_key=True, foreign_key="connection.id", ondelete="CASCADE"
    )
    starts_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    ends_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)


class SignInFlowRow(TableRow, table=True):
    """A sign-in at a provider that was begun and not finished; for one use."""

    hash: str = Field(primary_key=True, max_length=64)
    """Of the state the provider brings back."""

    session_hash: str = Field(max_length=64)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    provider: str = Field(max_length=12)
    sealed_flow: str
    created_at: datetime = Field(sa_type=UtcDateTime)
