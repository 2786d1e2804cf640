"""Our appointments in the host calendar: what is there, and what it means."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from invo_booking.domain.interval import Interval


class EventState(StrEnum):
    """The state of an appointment's event."""

    PENDING = "pending"
    """It is being written; whether it is there is not known."""

    WRITTEN = "written"
    MOVED = "moved"
    """Moved there to a time that cannot be followed; staff decide."""

    DELETED = "deleted"
    """Deleted there, and the setting says that staff decide."""

    REFUSED = "refused"
    """The provider does not take it; ``problem`` says why."""

    GONE = "gone"
    """Removed, since the appointment is over or was cancelled."""


NEEDS_DECISION = frozenset({EventState.MOVED, EventState.DELETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An appointment's event as we last wrote or saw it.

    Attributes:
        key: Our own id of the event; another one each time it is made again.
        version: The provider's, as of when we last wrote or saw it.
        digest: Of all we wrote; empty if nothing was written yet.
        agent_id: Whose mailbox it was also written to.
        period: When it takes place as last written by us, or accepted from there.
        wanted: Where it is there instead, as long as that cannot be followed.
        problem: Why that cannot be followed, or why it could not be written.
    """

    appointment_id: UUID
    connection_id: UUID
    key: UUID = field(default_factory=uuid4)
    event_id: str = ""
    version: str = ""
    uid: str = ""
    state: EventState
    digest: str = ""
    agent_id: UUID | None = None
    period: Interval
    wanted: Interval | None = None
    problem: str = ""
    join_url: str = ""
    written_at: datetime | None = None
    seen_at: datetime | None = None
