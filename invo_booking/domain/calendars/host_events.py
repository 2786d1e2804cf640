"""Describe the events of our appointments in the host calendar."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from invo_booking.domain.interval import Interval


class EventState(StrEnum):
    """The state of an appointment's event."""

    PENDING = "pending"
    """The event is being written; it is not known whether it exists."""

    WRITTEN = "written"
    MOVED = "moved"
    """Moved in the host calendar to a time the appointment cannot follow; staff decide.
    """

    DELETED = "deleted"
    """Deleted in the host calendar, and the setting leaves the decision to staff."""

    REFUSED = "refused"
    """The provider refuses the event; ``problem`` says why."""

    GONE = "gone"
    """Removed because the appointment is over or was cancelled."""


NEEDS_DECISION = frozenset({EventState.MOVED, EventState.DELETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An appointment's event as we last wrote or saw it.

    Attributes:
        key: The product's own id of the event; a new one each time the event is
            created.
        version: The provider's version when we last wrote or read the event.
        digest: Digest of what we wrote; empty if nothing was written yet.
        agent_id: The agent in whose mailbox the event was also written.
        period: Time of the event as we last wrote it, or accepted it from the calendar.
        wanted: Time of the event in the calendar, as long as the appointment cannot
            follow it.
        problem: Why the appointment cannot follow, or why the event could not be
            written.
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
