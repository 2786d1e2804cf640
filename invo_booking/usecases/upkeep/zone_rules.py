"""Keep appointments at the agreed wall time when the rules of a time zone change.

Appointments are stored as instants, but people agree on wall times. If a law changes
when clocks are set forward or back, earlier appointments would be off by an hour. So
their instants are changed to keep the agreed wall time.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from invo_booking.domain.errors import ConflictError, SlotTakenError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment import changing, history
from invo_booking.usecases.appointment.changing import Move
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import availability


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedAppointment:
    """An appointment whose instant no longer matches the agreed wall time.

    Attributes:
        starts_at: In UTC, as stored.
        agreed_at: Instant of the agreed wall time under the zone's current rules, in
            UTC.
    """

    appointment_id: UUID
    starts_at: datetime
    agreed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTimesOutcome:
    """The result of moving appointments to their agreed wall time.

    Attributes:
        moved: Number of moved appointments.
        unassigned: Number of moved appointments that became unassigned because their
            agent is busy at the new instant.
        left: Number of appointments that were not moved, because they were changed
            meanwhile or their time has passed.
    """

    moved: int
    unassigned: int
    left: int


def shifted_appointments(deps: Deps) -> list[ShiftedAppointment]:
    """Return the appointments whose instant no longer matches the agreed wall time."""
    with deps.unit_of_work() as work:
        if not work.is_set_up:
            return []
        return _find_shifted(work, deps.now())


def keep_wall_times(deps: Deps) -> WallTimesOutcome:
    """Move ``shifted_appointments`` to their agreed wall time, and mail the customers.

    Each appointment is moved in its own transaction. Idempotent, and safe to kill.
    """
    moved = unassigned = left = 0
    shifted = shifted_appointments(deps)
    # To avoid collisions, moves to a later time come first, the latest of them first.
    later = [it for it in shifted if it.agreed_at > it.starts_at]
    for one in (*reversed(later), *(it for it in shifted if it not in later)):
        is_moved, lost_agent = _keep_wall_time(deps, one)
        moved += is_moved
        left += not is_moved
        unassigned += lost_agent
    deps.wake()
    return WallTimesOutcome(moved=moved, unassigned=unassigned, left=left)


def _find_shifted(work: UnitOfWork, now: datetime) -> list[ShiftedAppointment]:
    fallback = work.roster.institution.zone
    return [
        ShiftedAppointment(
            appointment_id=agreed.appointment_id,
            starts_at=agreed.starts_at,
            agreed_at=agreed_at,
        )
        for agreed in work.wall_times.ahead(now)
        if (agreed_at := agreed.by_todays_rules(fallback)) != agreed.starts_at
    ]


def _keep_wall_time(deps: Deps, one: ShiftedAppointment) -> tuple[bool, bool]:
    """Return whether the appointment was moved, and whether it became unassigned."""
    with suppress(ConflictError):
        try:
            return _move_to_wall_time(deps, one), False
        except SlotTakenError:
            is_moved = _move_to_wall_time(deps, one, keeps_agent=False)
            return is_moved, is_moved
    return False, False


def _move_to_wall_time(
    deps: Deps, one: ShiftedAppointment, *, keeps_agent: bool = True
) -> bool:
    now, by = deps.now(), one.agreed_at - one.starts_at
    with deps.unit_of_work() as work:
        appointment = work.appointments.find(one.appointment_id)
        if appointment is None:
            return False
        there = replace(
            appointment, starts_at=one.agreed_at, ends_at=appointment.ends_at + by
        )
        before = availability.lock_appointment(work, now, appointment, there.period)
        if before != appointment or not before.is_live or one.agreed_at <= now:
            return False
        after = there if keeps_agent else replace(there, agent_id=None)
        because = say("upkeep.zone_rules.changed")
        move = Move(actor=history.SYSTEM, action="moved", detail={"because": because})
        changing.store_change(deps, work, before, after, move, now)
        return True
