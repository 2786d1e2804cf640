"""Define tables of sign-ins: failures, known browsers and links to set a password."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field

from invo_booking.persistence.tables.core import TableRow, serial_column
from invo_booking.persistence.tables.types import UtcDateTime


class SignInFailureRow(TableRow, table=True):
    """A failed sign-in, or a sign-in still being verified; kept for a day."""

    __table_args__ = (
        Index("ix_sign_in_failure_account", "account_hash", "at"),
        Index("ix_sign_in_failure_network", "network", "at"),
        Index("ix_sign_in_failure_at", "at"),
    )

    id: int | None = serial_column()
    account_hash: str = Field(max_length=64)
    network: str = Field(max_length=64)
    browser: str = Field(default="", max_length=64)
    """Hash of the browser's cookie, if it is a known browser; otherwise empty."""

    at: datetime = Field(sa_type=UtcDateTime)


class KnownBrowserRow(TableRow, table=True):
    """A browser in which a person has signed in; the key is the cookie's hash."""

    hash: str = Field(primary_key=True, max_length=64)
    person_id: UUID = Field(
        primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True
    )
    used_at: datetime = Field(sa_type=UtcDateTime)


class AccountLinkRow(TableRow, table=True):
    """A link to set a person's password once; only the secret's hash is stored."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hash: str = Field(max_length=64, unique=True)
    purpose: str = Field(max_length=12)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LinkRequestRow(TableRow, table=True):
    """A request for a link to set a password; kept for a day.

    The link may have been requested for an account that does not exist.
    """

    __table_args__ = (
        Index("ix_link_request_account", "account_hash", "at"),
        Index("ix_link_request_network", "network", "at"),
    )

    id: int | None = serial_column()
    account_hash: str = Field(max_length=64)
    network: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class IncidentRow(TableRow, table=True):
    """An incident; administrators get one mail when it begins."""

    kind: str = Field(primary_key=True, max_length=24)
    began_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
