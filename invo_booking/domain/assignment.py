"""Who gets an appointment."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID


class Mode(StrEnum):
    """How a queue's requests find their agent."""

    UNASSIGNED = "unassigned"
    """Nobody at first; staff assign or take."""

    FEWEST = "fewest"
    """Whoever has the fewest appointments that day."""

    CHOSEN = "chosen"
    """The agent the customer chose; nobody if the customer does not mind."""


CHOSEN_BY_CUSTOMER = "Chosen by the customer"
KEPT_WHEN_MOVED = "Stayed when the customer moved it"


def fewest_because(count: int) -> str:
    """Return why the agent with the fewest appointments got one more.

    Args:
        count: How many the agent had that day before.
    """
    return f"Fewest appointments that day ({count})"


def fewest_today(candidates: Iterable[UUID], counts: Mapping[UUID, int]) -> UUID:
    """Return the agent with the fewest appointments that day.

    Args:
        candidates: Agents who can take the appointment.
        counts: Appointments of that institution day by agent, those that are over
            included; a missing agent has none.

    Returns:
        The same agent for the same data, whatever the order: of several with equally
        few, the one with the lowest id.

    Raises:
        ValueError: If nobody can take it.
    """
    return min(candidates, key=lambda agent: (counts.get(agent, 0), agent))
