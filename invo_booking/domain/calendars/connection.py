"""Describe the connection to a provider and its states."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.calendars.outside import HostCalendar


class ConnectionState(StrEnum):
    """The state of a connection."""

    CONNECTED = "connected"
    RECONNECT = "reconnect"
    """A person must sign in again or correct a credential."""

    PERMISSION = "permission"
    """A required permission is missing."""

    THROTTLED = "throttled"
    """The provider limits the rate of calls for a while; nobody needs to act."""

    DOWN = "down"
    """The provider cannot be reached; the product will try again."""

    DISCONNECTED = "disconnected"
    """An administrator ended the connection; its row still shows who did so, and
    when."""


NEEDS_PERSON = frozenset({ConnectionState.RECONNECT, ConnectionState.PERMISSION})
"""States that end only when a person acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An account at a provider, with its grant and state.

    Attributes:
        provider: The provider's name in the settings.
        problem: Why the connection does not work, as a sentence; empty if it works.
        account: Address of the person who signed in.
        host: The host calendar; ``None`` until one is chosen.
        scopes: Names of the granted permissions.
        sealed_grant: Tokens, encrypted for the purpose ``"connection:<id>"``.
        grant_version: Incremented each time the tokens change.
        tried_at: Time of the last call, in UTC.
        succeeded_at: When the calendars were last read completely, in UTC.
        paused_until: No calls are made before this instant.
        unreadable: Sentence about the events that could not be read when the host
            calendar was last read; empty if all events could be read.
    """

    id: UUID
    provider: str
    state: ConnectionState
    problem: str = ""
    account: str
    account_name: str = ""
    tenant: str = ""
    host: HostCalendar | None = None
    scopes: frozenset[str] = frozenset()
    sealed_grant: str = ""
    grant_version: int = 0
    connected_by: str = ""
    connected_at: datetime
    tried_at: datetime | None = None
    succeeded_at: datetime | None = None
    next_run_at: datetime | None = None
    paused_until: datetime | None = None
    unreadable: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether trying again is useless until a person acts."""
        return self.state in NEEDS_PERSON

    def is_paused(self, now: datetime) -> bool:
        """Whether calls must still wait because the provider limits their rate."""
        return self.paused_until is not None and now < self.paused_until
