"""Live appointments that a planned change would leave where nobody expects them.

An administrator is shown them before anything is saved. Saving goes through once each
of them was shown and is to be kept; one that came in between is shown first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import InvoError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time

_FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """One appointment that the change would concern.

    Attributes:
        starts_at: In UTC.
        agent: Name; empty if nobody has it yet.
        why: Sentence about what would be wrong with it.
        instead: Sentence about what would come of giving it to somebody else, where
            that is offered.
    """

    id: UUID
    starts_at: datetime
    title: str
    customer: str
    agent: str
    why: str
    instead: str = ""


class DisplacedError(InvoError):
    """A change would displace live appointments, and nobody said what to do with them.

    Attributes:
        displaced: All of them, earliest first.
    """

    code = "displaces_appointments"

    def __init__(self, displaced: Sequence[Displaced]) -> None:
        count = len(displaced)
        noun = "1 appointment" if count == 1 else f"{count} appointments"
        super().__init__(
            f"This concerns {noun}. Nothing is saved yet: look at the list, then keep "
            "them as they are or go back."
        )
        self.displaced = tuple(displaced)


def refuse_unseen(displaced: Sequence[Displaced], keep: Collection[UUID]) -> None:
    """Refuse a change while an appointment it concerns was not shown and kept.

    Args:
        displaced: What the change concerns.
        keep: What the administrator was shown and keeps as it is.

    Raises:
        DisplacedError: If there is another one.
    """
    if any(one.id not in keep for one in displaced):
        raise DisplacedError(displaced)


def by_closing(
    work: UnitOfWork, days: Mapping[date, str], now: datetime
) -> list[Displaced]:
    """Return what lies on dates that would be closed, by name of the closure."""
    zone = work.roster.institution.zone
    return [
        _displaced(work, one, f"It is on {days[day]}.")
        for one in _ahead(work, now)
        if (day := _day(one, zone)) in days
    ]


def by_zone(work: UnitOfWork, zone: ZoneInfo, now: datetime) -> list[Displaced]:
    """Return what lies on an open day now, and on a closed one by another zone."""
    here = work.roster.institution.zone
    return [
        _displaced(work, one, f"By the clock of {zone.key} it is on {closed}.")
        for one in _ahead(work, now)
        if not _closed(work, _day(one, here))
        and (closed := _closed(work, _day(one, zone)))
    ]


def by_leaving(
    work: UnitOfWork, queue_id: UUID, people: Collection[UUID], now: datetime
) -> list[Displaced]:
    """Return what people have in a queue that they would no longer serve."""
    queue = work.roster.queue_name(queue_id)
    return [
        _displaced(
            work,
            one,
            f"{work.roster.person_name(one.agent_id)} would no longer serve {queue}.",
        )
        for one in _ahead(work, now)
        if one.queue_id == queue_id and one.agent_id in people
    ]


def _ahead(work: UnitOfWork, now: datetime) -> Iterable[Appointment]:
    return work.appointments.live_between(Interval(now, _FOREVER))


def _day(appointment: Appointment, zone: ZoneInfo) -> date:
    return appointment.starts_at.astimezone(zone).date()


def _closed(work: UnitOfWork, day: date) -> str:
    if day in work.roster.holidays:
        return work.roster.holidays[day]
    weekend = work.settings[time.WEEKENDS_OFF] and day.weekday() >= _SATURDAY
    return "a weekend" if weekend else ""


def _displaced(work: UnitOfWork, appointment: Appointment, why: str) -> Displaced:
    return Displaced(
        id=appointment.id,
        starts_at=appointment.starts_at,
        title=appointment.title,
        customer=appointment.customer.name,
        agent=work.roster.person_name(appointment.agent_id),
        why=why,
    )
