"""Appointments a change concerns, as administrators read them before it is saved."""

from collections.abc import Iterable
from dataclasses import dataclass

from invo_booking.usecases.displaced import Displaced
from invo_booking.web import routes
from invo_booking.web.presenters.staff import Eyes


@dataclass
class DisplacedView:
    """One appointment the change concerns."""

    id: str = ""
    when: str = ""
    who: str = ""
    why: str = ""
    href: str = ""


def displaced_views(displaced: Iterable[Displaced], eyes: Eyes) -> list[DisplacedView]:
    """Return the appointments by their time in the reader's words."""
    return [_view(one, eyes) for one in displaced]


def _view(displaced: Displaced, eyes: Eyes) -> DisplacedView:
    day = eyes.day(displaced.starts_at)
    agent = f" with {displaced.agent}" if displaced.agent else ", unassigned"
    query = f"scope=team&view=day&date={day:%Y-%m-%d}&a={displaced.id}"
    return DisplacedView(
        id=str(displaced.id),
        when=f"{eyes.day_name(day)}, {eyes.clock(displaced.starts_at)}",
        who=f"{displaced.customer}: {displaced.title}{agent}",
        why=displaced.why,
        href=f"{routes.BOOKINGS}?{query}",
    )
