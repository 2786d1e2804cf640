"""The agents whose calendar cannot be read, in words for an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.texts import say
from invo_booking.usecases.calendars.outside_agents import UnreadAgent
from invo_booking.web.kit.text.words import ViewerContext


@dataclass
class UnreadAgentView:
    """One agent whose calendar cannot be read.

    Attributes:
        id: The agent's id.
        since: Time of the first failure, in the reader's zone.
        code: The provider's error code; empty if there is none.
    """

    id: str
    name: str
    mailbox: str
    since: str
    sentence: str
    code: str


def unread_calendar_views(
    agents: Sequence[UnreadAgent], viewer: ViewerContext
) -> list[UnreadAgentView]:
    """Return the agents whose calendar cannot be read, earliest failure first."""
    return [
        UnreadAgentView(
            id=str(one.agent_id),
            name=one.name,
            mailbox=one.mailbox,
            since=say("connection.unread.since", time=viewer.moment(one.since)),
            sentence=one.sentence,
            code=one.code,
        )
        for one in agents
    ]
