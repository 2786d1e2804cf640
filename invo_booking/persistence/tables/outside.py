"""Define tables of connections to providers and of events in the host calendar."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from invo_booking.domain.calendars.outside import (
    LONGEST_EVENT_ID,
    LONGEST_HOST_ID,
    LONGEST_JOIN_URL,
    LONGEST_VERSION,
)
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
    """See ``domain.calendars.connection.ConnectionState``."""

    problem: str = Field(default="", max_length=500)
    """Why the connection does not work, as a sentence; empty while it works."""

    account: str = Field(max_length=254)
    account_name: str = Field(default="", max_length=120)
    tenant: str = Field(default="", max_length=64)
    host_id: str = Field(default="", max_length=LONGEST_HOST_ID)
    host_name: str = Field(default="", max_length=200)
    host_address: str = Field(default="", max_length=254)
    host_is_owner: bool | None = None
    host_chosen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the host calendar was created or chosen. At some providers, a new calendar
    becomes usable only after a while."""

    scopes: list[str] = words_column()
    sealed_grant: str = Field(default="")
    """Tokens, sealed for this row; empty after the tokens were deleted."""

    grant_version: int = 0
    connected_by: str = Field(default="", max_length=120)
    connected_at: datetime = Field(sa_type=UtcDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    succeeded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a run last read all outside calendars completely."""

    next_run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Instant before which the provider must not be called, because of its rate
    limit."""

    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fence: int = Field(default=0, sa_type=BigInteger)
    """Number of the latest run; a run with a lower number has lost its lease."""

    write_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Theoretical arrival time of the next write, by which the rate is limited."""

    writing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """End of the lease of the worker that writes events."""

    writing_fence: int = Field(default=0, sa_type=BigInteger)
    """Number of the latest lease to write; a worker with a lower number has lost its
    lease."""

    mailed_state: str = Field(default="", max_length=12)
    """The state that administrators were last mailed about."""

    unreadable: str = Field(default="", max_length=500)
    """Sentence about events of the host calendar that cannot be read; may be empty."""

    last_warning_days: int | None = None
    """Days from the last warning until the expiry of the client secret."""


class HostEventRow(TableRow, table=True):
    """An appointment's event in the host calendar, as last written or read."""

    __table_args__ = (Index("ix_host_event_event", "connection_id", "event_id"),)

    appointment_id: UUID = Field(
        primary_key=True, foreign_key="appointment.id", ondelete="CASCADE"
    )
    connection_id: UUID = Field(
        primary_key=True, foreign_key="connection.id", ondelete="CASCADE"
    )
    key: UUID = Field(default_factory=uuid4)
    """The product's own id of the event; each newly created event gets a new id."""

    event_id: str = Field(default="", max_length=LONGEST_EVENT_ID)
    version: str = Field(default="", max_length=LONGEST_VERSION)
    uid: str = Field(default="", max_length=LONGEST_EVENT_ID)
    state: str = Field(max_length=12)
    """See ``domain.calendars.host_events.EventState``."""

    digest: str = Field(default="", max_length=64)
    """Digest of the values that the product wrote, so that unchanged values are not
    written again."""

    agent_id: UUID | None = None
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    wanted_starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Start to which the event was moved, if the appointment cannot be moved to this
    start."""

    wanted_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = Field(default="", max_length=300)
    """Why the appointment cannot be moved, or why the event could not be written."""

    join_url: str = Field(default="", max_length=LONGEST_JOIN_URL)
    written_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InviterRow(TableRow, table=True):
    """Who invites the customer of an appointment."""

    appointment_id: UUID = Field(
        primary_key=True, foreign_key="appointment.id", ondelete="CASCADE"
    )
    name: str = Field(max_length=8)
    """See ``domain.calendars.inviter.Inviter``."""


class HostBusyRow(TableRow, table=True):
    """The span of another person's event in the host calendar, without its contents."""

    connection_id: UUID = Field(
        primary_key=True, foreign_key="connection.id", ondelete="CASCADE"
    )
    starts_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    ends_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)


class HostCursorRow(TableRow, table=True):
    """The provider's cursor for the next query of changes of the host calendar."""

    connection_id: UUID = Field(
        primary_key=True, foreign_key="connection.id", ondelete="CASCADE"
    )
    cursor: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    """End of the window for which the cursor is valid. A query of another window needs
    a new cursor."""


class ListedEventRow(TableRow, table=True):
    """An event of the host calendar that the provider has listed, without its contents.

    Only events that the product wrote have ``uid``, ``key`` and ``join_url``.
    """

    __table_args__ = (Index("ix_listed_event_series", "connection_id", "series_id"),)

    connection_id: UUID = Field(
        primary_key=True, foreign_key="connection.id", ondelete="CASCADE"
    )
    event_id: str = Field(primary_key=True, max_length=LONGEST_EVENT_ID)
    version: str = Field(default="", max_length=LONGEST_VERSION)
    uid: str = Field(default="", max_length=LONGEST_EVENT_ID)
    key: UUID | None = None
    series_id: str = Field(default="", max_length=LONGEST_EVENT_ID)
    join_url: str = Field(default="", max_length=LONGEST_JOIN_URL)
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """``None`` for an unreadable event whose time is unknown."""

    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_readable: bool = True


class SignInFlowRow(TableRow, table=True):
    """A sign-in at a provider that has begun; it can be finished once."""

    hash: str = Field(primary_key=True, max_length=64)
    """Hash of the state that the provider sends back."""

    session_hash: str = Field(max_length=64)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    provider: str = Field(max_length=12)
    sealed_flow: str
    created_at: datetime = Field(sa_type=UtcDateTime)


class EndedGrantRow(TableRow, table=True):
    """An ended grant of a personal calendar; a cookie with this grant is refused."""

    hash: str = Field(primary_key=True, max_length=64)
    """Hash of the grant's id; the id itself is known only to the agent's browser."""

    ended_at: datetime = Field(sa_type=UtcDateTime, index=True)
