"""Appointments that wait for an agent and that nobody can take as things are.

An agent left, a queue or language lost its last one, or everybody is busy then. Nobody
sees these by looking at a colleague's calendar, so they stand on a list of their own
until somebody has placed, moved or cancelled them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.waiting import Claimant
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.question import appointment_key

MOST = 500
"""Unassigned appointments looked at, earliest first."""


def unplaced_appointments(deps: Deps, actor: Actor) -> tuple[Appointment, ...]:
    """Return what nobody can take, earliest first; nothing to who oversees nothing."""
    if not actor.oversees:
        return ()
    now = deps.now()
    with deps.unit_of_work() as work:
        found = work.appointments.unassigned_from(now, MOST)
        stuck = appointments_nobody_can_take(work, found, now)
        return tuple(one for one in found if one.id in stuck)


def appointments_nobody_can_take(
    work: UnitOfWork, appointments: Iterable[Appointment], now: datetime
) -> frozenset[UUID]:
    """Return those of some unassigned appointments whom no agent could serve.

    Of two that compete for the only agent, one is among them. An agent whose outside
    calendar cannot be read counts with what is known of it.

    Args:
        work: The transaction.
        appointments: Live ones without an agent, that have not ended.
        now: The present instant in UTC.
    """
    days: dict[date, list[Appointment]] = {}
    for one in appointments:
        days.setdefault(one.starts_at.date(), []).append(one)
    return frozenset(
        it
        for same_day in days.values()
        for it in _stuck_appointments(work, same_day, now)
    )


def _stuck_appointments(
    work: UnitOfWork, same_day: Sequence[Appointment], now: datetime
) -> list[UUID]:
    first = min(one.starts_at for one in same_day)
    last = max(one.ends_at for one in same_day)
    asked = [Claimant.of(appointment_key(one)) for one in same_day]
    with work.availability(Interval(first, last), now) as index:
        return [same_day[index].id for index in index.claims_without_agent(asked)]
