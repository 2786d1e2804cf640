"""Check what a member of staff may see and do under the current settings."""

from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID

from invo_booking.domain.access.roles import Action, Actor, has_any_role
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import NotAllowedError, NotFoundError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps


def allowed_actions(work: UnitOfWork, actor: Actor) -> frozenset[Action]:
    """Return the actions that the actor's roles allow under the current settings."""
    return frozenset(
        action
        for action, setting in general.WHO_CAN.items()
        if has_any_role(actor, work.settings[setting])
    )


def may_see(work: UnitOfWork, actor: Actor, appointment: Appointment) -> bool:
    """Whether the actor may open an appointment.

    Booking managers, managers and administrators may open all appointments. Agents may
    open their own appointments. In the queues, languages and branches that they serve,
    agents may also open colleagues' appointments. They may open unassigned appointments
    there if the settings show unassigned appointments to agents, or allow the actor to
    assign.
    """
    if actor.oversees or appointment.agent_id == actor.id:
        return True
    if not _is_served_by(actor, appointment):
        return False
    if appointment.agent_id is not None:
        return True
    may_assign = Action.ASSIGN in allowed_actions(work, actor)
    return may_assign or work.settings[general.SHOW_UNASSIGNED]


def _is_served_by(actor: Actor, appointment: Appointment) -> bool:
    return actor.serves(
        appointment.queue_id, appointment.language, appointment.branch_id
    )


def require_right(work: UnitOfWork, actor: Actor, action: Action) -> None:
    """Refuse an actor whose roles do not allow an action.

    Raises:
        NotAllowedError: If none of the actor's roles allows the action.
    """
    if action not in allowed_actions(work, actor):
        raise NotAllowedError


def may_take(work: UnitOfWork, actor: Actor, appointment: Appointment) -> bool:
    """Whether the actor may take an unassigned appointment."""
    if Action.ASSIGN in allowed_actions(work, actor):
        return True
    serves = _is_served_by(actor, appointment)
    return serves and work.settings[general.SHOW_UNASSIGNED]


def can_take(work: UnitOfWork, actor: Actor, appointment: Appointment) -> bool:
    """Whether the actor can take this appointment now.

    The appointment must be live and unassigned. The actor must serve its queue,
    language and branch, and be allowed to take the appointment.
    """
    if appointment.agent_id is not None or not appointment.is_live:
        return False
    serves = _is_served_by(actor, appointment)
    return serves and may_take(work, actor, appointment)


def require_own_group(work: UnitOfWork, actor: Actor, wanted: Appointment) -> None:
    """Refuse an unassigned appointment that is outside the actor's own groups.

    The actor's groups are the queues, languages and branches that the actor serves.
    Actors who may assign appointments are not restricted. ``wanted`` is the appointment
    as it is to be stored.

    Raises:
        NotAllowedError: If ``wanted`` is unassigned and outside the actor's queues,
            languages and branches, and the actor may not assign appointments.
    """
    if wanted.agent_id is not None or Action.ASSIGN in allowed_actions(work, actor):
        return
    if not _is_served_by(actor, wanted):
        raise NotAllowedError(say("refusals.rights.unassign"))


def visible_appointment(
    work: UnitOfWork, actor: Actor, appointment_id: UUID
) -> Appointment:
    """Return an appointment that the actor may see.

    Raises:
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
    """
    appointment = work.appointments.get(appointment_id)
    if not may_see(work, actor, appointment):
        raise NotFoundError(say("refusals.rights.appointment_gone"))
    return appointment


def require_administrator(actor: Actor) -> None:
    """Refuse an actor who is no administrator.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    if not actor.administers:
        raise NotAllowedError


@contextmanager
def administer(deps: Deps, actor: Actor) -> Generator[UnitOfWork]:
    """Yield a transaction for an administrator.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    require_administrator(actor)
    with deps.unit_of_work() as work:
        yield work


@contextmanager
def administer_roster(deps: Deps, actor: Actor) -> Generator[UnitOfWork]:
    """Yield a transaction that holds the roster's lock, for an administrator.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        work.lock_roster()
        yield work
