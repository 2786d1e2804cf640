"""Choose the agent of an appointment."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from invo_booking.texts import say


class Mode(StrEnum):
    """How an appointment of a queue gets its agent."""

    UNASSIGNED = "unassigned"
    """No agent at first; staff assign the appointment to somebody or to themselves."""

    FEWEST = "fewest"
    """The agent with the fewest appointments that day."""

    CHOSEN = "chosen"
    """The agent the customer chose; no agent if the customer has no preference."""


CHOSEN_BY_CUSTOMER = "rules.assignment.by_customer"
KEPT_WHEN_MOVED = "rules.assignment.kept_by_move"


def fewest_because(count: int) -> str:
    """Return a sentence: an agent was chosen for having the fewest appointments.

    Args:
        count: Number of appointments the agent already has that day.
    """
    return say("rules.assignment.fewest", count=count)


def fewest_today(candidates: Iterable[UUID], counts: Mapping[UUID, int]) -> UUID:
    """Return the agent with the fewest appointments that day.

    Args:
        candidates: Agents who can take the appointment.
        counts: For each agent, the number of appointments on that day in the
            institution's zone, including appointments that are over. An agent who is
            missing here has no appointments.

    Returns:
        If several agents have equally few appointments, the agent with the lowest id.

    Raises:
        ValueError: If there are no candidates.
    """
    return min(candidates, key=lambda agent: (counts.get(agent, 0), agent))
