"""Let staff create, move, assign and cancel appointments."""

from dataclasses import replace
from uuid import UUID

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.appointment import (
    Appointment,
    CancelledBy,
    Status,
    is_late,
    is_waited_for,
)
from invo_booking.domain.errors import ConflictError, NotAllowedError
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment import changing, history, limits, steps
from invo_booking.usecases.appointment.as_seen import (
    SeenVersion,
    check_seen,
    check_undo,
    explain_overtaken,
)
from invo_booking.usecases.appointment.changing import Move
from invo_booking.usecases.appointment.drafts import (
    AppointmentChange,
    AppointmentDraft,
    apply_change,
    appointment_facts,
    draft_appointment,
)
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.calendars.live import live_check
from invo_booking.usecases.calendars.live.live_check import LiveCheck
from invo_booking.usecases.shared import links, submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import (
    may_take,
    require_own_group,
    require_right,
    visible_appointment,
)
from invo_booking.usecases.slots import availability, placement

TAKEN = "taken"


def create_appointment(
    deps: Deps, actor: Actor, draft: AppointmentDraft, *, key: str = ""
) -> Appointment:
    """Create a confirmed appointment for a customer, and mail the customer.

    Args:
        draft: The new appointment as typed.
        key: Idempotency key; a call with the same key returns the created appointment
            in its current state.

    Raises:
        NotAllowedError: If the actor's roles do not allow it.
        IdempotencyMismatchError: If the key was used with different data.
        InvalidInputError: With an error message for each field that has a problem.
        SlotTakenError: If the chosen agent is not free, or no agent is free.
        CustomerBusyError: If the customer has another appointment at that time.
        SlotClosedError: If the time breaks a rule.
    """
    appointment = live_check.with_live_check(
        deps, lambda check: _create_with_check(deps, actor, draft, key, check)
    )
    deps.wake()
    return appointment


def _create_with_check(
    deps: Deps, actor: Actor, draft: AppointmentDraft, key: str, check: LiveCheck
) -> Appointment:
    with deps.unit_of_work() as work:
        require_right(work, actor, Action.CREATE)
        submit = submits.begin_submission(work, actor, key, "appointment", draft)
        if submit.made:
            return work.appointments.get(UUID(submit.made))
        if draft.agent_id not in {None, actor.id}:
            require_right(work, actor, Action.ASSIGN)
        now, appointment = deps.now(), draft_appointment(deps, work, draft)
        require_own_group(work, actor, appointment)
        availability.lock_days_of(work, now, appointment.period)
        suited = placement.require_placeable(work, appointment, now)
        appointment = check.apply_check(work, appointment, suited, now)
        if not draft.despite_overlap:
            limits.require_customer_free(
                work, appointment, now, say("refusals.busy_customer")
            )
        work.appointments.add(appointment)
        links.issue_link(deps, work, appointment)
        detail = appointment_facts(work.roster, appointment)
        event = AppointmentEvent(
            actor=actor, action="created", detail=detail, mail=MailKind.CONFIRMED
        )
        history.record_event(work, appointment, event, now)
        submits.keep_submission(
            deps, work, submit, str(appointment.id), appointment_id=appointment.id
        )
    return appointment


def change_appointment(
    deps: Deps,
    actor: Actor,
    appointment_id: UUID,
    change: AppointmentChange,
    *,
    version: int | None = None,
) -> Appointment:
    """Move, resize, reassign or correct an appointment.

    Args:
        actor: The author. A change of time or details needs the right *edit*. A change
            of the agent needs the right *assign*.
        change: The changes.
        version: The version the actor saw; ``None`` accepts any version.

    Raises:
        NotAllowedError: If the actor's roles do not allow it.
        AppointmentChangedError: If the appointment was changed after the actor saw it;
            the message says by whom, how and when.
        ConflictError: If the appointment is over or was cancelled.
        InvalidInputError: With an error message for each field that has a problem.
        SlotTakenError: If the agent is busy at that time, or all agents are busy.
        SlotClosedError: If the time breaks a rule.
        CustomerBusyError: If the customer has another appointment at that time.
    """
    return _change_with_retry(deps, actor, SeenVersion(appointment_id, version), change)


