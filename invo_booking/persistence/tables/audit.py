"""Define tables of the audit log and its hash chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow, serial_column
from invo_booking.persistence.tables.types import UtcDateTime


class AuditRow(TableRow, table=True):
    """One entry of the audit log, without customers' personal data. Append-only."""

    __table_args__ = (
        Index("ix_audit_object", "object_id", "id"),
        Index("ix_audit_unsealed", "id", postgresql_where=text("seal IS NULL")),
        Index(
            "ix_audit_refused",
            "actor_id",
            "id",
            postgresql_where=text("action = 'refused'"),
        ),
    )

    id: int | None = serial_column()
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=160)
    actor_id: UUID | None = None
    action: str = Field(max_length=60)
    object_kind: str = Field(max_length=40)
    object_id: str = Field(max_length=80)
    detail: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    seal: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    """Position in the chain; ``None`` until the entry is sealed."""

    previous_hash: str = Field(default="", max_length=64)
    hash: str = Field(default="", max_length=64)
    interface: str = Field(default="", max_length=16)
    address: str = Field(default="", max_length=64)
    request_id: str = Field(default="", max_length=32)
    seal_key: str = ""
    """Id of the key that sealed the entry; empty if no key was used."""


class AuditHeadRow(TableRow, table=True):
    """The head of the audit chain: a single row, authenticated by ``mac``."""

    id: int = Field(primary_key=True)
    place: int = Field(sa_type=BigInteger)
    hash: str = Field(max_length=64)
    spans: list[list[Any]] = Field(sa_column=Column(JSONB, nullable=False))
    """First position in the chain that each key sealed, with the key's id."""

    at: datetime = Field(sa_type=UtcDateTime)
    mac: str = Field(max_length=64)
