"""Expire requests, close past appointments, queue reminders and delete old data.

Each run queries the database for what is due. So a missed run only delays the effect,
and a repeated run does no harm.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from invo_booking.domain.access.guessing import ACCOUNT
from invo_booking.domain.appointment import Appointment
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.persistence.upkeep.due import DueAmount
from invo_booking.settings import general, time
from invo_booking.usecases.accounts import links
from invo_booking.usecases.appointment import history, limits
from invo_booking.usecases.appointment.history import AppointmentEvent
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import audit_seals, ticks

BATCH = 200
MOST_AT_ONCE = 1_000_000
"""Limit for changing all due appointments at once; no bank has so many appointments."""

SUBMITS_KEPT = timedelta(days=7)
"""How long a repeated submission gets the response to the first submission."""

MAILS_KEPT = timedelta(days=30)
"""How long the outcome of a mail that concerns no appointment is stored."""

AGENT_DAYS_LIFETIME = timedelta(days=7)
SESSIONS_KEPT = timedelta(minutes=general.MOST_SESSION_MINUTES)
BROWSERS_KEPT = timedelta(days=180)
"""How long a browser counts as known after its last sign-in."""


def expire_unconfirmed(deps: Deps) -> int:
    """Expire overdue unconfirmed requests and free their slots; return their number."""
    return _each(
        deps,
        ticks.EXPIRE,
        lambda work, now: work.due.count_expiring(now),
        lambda work, now: work.appointments.claim_expired(now, 1),
        _mail_expired,
    )


def complete_past(deps: Deps) -> int:
    """Close past confirmed appointments; return their number.

    Their status becomes completed if the customer joined, otherwise no-show.
    """
    return _each(
        deps,
        ticks.COMPLETE,
        lambda work, now: work.due.count_completing(now),
        lambda work, now: work.appointments.claim_ended(now, 1),
        _mail_ended,
    )


def add_due_reminders(deps: Deps) -> int:
    """Add due reminders to the outbox, each only once; return their number."""
    now, added = deps.now(), 0
    with deps.unit_of_work() as work:
        leads = work.settings[time.REMINDERS] if work.is_set_up else ()
    for ahead in leads:
        while some := _add_some_reminders(deps, now, ahead):
            added += some
            deps.wake()
    return added


def _add_some_reminders(deps: Deps, now: datetime, ahead: timedelta) -> int:
    with deps.unit_of_work() as work:
        due = work.appointments.claim_reminders(now, ahead, BATCH)
        for appointment in due:
            _add_reminder(work, appointment, now)
        return len(due)


def drop_due_mails(deps: Deps, work: UnitOfWork) -> None:
    """Mark due reminders as sent and expire due requests, without mailing anybody.

    Requests do not expire here if an unusual number is due; see ``ticks``.
    """
    now = deps.now()
    for ahead in work.settings[time.REMINDERS]:
        work.appointments.claim_reminders(now, ahead, MOST_AT_ONCE)
    amount = work.due.count_expiring(now)
    if not ticks.may_do_amount(deps, work, ticks.EXPIRE, amount):
        return
    for expired in work.appointments.claim_expired(now, MOST_AT_ONCE):
        event = AppointmentEvent(actor=history.SYSTEM, action="expired", detail={})
        history.record_event(work, expired, event, now)


def seal_and_forget(deps: Deps) -> None:
    """Seal new audit entries; delete old sessions, submissions, links and messages."""
    now = deps.now()
    audit_seals.seal_audit_entries(deps)
    with deps.unit_of_work() as work:
        work.sessions.forget(now - SESSIONS_KEPT)
        work.guesses.forget(
            failures_before=now - ACCOUNT.memory, browsers_before=now - BROWSERS_KEPT
        )
        work.account_links.forget(now - links.KEPT)
        work.ended_grants.forget_before(now - SESSIONS_KEPT)
        work.submits.forget(now - SUBMITS_KEPT)
        work.contact_uses.forget(now - limits.DAY)
        work.purge.forget_ended_links(now)
        work.notices.forget(now - MAILS_KEPT)
        if work.is_set_up:
            work.agent_days.forget_before(_first_day(work, now))


def check_agent_days(deps: Deps, *, repair: bool) -> int:
    """Compare the stored days of agents with the data from which they are derived.

    Returns:
        Number of days that were wrong. With ``repair``, they have been corrected.
    """
    with deps.unit_of_work() as work:
        if not work.is_set_up:
            return 0
        first = _first_day(work, deps.now())
        return (
            work.agent_days.repair(first)
            if repair
            else len(work.agent_days.wrong(first))
        )


def _first_day(work: UnitOfWork, now: datetime) -> date:
    """Return the first institution date whose stored agent days are needed."""
    return now.astimezone(work.roster.institution.zone).date() - AGENT_DAYS_LIFETIME


def record_heartbeat(deps: Deps, name: str) -> None:
    """Record, under the name of a kind of process, that such a process is alive now."""
    with deps.unit_of_work() as work:
        work.beat(name, deps.now())


class ContactBusyError(Exception):
    """The customer's contact is locked elsewhere; the next run tries again.

    Actions of customers lock the contact before the appointment. A periodic task locks
    the two in the opposite order, so waiting for the contact could cause a deadlock.
    """


def _each(
    deps: Deps,
    kind: str,
    count: Callable[[UnitOfWork, datetime], DueAmount],
    claim: Callable[[UnitOfWork, datetime], list[Appointment]],
    tell: Callable[[UnitOfWork, Appointment, datetime], None],
) -> int:
    """Change up to ``BATCH`` due appointments, each in its own transaction."""
    now, changed = deps.now(), 0
    with deps.unit_of_work() as work:
        if not ticks.may_do_amount(deps, work, kind, count(work, now)):
            return 0
    for _ in range(BATCH):
        try:
            with deps.unit_of_work() as work:
                claimed = claim(work, now)
                for appointment in claimed:
                    tell(work, appointment, now)
        except ContactBusyError:
            break
        if not claimed:
            break
        changed += len(claimed)
    if changed:
        deps.wake()
    return changed


def _mail_expired(work: UnitOfWork, expired: Appointment, now: datetime) -> None:
    if not work.try_lock_customer(*limits.limit_contacts(expired.customer)):
        raise ContactBusyError
    event = AppointmentEvent(
        actor=history.SYSTEM, action="expired", detail={}, mail=MailKind.EXPIRED
    )
    history.record_event(work, expired, event, now)


def _mail_ended(work: UnitOfWork, closed: Appointment, now: datetime) -> None:
    event = AppointmentEvent(
        actor=history.SYSTEM, action=closed.status.value, detail={}
    )
    history.record_event(work, closed, event, now)


def _add_reminder(work: UnitOfWork, appointment: Appointment, now: datetime) -> None:
    event = AppointmentEvent(
        actor=history.SYSTEM,
        action="reminded",
        detail={},
        mail=MailKind.REMINDER,
        useful_until=appointment.starts_at,
    )
    history.record_event(work, appointment, event, now)
