"""Define the main tables, in the order in which a booking uses them."""

import re
from datetime import date, datetime, time
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from invo_booking.persistence.tables.types import UtcDateTime, translations_column

LIVE_ROWS = "status IN ('requested', 'confirmed')"
NO_DOUBLE_BOOKING = "no_double_booking"


class TableRow(SQLModel):
    """Base class of tables; derives table names: ``time_off`` from ``TimeOffRow``."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  # pyright: ignore[reportIncompatibleVariableOverride]
        """Name of the table."""
        words = re.findall("[A-Z][a-z]+", cls.__name__.removesuffix("Row"))
        return "_".join(words).lower()


def words_column(**more: Any) -> Any:
    """Return a column that holds a list of words."""
    return Field(sa_column=Column(ARRAY(String), nullable=False), **more)


def serial_column() -> Any:
    """Return a column that numbers the rows."""
    column = Column(BigInteger, Identity(always=True), primary_key=True)
    return Field(default=None, sa_column=column)


def table_of(row: type[SQLModel]) -> Table:
    """Return the table of a row class, for statements that create no ORM objects."""
    return cast("Any", row).__table__


class InstitutionRow(TableRow, table=True):
    """The institution of this installation."""

    __table_args__ = (CheckConstraint("id = 1", name="only_one_institution"),)

    id: int = Field(default=1, primary_key=True)
    name: str = Field(max_length=120)
    tagline: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=32)
    time_zone: str = Field(max_length=64)
    country: str = Field(default="US", max_length=2)
    opening_hours: list[str] = words_column(default_factory=list)
    """Texts such as ``0 09:00-17:00``, where 0 is Monday; empty for no limit."""

    revision: int = Field(default=1, sa_type=BigInteger)
    """Incremented by every change to settings, people, hours, queues and Answers."""

    translations: dict[str, dict[str, str]] = translations_column()


class SettingRow(TableRow, table=True):
    """One changed setting; a missing row means the default."""

    key: str = Field(primary_key=True, max_length=80)
    value: str
    changed_by: str = Field(default="", max_length=120)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    takes_effect_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PersonRow(TableRow, table=True):
    """A member of staff."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120)
    email: str = Field(max_length=254, unique=True)
    mailbox: str = Field(default="", max_length=254)
    """E-mail address of the person's calendar; empty if the same as ``email``."""

    password_hash: str = Field(default="", max_length=200)
    must_change_password: bool = False
    """Whether another person knows the password."""

    active: bool = True
    version: int = 1
    time_zone: str = Field(max_length=64)
    roles: list[str] = words_column()
    languages: list[str] = words_column()
    room: str = Field(default="", max_length=500)


class QueueRow(TableRow, table=True):
    """A line of business."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    active: bool = True
    version: int = 1
    assignment: str = Field(default="unassigned", max_length=12)
    """Mode of assignment: see ``domain.assignment.Mode``."""

    opening_hours: list[str] = words_column(default_factory=list)
    """In the form of ``InstitutionRow.opening_hours``."""

    translations: dict[str, dict[str, str]] = translations_column()


class BranchRow(TableRow, table=True):
    """A place where visits are held."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    street: list[str] = words_column()
    town: str = Field(default="", max_length=80)
    region: str = Field(default="", max_length=80)
    postal_code: str = Field(default="", max_length=16)
    country: str = Field(max_length=2)
    phone: str = Field(default="", max_length=32)
    directions: str = Field(default="", max_length=500)
    time_zone: str = Field(max_length=64)
    latitude: float | None = None
    longitude: float | None = None
    opening_hours: list[str] = words_column(default_factory=list)
    """In the form of ``InstitutionRow.opening_hours``."""

    active: bool = True
    version: int = 1
    translations: dict[str, dict[str, str]] = translations_column()


class LanguageRow(TableRow, table=True):
    """A language of appointments."""

    code: str = Field(primary_key=True, max_length=8)
    name: str = Field(max_length=60)


class PersonQueueRow(TableRow, table=True):
    """A queue that a person serves."""

    person_id: UUID = Field(
        primary_key=True, foreign_key="person.id", ondelete="CASCADE"
    )
    queue_id: UUID = Field(primary_key=True, foreign_key="queue.id", ondelete="CASCADE")


class PersonBranchRow(TableRow, table=True):
    """A branch at which a person works; people without such rows work everywhere."""

    person_id: UUID = Field(
        primary_key=True, foreign_key="person.id", ondelete="CASCADE"
    )
    branch_id: UUID = Field(
        primary_key=True, foreign_key="branch.id", ondelete="CASCADE"
    )


class WorkingHoursRow(TableRow, table=True):
    """A weekly working period in the person's wall time; the end 00:00 means 24:00."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    weekday: int = Field(ge=0, le=6)
    starts_time: time
    ends_time: time
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id")
    """Branch whose visits the person serves then; null for all branches."""


class DayExceptionRow(TableRow, table=True):
    """A period that replaces the weekly periods on a date; without times, a day off."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    day: date
    starts_time: time | None = None
    ends_time: time | None = None
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id")


