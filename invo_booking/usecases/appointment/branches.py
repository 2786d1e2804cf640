"""Decide at which branch a visit is held."""

from uuid import UUID

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.institution import Roster
from invo_booking.texts import say


def branch_for_channel(
    roster: Roster, channel: Channel, wanted: UUID | None
) -> UUID | None:
    """Return the branch of an appointment; ``None`` unless it is a visit.

    Args:
        roster: The institution.
        channel: How customer and agent meet.
        wanted: The chosen branch; may be ``None`` where only one is open.

    Raises:
        InvalidInputError: If a branch has to be chosen, or the chosen one is not open.
    """
    if channel is not Channel.BRANCH:
        return None
    is_open = {it.id for it in roster.open_branches}
    if wanted is None and len(is_open) == 1:
        return is_open.pop()
    if wanted not in is_open:
        raise InvalidInputError({"branch": say("refusals.branch")})
    return wanted
