"""Describe a token of a person or a program; the token itself is not kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invo_booking.domain.access.scopes import TokenScope


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as it is known; the token itself is not.

    Attributes:
        key: Its hash.
        used_at: When it was last used, to the minute; ``None`` for never.
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
    """A token of a program as it is known; the token itself is not.

    Attributes:
        key: Its hash.
        expires_at: ``None`` if it ends by revocation only.
        used_at: When it was last used, to the minute; ``None`` for never.
    """

    key: str
    program_id: UUID
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it has expired."""
        return self.expires_at is not None and self.expires_at <= now
