"""Choose the agent of an appointment."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from invo_booking.texts import say


class Mode(StrEnum):
    """How the requests of a queue get their agent."""

    UNASSIGNED = "unassigned"
    """No agent at first; staff assign or take the appointment."""

    FEWEST = "fewest"
    """The agent with the fewest appointments that day."""

    CHOSEN = "chosen"
    """The agent the customer chose; none if the customer has no preference."""


CHOSEN_BY_CUSTOMER = "rules.assignment.by_customer"
KEPT_WHEN_MOVED = "rules.assignment.kept_by_move"


def fewest_because(count: int) -> str:
    """Return the reason why the agent with the fewest appointments was chosen.

    Args:
        count: Number of appointments the agent already had that day.
    """
    return say("rules.assignment.fewest", count=count)


def fewest_today(candidates: Iterable[UUID], counts: Mapping[UUID, int]) -> UUID:
    """Return the agent with the fewest appointments that day.

    Args:
        candidates: Agents who can take the appointment.
        counts: Number of appointments on that institution day by agent, including those
            that are over; a missing agent has none.

    Returns:
        The same agent for the same data, in any order: if several have equally few, the
        one with the lowest id.

    Raises:
        ValueError: If there are no candidates.
    """
    return min(candidates, key=lambda agent: (counts.get(agent, 0), agent))
