"""Find unassigned appointments that no agent can take.

This happens if an agent leaves, a queue or language loses its last agent, or all agents
are busy. No agent's calendar shows these appointments, so they are listed separately
until they are placed, moved or cancelled.
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
"""Most unassigned appointments examined, earliest first."""


def unplaced_appointments(deps: Deps, actor: Actor) -> tuple[Appointment, ...]:
    """Return the appointments no agent can take, earliest first, for overseers."""
    if not actor.oversees:
        return ()
    now = deps.now()
    with deps.unit_of_work() as work:
        appointments = work.appointments.unassigned_from(now, MOST)
        stuck = appointments_nobody_can_take(work, appointments, now)
        return tuple(one for one in appointments if one.id in stuck)


def appointments_nobody_can_take(
    work: UnitOfWork, appointments: Iterable[Appointment], now: datetime
) -> frozenset[UUID]:
    """Return which unassigned appointments no agent can take.

    Of two that compete for the only agent, one is included. For an agent whose calendar
    cannot be read, the last known state counts.

    Args:
        work: The transaction.
        appointments: Live unassigned appointments that have not ended.
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
