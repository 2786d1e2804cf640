"""The agents whose calendar cannot be read, as an administrator reads them."""

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
        since: When the first failure was, on the reader's clock.
        code: The provider's own name of the failure; empty if it gave none.
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
    """Return the agents whose calendar cannot be read, the longest unread first."""
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
