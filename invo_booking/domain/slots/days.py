"""Define the busy spans of one agent on one day, as numbers."""

from collections.abc import Sequence
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


def stack_rows(parts: Sequence[Rows]) -> Rows:
    """Return all rows in one array; not a copy if there is only one part."""
    return parts[0] if len(parts) == 1 else np.concatenate([NOTHING, *parts])


def changed_span(old: Rows, new: Rows) -> tuple[int, int] | None:
    """Return the first changed minute and the first beyond; ``None`` if unchanged."""
    if np.array_equal(old, new):
        return None
    rows = np.concatenate((old, new))
    return int(rows[:, START].min()), int(rows[:, END].max())


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


class _Owned:
    """Busy spans of an owner: an agent, or a queue with its unassigned appointments."""

    __slots__ = ()

    owner_id: UUID
    language: str
    branch_id: UUID | None

    @property
    def group(self) -> Group:
        """Queue, language and branch of unassigned appointments."""
        return Group(self.owner_id, self.language, self.branch_id)


@dataclass(frozen=True, slots=True)
class AgentDay(_Owned):
    """All busy spans of one owner that start on one date in the institution's zone.

    The owner is an agent, or a queue with its unassigned appointments in one language.

    Attributes:
        owner_id: Id of the agent or the queue.
        language: ISO 639-1 code of a queue's appointments; empty for an agent.
        day: The date on which the spans start.
        branch_id: Branch of a queue's visits; ``None`` for other channels and agents.
    """

    owner_id: UUID
    language: str
    day: date
    spans: Rows
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AgentBusy(_Owned):
    """All busy spans of one owner on all days; otherwise like ``AgentDay``."""

    owner_id: UUID
    language: str
    spans: Rows
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AppointmentKey:
    """The values that identify an appointment's span among the busy spans.

    Attributes:
        agent_id: ``None`` if the appointment is unassigned.
        before: Time that the agent keeps free before the appointment.
        after: Time that the agent keeps free after the appointment.
    """

    agent_id: UUID | None
    group: Group
    period: Interval
    before: timedelta
    after: timedelta

    @property
    def minutes(self) -> tuple[int, int, int, int]:
        """First minute, first minute beyond, minutes kept free before and after."""
        return (
            floor_minute(self.period.start),
            ceil_minute(self.period.end),
            whole_minutes(self.before),
            whole_minutes(self.after),
        )
