"""Determine the branch at which a visit is held."""

from uuid import UUID

from invo_booking.domain.appointment import Appointment, Channel
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
        wanted: The chosen branch; may be ``None`` if only one branch is open.

    Raises:
        InvalidInputError: If a branch has to be chosen, or the chosen branch is not
            open.
    """
    if channel is not Channel.BRANCH:
        return None
    is_open = {it.id for it in roster.open_branches}
    if wanted is None and len(is_open) == 1:
        return is_open.pop()
    if wanted not in is_open:
        raise InvalidInputError({"branch": say("refusals.branch")})
    return wanted


def branch_after_change(
    roster: Roster, before: Appointment, channel: Channel | None, wanted: UUID | None
) -> UUID | None:
    """Return the branch after a change; without a new branch, a visit keeps its branch.

    Args:
        roster: The institution.
        before: The appointment before the change.
        channel: The new channel; ``None`` if the channel stays.
        wanted: The new branch; ``None`` if the branch stays.

    Raises:
        InvalidInputError: If a branch has to be chosen, or the chosen branch is not
            open.
    """
    after = channel or before.channel
    if after is before.channel and wanted in {None, before.branch_id}:
        return before.branch_id
    return branch_for_channel(roster, after, wanted)
