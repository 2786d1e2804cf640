"""Describe agents and their time, from which slots are computed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from invo_booking.domain.interval import Interval

NONE = timedelta()

READING_LIMIT = timedelta(minutes=60)
"""Age up to which a reading of an outside calendar counts by default."""


class Group(NamedTuple):
    """What an appointment requires of an agent.

    Attributes:
        language: ISO 639-1 code.
        branch_id: Branch of a visit; ``None`` for other channels, which agents of all
            branches serve.
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
        limit: Age up to which a reading counts.
    """

    read_at: datetime | None
    problem: str = ""
    limit: timedelta = READING_LIMIT

    def is_known(self, now: datetime) -> bool:
        """Whether the last reading is recent enough to count."""
        return self.read_at is not None and now - self.read_at <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSupply:
    """The time of one active agent in a window.

    Attributes:
        duty: Working time without time off, in UTC.
        booked: The agent's live appointments.
        busy: Busy intervals of the outside calendar; empty if this calendar does not
            count.
        reading: When the outside calendar was last read; ``None`` if no outside
            calendar counts. An agent whose calendar was last read too long ago is on
            duty but never free.
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
