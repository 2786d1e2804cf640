"""Describe bearer tokens of people and programs; only their hashes are stored."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invo_booking.domain.access.scopes import TokenScope


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A person's bearer token as stored, without the secret.

    Attributes:
        key: Hash of the token.
        used_at: Time of the last use, to the minute; ``None`` if never used.
    """

    key: str
    person_id: UUID
    name: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramToken:
    """A program's bearer token as stored, without the secret.

    Attributes:
        key: Hash of the token.
        expires_at: In UTC, exclusive; ``None`` if the token is valid until it is
            revoked.
        used_at: Time of the last use, to the minute; ``None`` if never used.
    """

    key: str
    program_id: UUID
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether the token has expired."""
        return self.expires_at is not None and self.expires_at <= now