def undo_change(
    deps: Deps,
    actor: Actor,
    appointment_id: UUID,
    back: AppointmentChange,
    *,
    version: int,
) -> Appointment:
    """Undo the actor's latest change. See ``change_appointment`` for other errors.

    Args:
        back: The values to restore.
        version: The version that the change produced. Later changes are never
            overwritten.

    Raises:
        AppointmentChangedError: If the appointment was changed after
            the caller read it.
        ConflictError: If the change is too old, so that the mail about it may have been
            sent.
    """
    return _change_with_retry(
        deps, actor, SeenVersion(appointment_id, version, is_undo=True), back
    )


def _change_with_retry(
    deps: Deps, actor: Actor, seen: SeenVersion, change: AppointmentChange
) -> Appointment:
    with explain_overtaken(deps, actor, seen):
        saved = live_check.with_live_check(
            deps, lambda check: _change_with_check(deps, actor, seen, change, check)
        )
    deps.wake()
    return saved


def _change_with_check(
    deps: Deps,
    actor: Actor,
    seen: SeenVersion,
    change: AppointmentChange,
    check: LiveCheck,
) -> Appointment:
    with deps.unit_of_work() as work:
        unlocked = visible_appointment(work, actor, seen.id)
        check_seen(work, unlocked, seen, deps.now())
        wanted = apply_change(work, unlocked, change)
        before = availability.lock_appointment(
            work, deps.now(), unlocked, wanted.period
        )
        now = deps.now()  # waiting for the lock may have taken seconds
        check_seen(work, before, seen, now)
        after = apply_change(work, before, change)
        _check_rights(work, actor, before, after)
        if seen.is_undo:
            check_undo(work, actor, before, now)
        if after == before:
            return before
        moved = after.period != before.period
        if moved or after.agent_id != before.agent_id or _other_group(before, after):
            suited = placement.require_placeable(work, after, now, before=before)
            after = check.apply_check(work, after, suited, now, before=before)
        if not change.despite_overlap and _may_overlap(before, after):
            limits.require_customer_free(
                work, after, now, say("refusals.busy_customer")
            )
        move = Move(actor=actor, action="undone" if seen.is_undo else "")
        return changing.store_change(deps, work, before, after, move, now)


def assign_appointment(
    deps: Deps,
    actor: Actor,
    appointment_id: UUID,
    agent_id: UUID | None,
    *,
    version: int | None = None,
) -> Appointment:
    """Assign or unassign an appointment. See ``change_appointment`` for errors."""
    return change_appointment(
        deps, actor, appointment_id, AppointmentChange(agent=agent_id), version=version
    )


def take_appointment(
    deps: Deps, actor: Actor, appointment_id: UUID, *, version: int | None = None
) -> Appointment:
    """Let an agent take an unassigned appointment of the agent's own queues.

    Args:
        actor: The agent who takes the appointment.
        version: The version the actor saw; ``None`` accepts any version.

    Raises:
        AppointmentChangedError: If the appointment was taken or changed since.
        NotAllowedError: If the actor is not allowed to take this appointment.
        SlotTakenError: If the actor is busy at that time.
    """
    seen = SeenVersion(appointment_id, version, wants_nobody=True)
    with explain_overtaken(deps, actor, seen), deps.unit_of_work() as work:
        unlocked = visible_appointment(work, actor, appointment_id)
        before = availability.lock_appointment(work, deps.now(), unlocked)
        if before.is_live and before.agent_id == actor.id:
            return before
        now = deps.now()
        check_seen(work, before, seen, now)
        if not may_take(work, actor, before):
            raise NotAllowedError
        because = say("staff.appointments.took", name=actor.name)
        after = replace(before, agent_id=actor.id, assigned_because=because)
        placement.require_placeable(work, after, now, before=before)
        move = Move(actor=actor, action=TAKEN)
        return changing.store_change(deps, work, before, after, move, now)


def give_back_appointment(
    deps: Deps, actor: Actor, appointment_id: UUID, *, version: int | None = None
) -> Appointment:
    """Undo the actor's recent ``take_appointment``; needs no further right.

    Raises:
        AppointmentChangedError: If the appointment was changed after
            the caller read it.
        ConflictError: If the appointment was taken too long ago, or is not live.
    """
    seen = SeenVersion(appointment_id, version)
    with explain_overtaken(deps, actor, seen), deps.unit_of_work() as work:
        unlocked = visible_appointment(work, actor, appointment_id)
        before = availability.lock_appointment(work, deps.now(), unlocked)
        now = deps.now()
        check_seen(work, before, seen, now)
        check_undo(work, actor, before, now, of=TAKEN)
        after = replace(before, agent_id=None, assigned_because="")
        placement.require_placeable(work, after, now, before=before)
        move = Move(actor=actor, action="given back")
        return changing.store_change(deps, work, before, after, move, now)