class TimeOffRow(TableRow, table=True):
    """A span in which a person is away."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    note: str = Field(default="", max_length=120)


class HolidayRow(TableRow, table=True):
    """A date on which the institution is closed."""

    day: date = Field(primary_key=True)
    name: str = Field(max_length=120)
    translations: dict[str, dict[str, str]] = translations_column()


class AnswerRow(TableRow, table=True):
    """A bookable topic."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    title: str = Field(max_length=120)
    description: str = Field(default="", max_length=500)
    queue_id: UUID = Field(foreign_key="queue.id")
    schedulable: bool = True
    version: int = 1
    position: int = 0
    """Position of the Answer in lists, from 0; negative if the Answer is archived."""

    duration_minutes: int | None = None
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    languages: list[str] = words_column()
    channels: list[str] = words_column()
    documents: list[str] = words_column()
    room: str = Field(default="", max_length=500)
    translations: dict[str, dict[str, str]] = translations_column()


class AppointmentRow(TableRow, table=True):
    """An appointment, from the request until the purge."""

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        ExcludeConstraint(
            ("agent_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            name=NO_DOUBLE_BOOKING,
            using="gist",
            where=text(f"agent_id IS NOT NULL AND {LIVE_ROWS}"),
        ),
        Index(
            "ix_appointment_live_start",
            "starts_at",
            "ends_at",
            postgresql_where=text(LIVE_ROWS),
        ),
        Index(
            "ix_appointment_waiting",
            "queue_id",
            "language",
            "starts_at",
            postgresql_where=text(f"agent_id IS NULL AND {LIVE_ROWS}"),
        ),
        Index("ix_appointment_start", "starts_at"),
        Index("ix_appointment_agent_start", "agent_id", "starts_at"),
        Index(
            "ix_appointment_counted_email",
            "counted_email",
            postgresql_where=text("counted_email <> ''"),
        ),
        Index(
            "ix_appointment_phone",
            "customer_phone",
            postgresql_where=text("customer_phone <> ''"),
        ),
        Index(
            "ix_appointment_confirm_by",
            "confirm_by",
            postgresql_where=text("status = 'requested'"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    sequence: int = 0
    version: int = 1
    status: str = Field(max_length=12)
    answer_id: UUID | None = Field(default=None, foreign_key="answer.id")
    title: str = Field(max_length=120)
    queue_id: UUID = Field(foreign_key="queue.id")
    language: str = Field(max_length=8)
    channel: str = Field(max_length=8)
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id")
    agent_id: UUID | None = Field(default=None, foreign_key="person.id")
    chosen_agent_id: UUID | None = None
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    customer_name: str = Field(max_length=120)
    customer_email: str = Field(default="", max_length=254)
    customer_phone: str = Field(default="", max_length=20)
    customer_time_zone: str = Field(max_length=64)
    customer_locale: str = Field(default="en", max_length=20)
    notes: str = Field(default="", max_length=1000)
    requested_at: datetime = Field(sa_type=UtcDateTime)
    confirm_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    joined_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    staff_joined_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    waits_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    waits_by: UUID | None = None
    running_late_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_by: str | None = Field(default=None, max_length=12)
    cancel_reason: str = Field(default="", max_length=300)
    assigned_because: str = Field(default="", max_length=200)
    has_proof: bool = True
    wall_time: str = Field(default="", max_length=16)
    """Agreed wall time of the start: for a visit in the zone of the branch, otherwise
    in the zone of the institution."""

    wall_zone: str = Field(default="", max_length=64)
    """IANA name of the zone of ``wall_time``."""

    unchecked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    link_generation: int = 0
    counted_email: str = Field(default="", max_length=254)
    """The address by which limits count: see ``contact.email_to_count_by``."""


class OutboxRow(TableRow, table=True):
    """A mail or calendar write, added in the transaction that makes it necessary."""

    __table_args__ = (
        Index("ix_outbox_due", "due_at", postgresql_where=text("state = 'open'")),
        Index("ix_outbox_appointment", "appointment_id", "id"),
        Index("ix_outbox_failed", "id", postgresql_where=text("state = 'failed'")),
    )

    id: int | None = serial_column()
    kind: str = Field(max_length=24)
    state: str = Field(default="open", max_length=8)
    appointment_id: UUID | None = Field(default=None)
    message_id: str = Field(max_length=160, unique=True)
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    useful_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = Field(default="", max_length=300)


class SessionRow(TableRow, table=True):
    """A signed-in browser; the key is the cookie's hash."""

    hash: str = Field(primary_key=True, max_length=64)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    address: str = Field(default="", max_length=64)


class HeartbeatRow(TableRow, table=True):
    """When a process last reported that it is running."""

    name: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


class ApiTokenRow(TableRow, table=True):
    """A bearer token that acts for a person; only its hash is stored."""

    hash: str = Field(primary_key=True, max_length=64)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=80)
    scope: str = Field(max_length=8)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ImageRow(TableRow, table=True):
    """A picture of the Branding page, re-encoded after the upload."""

    name: str = Field(primary_key=True, max_length=20)
    media_type: str = Field(max_length=20)
    data: bytes
    width: int
    height: int
    changed_by: str = Field(default="", max_length=120)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class CounterRow(TableRow, table=True):
    """Number of purged appointments of one kind that started in one half hour."""

    day: date = Field(primary_key=True)
    half_hour: int = Field(primary_key=True, ge=0, le=47)
    queue_id: UUID = Field(primary_key=True)
    language: str = Field(primary_key=True, max_length=8)
    channel: str = Field(primary_key=True, max_length=8)
    outcome: str = Field(primary_key=True, max_length=12)
    count: int = 0
