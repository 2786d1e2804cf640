"""The agents, their time and the claims on it, from which slots are computed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.interval import Interval

NONE = timedelta()

READING_LIMIT = timedelta(minutes=60)
"""How long a reading of an outside calendar is relied on by default."""


@dataclass(frozen=True, slots=True)
class Group:
    """What an appointment requires of an agent.

    Attributes:
        language: ISO 639-1 code.
        branch_id: Where a visit is held; ``None`` for other channels, which agents of
            all branches serve.
    """

    queue_id: UUID
    language: str
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A live appointment of one agent, with the time kept free around it."""

    period: Interval
    before: timedelta = NONE
    after: timedelta = NONE


@dataclass(frozen=True, slots=True)
class CalendarFreshness:
    """When and how an agent's outside calendar was last read.

    Attributes:
        read_at: Time of the last successful reading, in UTC; ``None`` if never.
        problem: Why the last reading failed; empty if it succeeded.
        limit: How long a reading is relied on.
    """

    read_at: datetime | None
    problem: str = ""
    limit: timedelta = READING_LIMIT

    def is_known(self, now: datetime) -> bool:
        """Whether the last reading is recent enough to rely on."""
        return self.read_at is not None and now - self.read_at <= self.limit


@dataclass(frozen=True, slots=True)
class Member:
    """An active agent, without working hours and appointments.

    Attributes:
        reading: ``None`` if no outside calendar counts.
        branches: Where the agent works; empty for everywhere.
    """

    id: UUID
    name: str
    queues: frozenset[UUID]
    languages: frozenset[str]
    reading: CalendarFreshness | None = None
    branches: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSupply:
    """One active agent's time, as far as a question needs it.

    Attributes:
        duty: Working time, in UTC, without time off.
        booked: The agent's own live appointments.
        busy: Busy intervals of outside calendars; empty if they do not count.
        reading: Freshness of the outside calendar; ``None`` if none counts. An agent
            whose calendar is not known is on duty but never free.
        branches: Where the agent works; empty for everywhere.
    """

    agent_id: UUID
    name: str
    queues: frozenset[UUID]
    languages: frozenset[str]
    duty: tuple[Interval, ...]
    booked: tuple[Booking, ...] = ()
    busy: tuple[Interval, ...] = ()
    reading: CalendarFreshness | None = None
    branches: frozenset[UUID] = frozenset()
