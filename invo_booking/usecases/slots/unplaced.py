"""Find unassigned appointments that no agent can take.

Such appointments exist if an agent leaves, a queue or language loses its last agent, or
all agents are busy. No agent's calendar shows these appointments, so they are listed
separately until they are assigned, moved or cancelled.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.waiting import Claimant
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.question import appointment_key

MOST = 500
"""Maximum number of unassigned appointments that are examined, earliest first."""


def unplaced_appointments(deps: Deps, actor: Actor) -> tuple[Appointment, ...]:
    """Return the unassigned appointments that no agent can take, earliest first.

    The result is empty unless the actor is a booking manager, manager or administrator.
    """
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
    """Return the ids of unassigned appointments that no agent can take.

    This includes all appointments on closed days. If two appointments compete for the
    only free agent, one of the two is included. For an agent whose calendar cannot be
    read, the last known state counts.

    Args:
        appointments: Live unassigned appointments that have not ended.
    """
    ahead = list(appointments)
    closed = {it.id for it in ahead if work.roster.holiday_of(it)}
    stuck = (
        it
        for rivals in _rivals(it for it in ahead if it.id not in closed)
        for it in _stuck_appointments(work, rivals, now)
    )
    return frozenset({*closed, *stuck})


def _rivals(appointments: Iterable[Appointment]) -> Iterator[list[Appointment]]:
    """Yield groups of appointments that may compete for the same agents."""
    group, ends_at = list[Appointment](), datetime.min.replace(tzinfo=UTC)
    for one in sorted(appointments, key=lambda it: it.buffered_period.start):
        taken = one.buffered_period
        if group and taken.start >= ends_at:
            yield group
            group = []
        group.append(one)
        ends_at = max(ends_at, taken.end)
    if group:
        yield group


def _stuck_appointments(
    work: UnitOfWork, rivals: Sequence[Appointment], now: datetime
) -> list[UUID]:
    first = min(one.starts_at for one in rivals)
    last = max(one.ends_at for one in rivals)
    claimants = [Claimant.of(appointment_key(one)) for one in rivals]
    with work.availability(Interval(first, last), now) as index:
        return [rivals[index].id for index in index.claims_without_agent(claimants)]
