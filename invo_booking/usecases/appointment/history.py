"""Record each change of an appointment in history, mails, calendars and open pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from invo_booking.domain import contact
from invo_booking.domain.access.roles import Actor, Author
from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.institution import Roster
from invo_booking.domain.interval import Interval
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.outbox import CALENDAR, LAST_MAILED, MAIL, WITHDRAWAL
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import writes_events_by_setting
from invo_booking.usecases.appointment import last_mailed, limits
from invo_booking.usecases.appointment.last_mailed import LastMailed

CUSTOMER: Final = "customer"
HOST_CALENDAR: Final = "host calendar"
"""Author of changes made in the host calendar; the person is unknown."""

SYSTEM: Final = "system"
WAITING = frozenset({MailKind.CHANGED, MailKind.AGENT})
"""Kinds of mails that wait until the change they describe can no longer be undone."""

OVER = frozenset({MailKind.CANCELLED, MailKind.EXPIRED, MailKind.LATE})
"""Kinds of mails whose only time is the previously agreed time."""

AGENT = "agent"
"""Key of the new agent's name in the details of a history entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEvent:
    """A change of an appointment, to be recorded.

    Attributes:
        actor: Author of the change: a member of staff or, if nobody is signed in, a
            name such as ``CUSTOMER``.
        action: Action in the past tense, such as ``"confirmed"``.
        detail: Facts for the history; never a customer's personal data.
        mail: Kind of mail to the customer, if any.
        reason: Reason that the mail gives the customer; may be empty.
        previous: The previous state of the appointment, if the mail describes a change.
        agreed: Span of the previously agreed wall time under the current rules of the
            time zone; ``None`` if the previous period needs no conversion.
        useful_until: Instant after which the mail is not sent any more, in UTC.
        last_mailed: What the customer was mailed before this change, if staff can undo
            the change.
    """

    actor: Author
    action: str
    detail: Mapping[str, Any]
    mail: MailKind | None = None
    reason: str = ""
    previous: Appointment | None = None
    agreed: Interval | None = None
    useful_until: datetime | None = None
    last_mailed: LastMailed | None = None


def record_event(
    work: UnitOfWork, appointment: Appointment, event: AppointmentEvent, now: datetime
) -> None:
    """Add the event's history entry, mail, calendar write and notification.

    All four are part of this transaction. If only the agent changed, a mail is added
    only if the latest mail names a different agent.
    """
    if event.mail is None and _must_name_agent(work, appointment, event, now):
        until = appointment.starts_at
        event = replace(event, mail=MailKind.AGENT, useful_until=until)
    work.audit.add(
        AuditEntry.by(
            event.actor,
            event.action,
            ("appointment", str(appointment.id)),
            now,
            event.detail,
        )
    )
    if event.mail is not None and _may_be_mailed(work, appointment, event, now):
        _add_mail(work, appointment, event, now)
    if _concerns_calendar(appointment) and writes_events_by_setting(work.settings):
        add_calendar_write(work, appointment.id, now)
    work.notify({"id": str(appointment.id), "at": appointment.starts_at.isoformat()})


def _add_mail(
    work: UnitOfWork, appointment: Appointment, event: AppointmentEvent, now: datetime
) -> None:
    """Add a mail to the outbox, and withdraw an unsent mail about an earlier change."""
    last = last_mailed.take_back_mail(work, appointment, now)
    payload = mail_payload(appointment, event)
    if event.mail is MailKind.CANCELLED:  # the customer only knows the mailed time
        payload |= {
            "starts_at": last.period.start.isoformat(),
            "ends_at": last.period.end.isoformat(),
        }
    if event.mail in OVER and last.period == appointment.period:
        zone = work.roster.clock_of(appointment)
        payload["agreed"] = _bounds(work.wall_times.as_agreed(appointment, zone))
    can_undo = isinstance(event.actor, Actor)
    undoable = event.last_mailed if can_undo and event.mail in WAITING else None
    if undoable:
        payload[LAST_MAILED] = undoable.as_payload()
    work.outbox.add(
        MAIL,
        payload,
        now=now,
        wait=last_mailed.UNDO if undoable else timedelta(),
        appointment_id=appointment.id,
        useful_until=event.useful_until,
    )


