"""Let customers report that they are running late, and withdraw the report."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from invo_booking.domain.appointment import (
    Appointment,
    Phase,
    may_report_late,
    reportable_from,
)
from invo_booking.domain.errors import ConflictError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment import history
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.appointment.steps import MOVABLE, join_rules, require_phase
from invo_booking.usecases.booking import admission
from invo_booking.usecases.booking.manage import Visit, visit_of
from invo_booking.usecases.booking.repeating import retry_overtaken
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps

MINUTES = 60  # seconds


def report_late(deps: Deps, token: str) -> Visit:
    """Store that the customer is running late, and show it to staff. Idempotent.

    Raises:
        TooManyRequestsError: If there were too many such reports within a day.
        LinkExpiredError: If the appointment is over, or the customer has joined.
        ConflictError: If the start is still too far ahead.
    """
    return retry_overtaken(lambda: _record(deps, token, _report))


def withdraw_late_report(deps: Deps, token: str) -> Visit:
    """Store that the customer is not late, and show it to staff. Idempotent.

    Raises:
        TooManyRequestsError: If there were too many such reports within a day.
        LinkExpiredError: If the appointment is over, or the customer has joined.
    """
    return retry_overtaken(lambda: _record(deps, token, _withdraw))


def _record(
    deps: Deps,
    token: str,
    change: Callable[[UnitOfWork, Appointment, datetime], Appointment],
) -> Visit:
    with deps.unit_of_work() as work:
        appointment, now = links.open_link(work, token), deps.now()
        require_phase(appointment, MOVABLE - {Phase.REQUESTED}, work, now)
        changed = change(work, appointment, now)
        if changed != appointment:
            admission.count_late_report(deps, work, appointment.id)
        return visit_of(deps, work, changed, token)


def _report(work: UnitOfWork, appointment: Appointment, now: datetime) -> Appointment:
    if appointment.running_late_at is not None:
        return appointment
    rules = join_rules(work.settings)
    if not may_report_late(appointment, rules, now):
        ahead = appointment.starts_at - reportable_from(appointment, rules)
        minutes = int(ahead.total_seconds()) // MINUTES
        raise ConflictError(say("refusals.late_too_early", minutes=minutes))
    late = replace(appointment, running_late_at=now)
    return _store(work, late, now, action="running late")


def _withdraw(work: UnitOfWork, appointment: Appointment, now: datetime) -> Appointment:
    if appointment.running_late_at is None:
        return appointment
    in_time = replace(appointment, running_late_at=None)
    return _store(work, in_time, now, action="in time")


def _store(
    work: UnitOfWork, appointment: Appointment, now: datetime, *, action: str
) -> Appointment:
    saved = work.appointments.save(appointment)
    event = AppointmentEvent(actor=history.CUSTOMER, action=action, detail={})
    history.record_event(work, saved, event, now)
    return saved
