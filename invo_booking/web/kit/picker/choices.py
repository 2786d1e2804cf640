"""Choices between a few options, each with its own label."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from invo_booking.usecases.slots.assigning import AgentChoice


@dataclass
class ChoiceView:
    """An option, drawn as a button."""

    key: str
    label: str
    icon: str = ""
    code: str = ""
    """BCP 47 tag of the label's language, if it is not the language of the page."""

    picked: bool = False


def adviser_choices(
    agents: Sequence[AgentChoice], picked: UUID | None
) -> list[ChoiceView]:
    """Return an option for each agent whom the visitor may choose."""
    return [
        ChoiceView(key=str(one.id), label=one.name, picked=one.id == picked)
        for one in agents
    ]
