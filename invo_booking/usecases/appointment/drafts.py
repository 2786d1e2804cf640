"""Convert what staff typed about an appointment to an appointment."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final
from uuid import UUID, uuid4

from invo_booking.domain.appointment import Appointment, Channel, Status
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.institution import Answer, Roster
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment.branches import (
    branch_after_change,
    branch_for_channel,
)
from invo_booking.usecases.appointment.customers import (
    CheckedCustomer,
    Contact,
    normalize_customer,
)
from invo_booking.usecases.appointment.steps import clean_reason
from invo_booking.usecases.shared.deps import Deps

LONGEST = timedelta(days=1)
"""Maximum length of an appointment, because a booking locks each of its days."""


class Keep(Enum):
    """Marker for an unchanged agent; ``None`` unassigns the appointment instead."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentDraft:
    """A new appointment as staff typed it; instants in UTC.

    Attributes:
        branch_id: Branch of a visit; may be ``None`` if only one branch is open.
        despite_overlap: Whether to accept another appointment of the customer at that
            time.
    """

    answer_id: UUID | None = None
    title: str = ""
    queue_id: UUID
    language: str
    channel: Channel
    branch_id: UUID | None = None
    starts_at: datetime
    ends_at: datetime
    agent_id: UUID | None = None
    name: str
    email: str = ""
    phone: str = ""
    notes: str = ""
    despite_overlap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentChange:
    """Changes to an appointment; ``None`` and ``KEEP`` leave a value unchanged.

    Attributes:
        branch_id: New branch of a visit.
        despite_overlap: Whether to accept another appointment of the customer at that
            time.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    agent: UUID | Keep | None = KEEP
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    notes: str | None = None
    channel: Channel | None = None
    branch_id: UUID | None = None
    language: str | None = None
    despite_overlap: bool = False


def draft_appointment(
    deps: Deps, work: UnitOfWork, draft: AppointmentDraft
) -> Appointment:
    """Return a new appointment made from a draft, with checked fields. Stores nothing.

    Raises:
        InvalidInputError: With an error message for each field that has a problem.
    """
    answer = _answer(work.roster, draft)
    _check_period(draft.starts_at, draft.ends_at)
    checked = normalize_customer(
        work,
        Contact(
            name=draft.name,
            email=draft.email,
            phone=draft.phone,
            notes=draft.notes,
            language=draft.language,
        ),
        by_staff=True,
    )
    title = answer.title if answer else clean_reason(draft.title)[:120]
    now = deps.now()
    return Appointment(
        id=uuid4(),
        status=Status.CONFIRMED,
        answer_id=answer.id if answer else None,
        title=title or work.roster.queue_name(draft.queue_id),
        queue_id=draft.queue_id,
        language=draft.language,
        channel=draft.channel,
        branch_id=branch_for_channel(work.roster, draft.channel, draft.branch_id),
        agent_id=draft.agent_id,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        buffer_before=answer.buffer_before if answer else timedelta(),
        buffer_after=answer.buffer_after if answer else timedelta(),
        customer=checked.customer,
        notes=checked.notes,
        requested_at=now,
        confirmed_at=now,
        assigned_because=say("appointments.drafts.agent_by_staff")
        if draft.agent_id
        else "",
    )


def _answer(roster: Roster, draft: AppointmentDraft) -> Answer | None:
    problems: dict[str, str] = {}
    answer = roster.answers.get(draft.answer_id) if draft.answer_id else None
    if draft.answer_id and (answer is None or answer.archived):
        problems["answer"] = say("appointments.drafts.topic_gone")
    if draft.queue_id not in roster.queues:
        problems["queue"] = say("appointments.drafts.queue_needed")
    if draft.language not in roster.languages:
        problems["language"] = say("appointments.drafts.language_needed")
    if answer and answer.queue_id != draft.queue_id:
        problems["queue"] = say("appointments.drafts.topic_of_other_queue")
    if problems:
        raise InvalidInputError(problems)
    return answer


def _check_period(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise InvalidInputError(
            {"ends_at": say("appointments.drafts.end_before_start")}
        )
    if ends_at - starts_at > LONGEST:
        raise InvalidInputError({"ends_at": say("appointments.drafts.too_long")})


def apply_change(
    work: UnitOfWork, before: Appointment, change: AppointmentChange
) -> Appointment:
    """Return the changed appointment. Stores nothing.

    A new start without a new end keeps the length.
    """
    starts_at = change.starts_at or before.starts_at
    ends_at = change.ends_at or starts_at + before.period.duration
    _check_period(starts_at, ends_at)
    checked = _customer_after(work, before, change)
    agent = before.agent_id if change.agent is KEEP else change.agent
    same_agent = agent == before.agent_id
    because = say("appointments.drafts.agent_by_staff") if agent else ""
    return replace(
        before,
        starts_at=starts_at,
        ends_at=ends_at,
        agent_id=agent,
        assigned_because=before.assigned_because if same_agent else because,
        channel=change.channel or before.channel,
        branch_id=branch_after_change(
            work.roster, before, change.channel, change.branch_id
        ),
        language=_language(work.roster, change.language or before.language),
        customer=checked.customer,
        notes=checked.notes,
    )


def _customer_after(
    work: UnitOfWork, before: Appointment, change: AppointmentChange
) -> CheckedCustomer:
    """Return the customer and notes after a change.

    If the change contains neither customer details nor notes, the stored values are not
    checked again.
    """
    customer = before.customer
    if {change.name, change.email, change.phone, change.notes} == {None}:
        return CheckedCustomer(customer=customer, notes=before.notes)
    return normalize_customer(
        work,
        Contact(
            name=customer.name if change.name is None else change.name,
            email=customer.email if change.email is None else change.email,
            phone=customer.phone if change.phone is None else change.phone,
            time_zone=customer.time_zone,
            locale=customer.locale,
            notes=before.notes if change.notes is None else change.notes,
        ),
        by_staff=True,
    )


def _language(roster: Roster, code: str) -> str:
    if code not in roster.languages:
        raise InvalidInputError(
            {"language": say("appointments.drafts.language_needed")}
        )
    return code


def appointment_facts(roster: Roster, appointment: Appointment) -> dict[str, Any]:
    """Return the facts about a new appointment for its history."""
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "agent": roster.person_name(appointment.agent_id),
    }
