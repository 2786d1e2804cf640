"""Show the appointments that a change affects before the change is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from invo_booking.texts import say
from invo_booking.usecases.admin.affected import AffectedAppointment
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.web.core import routes
from invo_booking.web.kit.text.words import ViewerContext


@dataclass
class AffectedView:
    """One affected appointment.

    Attributes:
        instead: What happens if the appointment is reassigned.
        kept: What happens if the appointment stays with its agent.
        moves: Whether the appointment is reassigned; otherwise it stays.
    """

    id: str = ""
    when: str = ""
    who: str = ""
    why: str = ""
    instead: str = ""
    kept: str = ""
    moves: bool = False
    href: str = ""


def affected_views(
    affected: Iterable[AffectedAppointment], viewer: ViewerContext
) -> list[AffectedView]:
    """Return the affected appointments, sorted by time, in the reader's words."""
    return [_affected_view(one, viewer) for one in affected]


def disposition_by_affected(
    affected: Iterable[AffectedView], disposition: Disposition
) -> dict[UUID, Disposition]:
    """Return the same decision for all of the affected appointments."""
    return {UUID(one.id): disposition for one in affected}


def _affected_view(
    affected: AffectedAppointment, viewer: ViewerContext
) -> AffectedView:
    day = viewer.day(affected.starts_at)
    agent = (
        say("admin.affected.agent", agent=affected.agent)
        if affected.agent
        else say("admin.affected.unassigned")
    )
    query = f"scope=team&view=day&date={day:%Y-%m-%d}&a={affected.id}"
    return AffectedView(
        id=str(affected.id),
        when=f"{viewer.day_name(day)}, {viewer.clock(affected.starts_at)}",
        who=f"{affected.customer}: {affected.title}{agent}",
        why=affected.why,
        instead=affected.instead,
        kept=affected.kept,
        href=f"{routes.BOOKINGS}?{query}",
    )