def cancel_appointment(
    deps: Deps,
    actor: Actor,
    appointment_id: UUID,
    reason: str,
    *,
    late: bool = False,
    version: int | None = None,
) -> Appointment:
    """Cancel an appointment and mail the customer the reason.

    Args:
        actor: The author, who needs the right *delete*. With ``late``, agents may
            cancel their own appointments without this right.
        reason: Reason for the customer, in one line; may be empty.
        late: Whether the appointment is cancelled because the customer did not come in
            time.
        version: The version the actor saw.

    Raises:
        NotAllowedError: If the actor's roles do not allow it.
        AppointmentChangedError: If the appointment was changed after
            the caller read it.
        ConflictError: If the appointment is no longer live, or ``late`` is true
            although the customer is not late.
    """
    seen = SeenVersion(appointment_id, version)
    with explain_overtaken(deps, actor, seen), deps.unit_of_work() as work:
        now = deps.now()
        before = visible_appointment(work, actor, appointment_id)
        check_seen(work, before, seen, now)
        own_late = late and before.agent_id == actor.id
        if late and not is_late(before, steps.join_rules(work.settings), now):
            raise ConflictError(say("staff.appointments.not_late"))
        if not own_late:
            require_right(work, actor, Action.DELETE)
        by = CancelledBy.LATE if late else CancelledBy.STAFF
        saved = work.appointments.save(
            replace(
                before,
                status=Status.CANCELLED,
                sequence=before.sequence + 1,
                cancelled_by=by,
                cancel_reason=steps.clean_reason(reason),
            )
        )
        event = AppointmentEvent(
            actor=actor,
            action="cancelled as late" if late else "cancelled",
            detail={"by": by.value},
            mail=MailKind.LATE if late else MailKind.CANCELLED,
            reason=saved.cancel_reason,
        )
        history.record_event(work, saved, event, now)
    deps.wake()
    return saved


def keep_waiting_for_customer(
    deps: Deps, actor: Actor, appointment_id: UUID, *, version: int | None = None
) -> Appointment:
    """Extend the wait for a late customer by the waiting time in the settings.

    During this time the appointment does not count as late, and the customer may join.
    Repeating the call during this time changes nothing. The wait ends at the end of the
    appointment at the latest.

    Args:
        actor: The member of staff who waits.
        version: The version the actor saw; ``None`` accepts any version.

    Raises:
        NotAllowedError: If the actor is neither the agent nor allowed to edit.
        AppointmentChangedError: If the appointment was changed after
            the caller read it.
        ConflictError: If the customer is not late.
    """
    seen = SeenVersion(appointment_id, version)
    with explain_overtaken(deps, actor, seen), deps.unit_of_work() as work:
        unlocked = visible_appointment(work, actor, appointment_id)
        before = availability.lock_appointment(work, deps.now(), unlocked)
        now = deps.now()
        rules = steps.join_rules(work.settings)
        if before.agent_id != actor.id:
            require_right(work, actor, Action.EDIT)
        if is_waited_for(before, rules, now):
            return before
        check_seen(work, before, SeenVersion(before.id, version, is_any=True), now)
        if not is_late(before, rules, now):
            raise ConflictError(steps.not_late_because(before, rules, now))
        until = min(now + rules.wait, before.ends_at)
        saved = work.appointments.save(
            replace(before, waits_until=until, waits_by=actor.id)
        )
        event = AppointmentEvent(
            actor=actor, action="kept waiting", detail={"until": until.isoformat()}
        )
        history.record_event(work, saved, event, now)
    return saved


def _check_rights(
    work: UnitOfWork, actor: Actor, before: Appointment, after: Appointment
) -> None:
    if after.agent_id != before.agent_id:
        require_right(work, actor, Action.ASSIGN)
    same_but_agent = replace(
        after, agent_id=before.agent_id, assigned_because=before.assigned_because
    )
    if same_but_agent != before:
        require_right(work, actor, Action.EDIT)
    if _other_group(before, after):
        require_own_group(work, actor, after)


def _may_overlap(before: Appointment, after: Appointment) -> bool:
    """Whether time or customer changed, so that two appointments may overlap now."""
    contacts = (
        limits.limit_contacts(before.customer),
        limits.limit_contacts(after.customer),
    )
    return after.period != before.period or contacts[0] != contacts[1]


def _other_group(before: Appointment, after: Appointment) -> bool:
    return availability.group_of(before) != availability.group_of(after)
