"""Define the busy spans of one agent on one day, as numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.hours import AgentHours
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.supply import Group
from invo_booking.domain.wall import ceil_minute, floor_minute, whole_minutes

Rows = NDArray[np.int32]
"""Spans as rows: first minute and first minute beyond (UTC, since 1970), minutes to
keep free before and after, and the kind: ``OWN`` or ``OUTSIDE``."""

OWN = 0
"""An appointment of this product."""

OUTSIDE = 1
"""A busy interval of an outside calendar."""

NOTHING: Rows = np.zeros((0, 5), np.int32)

START, END, BEFORE, AFTER, KIND = range(5)


@dataclass(frozen=True, slots=True)
class Agent:
    """An active agent.

    Attributes:
        branches: Where the agent works; empty for everywhere.
    """

    id: UUID
    name: str
    queues: frozenset[UUID]
    languages: frozenset[str]
    hours: AgentHours
    branches: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class AgentDay:
    """All spans of an owner that start on one institution date.

    Attributes:
        owner_id: An agent; a queue if a language is given.
        language: Empty for an agent. Otherwise the spans are unassigned appointments of
            the queue in this language.
        day: The institution date the spans start on.
        branch_id: Where visits of a queue are held; otherwise ``None``.
    """

    owner_id: UUID
    language: str
    day: date
    spans: Rows
    branch_id: UUID | None = None

    @property
    def group(self) -> Group:
        """Group of a queue's spans."""
        return Group(self.owner_id, self.language, self.branch_id)


@dataclass(frozen=True, slots=True)
class AgentBusy:
    """All spans of an owner, on any day; otherwise like ``AgentDay``."""

    owner_id: UUID
    language: str
    spans: Rows
    branch_id: UUID | None = None

    @property
    def group(self) -> Group:
        """Group of a queue's spans."""
        return Group(self.owner_id, self.language, self.branch_id)


@dataclass(frozen=True, slots=True)
class AppointmentKey:
    """Key of an appointment among the spans of its day.

    Attributes:
        agent_id: ``None`` if unassigned.
        before: Time kept free before it.
        after: Time kept free after it.
    """

    agent_id: UUID | None
    group: Group
    period: Interval
    before: timedelta
    after: timedelta

    @property
    def minutes(self) -> tuple[int, int, int, int]:
        """First minute, first minute beyond, minutes to keep free before and after."""
        return (
            floor_minute(self.period.start),
            ceil_minute(self.period.end),
            whole_minutes(self.before),
            whole_minutes(self.after),
        )
