"""Describe the events that appointments have in the host calendar."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from invo_booking.domain.interval import Interval


class EventState(StrEnum):
    """The state of an appointment's event."""

    PENDING = "pending"
    """The product is writing the event; whether the event exists is not known yet."""

    WRITTEN = "written"
    MOVED = "moved"
    """Somebody moved the event in the host calendar, either to a time that the
    appointment cannot have, or together with many other events. Staff decide what
    happens."""

    DELETED = "deleted"
    """Somebody deleted the event in the host calendar, and the appointment was not
    cancelled automatically. Staff decide what happens to the appointment."""

    REFUSED = "refused"
    """The provider refuses the event; ``problem`` says why."""

    GONE = "gone"
    """The event was removed: the appointment was cancelled or is over."""


NEEDS_DECISION = frozenset({EventState.MOVED, EventState.DELETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An appointment's event as the product last wrote or read it.

    Attributes:
        key: The product's own id of the event. Each time an event is created, it gets a
            new key.
        version: The provider's version of the event when the product last wrote or read
            it.
        digest: Digest of what the product wrote; empty if nothing was written yet.
        agent_id: The agent in whose mailbox the event was also written.
        period: Time of the event as the product last wrote it or accepted it from the
            calendar.
        wanted: Time to which the event was moved in the calendar, if the appointment
            was not moved to the same time; otherwise ``None``.
        problem: Why the appointment cannot be moved to ``wanted``, or why the event
            could not be written. Empty if many events were moved together: the product
            does not try to move their appointments.
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


def order_of_move(before: Interval, after: Interval) -> tuple[bool, float]:
    """Return a key that sorts moved events so that each makes room for the next.

    Events that were moved to later times come first, the latest of them first. Then
    come the other events, the earliest first. So if all events of a day were moved by
    half an hour, their appointments can be moved one by one.

    Args:
        before: Time of the event before it was moved.
        after: Time to which the event was moved.
    """
    start = before.start.timestamp()
    is_later = after.start > before.start
    return (False, -start) if is_later else (True, start)
