"""Confirm and cancel customers' appointments inside a transaction."""

from dataclasses import replace
from datetime import datetime, timedelta

from invo_booking.domain import contact
from invo_booking.domain.appointment import (
    Appointment,
    CancelledBy,
    JoinRules,
    Phase,
    Status,
    appointment_phase,
)
from invo_booking.domain.errors import LimitReachedError, LinkExpiredError
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.settings.spec import Values
from invo_booking.texts import say
from invo_booking.usecases.appointment import history, limits
from invo_booking.usecases.appointment.history import AppointmentEvent

LONGEST_REASON = 300
MOVABLE = frozenset({Phase.REQUESTED, Phase.UPCOMING, Phase.JOINABLE, Phase.LATE})


def join_rules(settings: Values) -> JoinRules:
    """Return the rules about when calls may be joined, from the current settings."""
    return JoinRules(
        opens_before=settings[time.JOIN_BEFORE], wait=settings[time.MAX_WAIT]
    )


def not_late_because(appointment: Appointment, rules: JoinRules, now: datetime) -> str:
    """Return why a customer does not count as late.

    Call this function only if the customer does not count as late.
    """
    if appointment.joined_at is not None:
        return say("late.refusal.there")
    if not appointment.is_live or now >= appointment.ends_at:
        return say("late.refusal.over")
    if appointment.status is not Status.CONFIRMED:
        return say("late.refusal.requested")
    minutes = rules.wait // timedelta(minutes=1)
    return say("late.refusal.early", minutes=minutes)


def confirm_and_record(
    work: UnitOfWork, appointment: Appointment, now: datetime
) -> Appointment:
    """Confirm a request, and add its history entry and mail.

    If the customer has an e-mail address, call this only after the mailed link was
    used.

    Raises:
        LinkExpiredError: If the request expired or was cancelled.
        LimitReachedError: If the request still exceeds a limit, so that the customer
            must cancel another appointment first.
        CustomerBusyError: If another appointment of the customer at that time was
            confirmed meanwhile.
    """
    require_phase(appointment, {Phase.REQUESTED}, work, now)
    work.lock_customer(*limits.limit_contacts(appointment.customer))
    if limits.limit_excess_of_held(work, appointment, now):
        raise LimitReachedError(say("refusals.in_the_way"))
    limits.require_customer_free(work, appointment, now)
    confirmed = work.appointments.save(
        replace(
            appointment,
            status=Status.CONFIRMED,
            confirmed_at=now,
            confirm_by=None,
            has_proof=bool(appointment.customer.email),
        )
    )
    event = AppointmentEvent(
        actor=history.CUSTOMER, action="confirmed", detail={}, mail=MailKind.CONFIRMED
    )
    history.record_event(work, confirmed, event, now)
    return confirmed


def cancel_and_record(
    work: UnitOfWork, appointment: Appointment, now: datetime, reason: str = ""
) -> Appointment:
    """Cancel an appointment for its customer, and add its history entry and mail.

    Raises:
        LinkExpiredError: If the appointment is over or expired.
    """
    require_phase(appointment, MOVABLE, work, now)
    work.lock_customer(*limits.limit_contacts(appointment.customer))
    cancelled = work.appointments.save(
        replace(
            appointment,
            status=Status.CANCELLED,
            sequence=appointment.sequence + 1,
            cancelled_by=CancelledBy.CUSTOMER,
            cancel_reason=clean_reason(reason),
        )
    )
    event = AppointmentEvent(
        actor=history.CUSTOMER,
        action="cancelled",
        detail={"by": "customer"},
        mail=MailKind.CANCELLED,
    )
    history.record_event(work, cancelled, event, now)
    return cancelled


def require_phase(
    appointment: Appointment,
    phases: set[Phase] | frozenset[Phase],
    work: UnitOfWork,
    now: datetime,
) -> None:
    """Refuse an action unless the appointment is in one of these phases.

    Raises:
        LinkExpiredError: If the appointment is in a different phase; the message says
            why the action is impossible.
    """
    phase = appointment_phase(appointment, join_rules(work.settings), now)
    if phase not in phases:
        raise LinkExpiredError(say(_GONE.get(phase, "refusals.gone.any")))


_GONE = {
    Phase.EXPIRED: "refusals.gone.expired",
    Phase.CANCELLED: "refusals.gone.cancelled",
    **dict.fromkeys(
        (Phase.COMPLETED, Phase.ENDED, Phase.NO_SHOW), "refusals.gone.over"
    ),
    Phase.IN_CALL: "refusals.gone.begun",
}


def clean_reason(text: str) -> str:
    """Return a typed reason as one line of visible text, cut to 300 characters."""
    seen = contact.visible_text(text[: 10 * LONGEST_REASON])
    shown = "".join(c if c.isprintable() or c in contact.JOINERS else " " for c in seen)
    return " ".join(shown.split())[:LONGEST_REASON]