def add_withdrawal_mail(
    work: UnitOfWork,
    before: Appointment,
    after: Appointment,
    agreed: Interval | None,
    now: datetime,
) -> None:
    """Mail a cancellation to the former address, so that calendars remove the event.

    The outbox message contains the former address and is deleted with the appointment.

    Args:
        before: The appointment as the latest mail to the former address described it.
        after: The current appointment, with the new address.
        agreed: Span of the mailed wall time under the current rules of the time zone;
            ``None`` if the period of ``before`` needs no conversion.
    """
    customer = before.customer
    payload = {
        "mail": MailKind.WITHDRAWN.value,
        "to": customer.email,
        "time_zone": customer.time_zone,
        "locale": customer.locale,
        "sequence": after.sequence,
        "status": before.status.value,
        "starts_at": before.starts_at.isoformat(),
        "ends_at": before.ends_at.isoformat(),
        "agreed": _bounds(agreed) if agreed else [],
        "agent_id": "",
    }
    work.outbox.add(
        WITHDRAWAL,
        payload,
        now=now,
        appointment_id=after.id,
        useful_until=max(before.ends_at, after.ends_at),
    )


def _may_be_mailed(
    work: UnitOfWork, appointment: Appointment, event: AppointmentEvent, now: datetime
) -> bool:
    """Whether the customer may be mailed; count mails to unverified addresses."""
    address = appointment.customer.email
    if not address or appointment.is_proven:
        return bool(address)
    if event.actor in {CUSTOMER, SYSTEM}:  # staff change many at once, in any order
        work.lock_customer(contact.email_to_count_by(address))
    return limits.count_unproven_mail(work, address, now)


def _must_name_agent(
    work: UnitOfWork, appointment: Appointment, event: AppointmentEvent, now: datetime
) -> bool:
    """Whether the agent changed, and the latest mail names a different agent."""
    agent, last = appointment.agent_id, event.last_mailed
    is_other = AGENT in event.detail or (last is not None and last.agent_id != agent)
    if not is_other or agent is None or appointment.starts_at <= now:
        return False
    named = work.outbox.newest(MAIL, appointment.id).get("agent_id", "")
    return named not in {"", str(agent)}


def add_calendar_write(work: UnitOfWork, appointment_id: UUID, now: datetime) -> None:
    """Queue a write of an appointment's current state to the host calendar."""
    work.outbox.add(CALENDAR, {}, now=now, appointment_id=appointment_id)


def _concerns_calendar(appointment: Appointment) -> bool:
    """Whether the appointment is, or may have been, in the host calendar."""
    was_agreed = appointment.confirmed_at is not None
    status = appointment.status
    return status is Status.CONFIRMED or (status is Status.CANCELLED and was_agreed)


def mail_payload(appointment: Appointment, event: AppointmentEvent) -> dict[str, Any]:
    """Return the payload of a mail about an event, made from the current appointment.

    A later change has its own mail and its own SEQUENCE (RFC 5546).
    """
    previous = event.previous
    return {
        "mail": event.mail.value if event.mail else "",
        "reason": event.reason,
        "sequence": appointment.sequence,
        "status": appointment.status.value,
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "agent_id": str(appointment.agent_id) if appointment.agent_id else "",
        "agent_before": str(previous.agent_id or "") if previous else "",
        "previous": _bounds(previous.period) if previous else [],
        "agreed": _bounds(event.agreed) if previous and event.agreed else [],
    }


def _bounds(period: Interval) -> list[str]:
    return [period.start.isoformat(), period.end.isoformat()]


def appointment_difference(
    roster: Roster, before: Appointment, after: Appointment
) -> Mapping[str, Any]:
    """Return the differences for the history, without any text about the customer."""
    detail: dict[str, Any] = {}
    if before.period != after.period:
        detail |= {
            "from": before.starts_at.isoformat(),
            "to": after.starts_at.isoformat(),
            "until": after.ends_at.isoformat(),
        }
    if before.agent_id != after.agent_id:
        detail["agent_before"] = roster.person_name(before.agent_id)
        detail[AGENT] = roster.person_name(after.agent_id)
    fields = [
        name
        for name in ("customer", "notes", "channel", "language")
        if getattr(before, name) != getattr(after, name)
    ]
    if after.branch_id not in {None, before.branch_id}:
        fields.append("branch")
    return detail | ({"fields": fields} if fields else {})
