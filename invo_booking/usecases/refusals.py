"""Who asked for what their role does not allow, as the audit trail keeps it."""

from invo_booking.domain.roles import Actor
from invo_booking.persistence.audit import AuditEntry
from invo_booking.usecases.deps import Deps

LONGEST_NAME = 80


def note(deps: Deps, actor: Actor, wanted: str) -> None:
    """Write down that somebody signed in was refused.

    Args:
        deps: The product's parts.
        actor: Who was refused.
        wanted: Name of the event or pattern of the route, never what was sent along.
    """
    with deps.unit_of_work() as work:
        work.audit.add(
            AuditEntry(
                at=deps.now(),
                actor=actor.name,
                action="refused",
                object_kind="request",
                object_id=wanted[:LONGEST_NAME],
                detail={"person": str(actor.id), "roles": sorted(actor.roles)},
            )
        )
