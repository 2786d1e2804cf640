"""The connection to an outside calendar: what state it is in, and what that means."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.calendars.outside import HostCalendar


class ConnectionState(StrEnum):
    """The state of a connection, as administrators see it."""

    CONNECTED = "connected"
    RECONNECT = "reconnect"
    """A person has to sign in again or mend a credential."""

    PERMISSION = "permission"
    """Something we need is not allowed."""

    THROTTLED = "throttled"
    """The provider asked for patience; it passes by itself."""

    DOWN = "down"
    """The provider cannot be reached; it is tried again by itself."""

    DISCONNECTED = "disconnected"
    """Ended by an administrator; kept so that it can be said when and by whom."""


NEEDS_PERSON = frozenset({ConnectionState.RECONNECT, ConnectionState.PERMISSION})
"""States that do not pass by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An account at a provider.

    Attributes:
        provider: Name in the settings, such as ``"outlook"``.
        problem: Why it is not simply connected, as a sentence; empty if it is.
        account: Address of who signed in.
        host: The calendar appointments stand in; ``None`` until one is chosen.
        scopes: Names of the permissions granted.
        sealed_grant: Tokens, sealed with ``"connection:<id>"`` as their purpose.
        grant_version: Rises each time the tokens change.
        tried_at: When it was last asked.
        succeeded_at: When everything was last read from beginning to end.
        paused_until: Until then nothing may be asked.
        unreadable: Which events of the host calendar could not be read the last time,
            as a sentence; empty if all were.
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
        """Whether trying again is useless until somebody does something."""
        return self.state in NEEDS_PERSON

    def is_paused(self, now: datetime) -> bool:
        """Whether the provider asked for patience that is not over."""
        return self.paused_until is not None and now < self.paused_until
