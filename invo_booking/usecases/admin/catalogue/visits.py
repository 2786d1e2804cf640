"""Tell the customers of visits that their branch has moved or has another name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.branches import Branch
from invo_booking.domain.interval import Interval
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.admin.affected import (
    AffectedAppointment,
    AffectedAppointmentsError,
)
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.appointment import history
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.shared.deps import Deps

_FOREVER = datetime(9000, 1, 1, tzinfo=UTC)


def require_told(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    change: tuple[Branch, Branch],
    dispositions: Mapping[UUID, Disposition],
) -> None:
    """Mail the customers of all live visits at a branch that was just changed.

    Args:
        change: The branch before and after the change.
        dispositions: The visits that the actor has seen; each stays as it is.

    Raises:
        AffectedAppointmentsError: If the actor has not seen one of them.
    """
    now, (before, branch) = deps.now(), change
    visits = [
        it
        for it in work.appointments.live_between(Interval(now, _FOREVER))
        if it.branch_id == branch.id
    ]
    if any(it.id not in dispositions for it in visits):
        raise AffectedAppointmentsError(
            [_affected_visit(work, it, before, branch) for it in visits]
        )
    for visit in visits:
        saved = work.appointments.save(replace(visit, sequence=visit.sequence + 1))
        event = AppointmentEvent(
            actor=actor,
            action="changed",
            detail={"fields": ["branch"]},
            mail=MailKind.CHANGED,
        )
        history.record_event(work, saved, event, now)


def _affected_visit(
    work: UnitOfWork, visit: Appointment, before: Branch, branch: Branch
) -> AffectedAppointment:
    why = say("catalogue.visits.branch_changes", name=branch.name)
    if before.zone != branch.zone:
        begins = visit.starts_at.astimezone(branch.zone)
        why += say(
            "catalogue.visits.new_local_time",
            day=f"{begins:%A}",
            time=f"{begins:%H:%M}",
        )
    return AffectedAppointment(
        id=visit.id,
        starts_at=visit.starts_at,
        title=visit.title,
        customer=visit.customer.name,
        agent=work.roster.person_name(visit.agent_id),
        why=why,
        kept=say("catalogue.visits.customer_mailed"),
    )
