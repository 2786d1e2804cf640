"""Every change of an appointment is told once: to history, to outsiders, to pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from invo_booking.domain import contact
from invo_booking.domain.access.roles import Actor, Author
from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.institution import Roster
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.outbox import CALENDAR, MAIL, TOLD_BEFORE, WITHDRAWAL
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import writes_events
from invo_booking.usecases.appointment import last_told, limits
from invo_booking.usecases.appointment.last_told import Told

CUSTOMER: Final = "customer"
SYSTEM: Final = "system"
WAITING = frozenset({MailKind.CHANGED, MailKind.AGENT})
"""Mails that wait until what they tell of cannot be undone any more."""

AGENT = "agent"
"""Detail of the history: the agent's name, wherever the agent is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEvent:
    """What happened to an appointment.

    Attributes:
        actor: A member of staff, or the party that acts without being signed in.
        action: Past tense, such as ``"confirmed"``.
        detail: Facts for the history; never a customer's personal data.
        mail: What the customer is sent about it, if anything.
        reason: Why, as the customer may read it.
        previous: The state before, where the customer is told of a change.
        told: What the customer was told last, where it is changed.
    """

    actor: Author
    action: str
    detail: Mapping[str, Any]
    mail: MailKind | None = None
    reason: str = ""
    previous: Appointment | None = None
    useful_until: datetime | None = None
    told: Told | None = None


def record_event(
    work: UnitOfWork, appointment: Appointment, news: AppointmentEvent, now: datetime
) -> None:
    """Write history, promise what outsiders get and notify the pages.

    All in this transaction: the mail, and that the host calendar will show it. Who
    was told whom they meet is also told of somebody else.
    """
    if news.mail is None and _is_news_whom_they_meet(work, appointment, news, now):
        until = appointment.starts_at
        news = replace(news, mail=MailKind.AGENT, useful_until=until)
    work.audit.add(
        AuditEntry.by(
            news.actor,
            news.action,
            ("appointment", str(appointment.id)),
            now,
            news.detail,
        )
    )
    if news.mail is not None and _may_be_mailed(work, appointment, news, now):
        _promise_mail(work, appointment, news, now)
    if _concerns_calendar(appointment) and writes_events(work.settings):
        promise_writing(work, appointment.id, now)
    work.notify({"id": str(appointment.id), "at": appointment.starts_at.isoformat()})


def _promise_mail(
    work: UnitOfWork, appointment: Appointment, news: AppointmentEvent, now: datetime
) -> None:
    """Promise a mail, in place of one about a change that was not sent yet."""
    last = last_told.take_back(work, appointment, now)
    payload = mail_payload(appointment, news)
    if news.mail is MailKind.CANCELLED:  # a time nobody was told would only confuse
        payload |= {
            "starts_at": last.period.start.isoformat(),
            "ends_at": last.period.end.isoformat(),
        }
    told = news.told if isinstance(news.actor, Actor) else None  # who can undo it
    waits = told is not None and news.mail in WAITING
    if told is not None and waits:
        payload[TOLD_BEFORE] = told.as_payload()
    work.outbox.add(
        MAIL,
        payload,
        now=now,
        wait=last_told.UNDO if waits else timedelta(),
        appointment_id=appointment.id,
        useful_until=news.useful_until,
    )


def withdraw(
    work: UnitOfWork, before: Appointment, after: Appointment, now: datetime
) -> None:
    """Promise a former address a mail that takes the appointment out of its calendar.

    The address is kept with the promise, and forgotten with it.
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
        "agent_id": "",
    }
    work.outbox.add(
        WITHDRAWAL,
        payload,
        now=now,
        appointment_id=before.id,
        useful_until=max(before.ends_at, after.ends_at),
    )


def _may_be_mailed(
    work: UnitOfWork, appointment: Appointment, news: AppointmentEvent, now: datetime
) -> bool:
    """Whether there is an address that may get one more mail."""
    address = appointment.customer.email
    if not address or appointment.is_proven:
        return bool(address)
    if news.actor in {CUSTOMER, SYSTEM}:  # staff change many at once, in any order
        work.lock_customer(contact.counted_email(address))
    return limits.count_unproven_mail(work, address, now)


def _is_news_whom_they_meet(
    work: UnitOfWork, appointment: Appointment, news: AppointmentEvent, now: datetime
) -> bool:
    """Whether the agent changed, and the latest mail named somebody else."""
    agent, told = appointment.agent_id, news.told
    is_other = AGENT in news.detail or (told is not None and told.agent_id != agent)
    if not is_other or agent is None or appointment.starts_at <= now:
        return False
    named = work.outbox.newest(MAIL, appointment.id).get("agent_id", "")
    return named not in {"", str(agent)}


def promise_writing(work: UnitOfWork, appointment_id: UUID, now: datetime) -> None:
    """Promise to make the host calendar agree with an appointment as it is by then."""
    work.outbox.add(CALENDAR, {}, now=now, appointment_id=appointment_id)


def _concerns_calendar(appointment: Appointment) -> bool:
    """Whether it stands in the host calendar, or may have stood there until now."""
    was_agreed = appointment.confirmed_at is not None
    status = appointment.status
    return status is Status.CONFIRMED or (status is Status.CANCELLED and was_agreed)


def mail_payload(appointment: Appointment, news: AppointmentEvent) -> dict[str, Any]:
    """Return what a mail must say, frozen at the moment it was promised.

    A later change of the appointment has its own mail and its own SEQUENCE.
    """
    previous = news.previous
    return {
        "mail": news.mail.value if news.mail else "",
        "reason": news.reason,
        "sequence": appointment.sequence,
        "status": appointment.status.value,
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "agent_id": str(appointment.agent_id) if appointment.agent_id else "",
        "agent_before": str(previous.agent_id or "") if previous else "",
        "previous": [previous.starts_at.isoformat(), previous.ends_at.isoformat()]
        if previous
        else [],
    }


def difference(
    roster: Roster, before: Appointment, after: Appointment
) -> Mapping[str, Any]:
    """Return what changed, without a word of the customer's own."""
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
    return detail | ({"fields": fields} if fields else {})
