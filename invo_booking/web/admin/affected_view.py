"""Appointments a change concerns, as administrators read them before it is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from invo_booking.usecases.admin.affected import AffectedAppointment
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.web.core import routes
from invo_booking.web.kit.words import ViewerContext


@dataclass
class DisplacedView:
    """One appointment the change concerns.

    Attributes:
        instead: What would come of giving it to somebody else.
        kept: What would come of keeping it.
        moves: Whether it is to be given to somebody else; else it stays.
    """

    id: str = ""
    when: str = ""
    who: str = ""
    why: str = ""
    instead: str = ""
    kept: str = ""
    moves: bool = False
    href: str = ""


def displaced_views(
    displaced: Iterable[AffectedAppointment],
    viewer: ViewerContext,
    *,
    handing_over: bool = False,
) -> list[DisplacedView]:
    """Return the appointments by their time in the reader's words.

    Args:
        displaced: The appointments.
        viewer: Who reads the page, and when.
        handing_over: Whether giving them to colleagues is offered.
    """
    return [_view(one, viewer, handing_over=handing_over) for one in displaced]


def fates_of(
    displaced: Iterable[DisplacedView], fate: Disposition
) -> dict[UUID, Disposition]:
    """Return the same decision for all appointments shown."""
    return {UUID(one.id): fate for one in displaced}


def _view(
    displaced: AffectedAppointment, viewer: ViewerContext, *, handing_over: bool
) -> DisplacedView:
    instead = f" {displaced.instead}" if handing_over and displaced.instead else ""
    day = viewer.day(displaced.starts_at)
    agent = f" with {displaced.agent}" if displaced.agent else ", unassigned"
    query = f"scope=team&view=day&date={day:%Y-%m-%d}&a={displaced.id}"
    return DisplacedView(
        id=str(displaced.id),
        when=f"{viewer.day_name(day)}, {viewer.clock(displaced.starts_at)}",
        who=f"{displaced.customer}: {displaced.title}{agent}",
        why=f"{displaced.why}{instead}",
        instead=displaced.instead,
        kept=displaced.kept,
        href=f"{routes.BOOKINGS}?{query}",
    )
