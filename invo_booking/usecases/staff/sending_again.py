"""Let staff send the confirmation of an appointment again."""

from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.errors import ConflictError, TooManyRequestsError
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.persistence.upkeep.contact_uses import ContactUse
from invo_booking.texts import say
from invo_booking.usecases.appointment import history, limits
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.shared import links, submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import require_right, visible_appointment

SENT_AGAIN = "confirmation sent again"
MOST_A_DAY = 3
"""Maximum number of repeated confirmations of one appointment within 24 hours."""

DAY = timedelta(days=1)


def send_confirmation(
    deps: Deps, actor: Actor, appointment_id: UUID, *, key: str = ""
) -> Appointment:
    """Mail a confirmation again, with the appointment's current state and invitation.

    For an unconfirmed request, the mail that asks the customer to confirm is sent
    again.

    Args:
        actor: The appointment's agent, or a person with the right *edit*.
        key: Idempotency key; a call with the same key sends no second mail.

    Raises:
        NotAllowedError: If the actor is neither the appointment's agent nor allowed to
            edit appointments.
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
        ConflictError: If the appointment is over or cancelled, or the customer has no
            e-mail address.
        TooManyRequestsError: After three repeated mails within a day, or if an
            unverified address got as many mails as allowed.
        IdempotencyMismatchError: If the key was used for another appointment.
    """
    with deps.unit_of_work() as work:
        appointment, now = visible_appointment(work, actor, appointment_id), deps.now()
        if appointment.agent_id != actor.id:
            require_right(work, actor, Action.EDIT)
        submit = submits.begin_submission(work, actor, key, SENT_AGAIN, appointment.id)
        if submit.made:
            return appointment
        work.lock_customer(*limits.limit_contacts(appointment.customer))
        current = work.appointments.get(appointment.id)
        _check_sendable(work, current, now)
        history.record_event(
            work, current, _confirmation_event(work, actor, current), now
        )
        submits.keep_submission(
            deps, work, submit, str(appointment.id), appointment_id=appointment.id
        )
    deps.wake()
    return current


def _check_sendable(work: UnitOfWork, current: Appointment, now: datetime) -> None:
    if not current.is_live or current.ends_at <= now or current.has_expired(now):
        raise ConflictError(say("staff.sending_again.over"))
    if not current.customer.email:
        raise ConflictError(say("staff.sending_again.no_email"))
    if not current.is_proven:
        counted = limits.limit_contacts(current.customer)[0]
        limits.require_contact_use(work, counted, ContactUse.UNPROVEN_MAIL, now)
    times = [
        it.at for it in work.audit.history(str(current.id)) if it.action == SENT_AGAIN
    ]
    if sum(now - at < DAY for at in times) >= MOST_A_DAY:
        raise TooManyRequestsError(
            say("staff.sending_again.too_often"),
            times[-MOST_A_DAY] + DAY,
        )


def _confirmation_event(
    work: UnitOfWork, actor: Actor, current: Appointment
) -> AppointmentEvent:
    kind = MailKind.CONFIRMED
    if current.status is Status.REQUESTED:
        held = links.is_over_limit(work, current)
        kind = MailKind.LIMIT if held else MailKind.REQUESTED
    until = current.confirm_by or current.ends_at
    return AppointmentEvent(
        actor=actor, action=SENT_AGAIN, detail={}, mail=kind, useful_until=until
    )
