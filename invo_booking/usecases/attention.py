"""What an administrator should not overlook, wherever they are."""

from invo_booking.domain.roles import Actor
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.registration import label


def attention(deps: Deps, actor: Actor) -> str:
    """Return that a calendar's connection needs a person; empty if none does.

    Empty as well for everybody who does not administer.
    """
    if not actor.administers:
        return ""
    with deps.unit_of_work() as work:
        connection = work.connections.active()
    if connection is None or not connection.needs_person:
        return ""
    return f"{label(connection.provider)} needs you"
