"""Who can serve, and what already claims their time: what slots are made from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.interval import Interval

NONE = timedelta()

READING_LIMIT = timedelta(minutes=60)
"""How long what was read of an outside calendar is relied on, unless said otherwise."""


@dataclass(frozen=True, slots=True)
class Group:
    """What an appointment asks of an agent.

    Attributes:
        language: ISO 639-1 code.
    """

    queue_id: UUID
    language: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A live appointment of one agent, with the time kept free around it."""

    period: Interval
    before: timedelta = NONE
    after: timedelta = NONE


@dataclass(frozen=True, slots=True)
class CalendarFreshness:
    """How an agent's outside calendar was last read.

    Attributes:
        read_at: When it was last read with success, in UTC; ``None`` for never.
        problem: Why it could not be read the last time; empty if it could.
        limit: How long it is relied on.
    """

    read_at: datetime | None
    problem: str = ""
    limit: timedelta = READING_LIMIT

    def is_known(self, now: datetime) -> bool:
        """Whether the calendar was read recently enough to say who is free."""
        return self.read_at is not None and now - self.read_at <= self.limit


@dataclass(frozen=True, slots=True)
class Member:
    """An active agent without the agent's time.

    Attributes:
        reading: ``None`` if no outside calendar counts.
    """

    id: UUID
    name: str
    queues: frozenset[UUID]
    languages: frozenset[str]
    reading: CalendarFreshness | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSupply:
    """One active agent's time, as far as the question asked needs it.

    Attributes:
        duty: When the agent works, in UTC, time off already taken out.
        booked: The agent's own live appointments.
        busy: Busy intervals of outside calendars; empty if they do not count.
        reading: How the outside calendar was last read; ``None`` if none counts. An
            agent whose calendar is not known is on duty, but never free.
    """

    agent_id: UUID
    name: str
    queues: frozenset[UUID]
    languages: frozenset[str]
    duty: tuple[Interval, ...]
    booked: tuple[Booking, ...] = ()
    busy: tuple[Interval, ...] = ()
    reading: CalendarFreshness | None = None
