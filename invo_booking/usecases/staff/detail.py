"""Read one appointment with everything staff need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.appointment import (
    Appointment,
    Phase,
    appointment_phase,
    is_waited_for,
    joinable_from,
)
from invo_booking.domain.branches import Branch
from invo_booking.domain.errors import NotFoundError
from invo_booking.domain.interval import Interval
from invo_booking.domain.moments import next_shown_change
from invo_booking.persistence.audit.entries import DETAILS, AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calls
from invo_booking.texts import count, say
from invo_booking.usecases.appointment import rooms
from invo_booking.usecases.appointment.steps import join_rules
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import allowed_actions, can_take, may_see
from invo_booking.usecases.slots import availability
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion
from invo_booking.usecases.staff.joining import may_host

SAME_READING = timedelta(minutes=15)
"""Time within which repeated reads of one appointment by one person are recorded
once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailHistoryEntry:
    """One entry of an appointment's history.

    Attributes:
        detail: Facts about the change, such as ``from`` and ``to`` as ISO 8601 in UTC.
    """

    at: datetime
    actor: str
    action: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An agent who serves the appointment's queue, language and branch.

    Attributes:
        why: Why the agent is not free; for a free agent, the number of appointments
            that day in words.
    """

    agent_id: UUID
    name: str
    free: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One appointment with everything staff need.

    Attributes:
        mail_trouble: Why a mail to the customer failed; empty if none failed.
        allowed: Actions that the actor's roles allow.
        branch: Branch of a visit; ``None`` for other channels.
        is_own: Whether the actor is the appointment's agent.
        takeable: Whether the actor may take the appointment.
        has_room: Whether the appointment is a video call with a room to join.
        can_join: Whether the actor may enter the room now.
        joinable_from: When the room opens, in UTC.
        customer_calls: Whether customers call the institution for phone appointments.
        institution_phone: The institution's phone number; may be empty.
        waited_until: Time until which staff wait for a missing customer, in UTC;
            ``None`` if nobody waits.
        waited_by: Name of the member of staff who waits.
        changes_at: When the passing of time next changes this data, in UTC; ``None``
            for never.
    """

    appointment: Appointment
    queue_name: str
    language_name: str
    agent_name: str
    time_zone: str
    phase: Phase
    history: tuple[DetailHistoryEntry, ...]
    candidates: tuple[Candidate, ...]
    mail_trouble: str
    allowed: frozenset[Action]
    branch: Branch | None = None
    is_own: bool = False
    takeable: bool = False
    has_room: bool = False
    can_join: bool = False
    joinable_from: datetime
    customer_calls: bool = False
    institution_phone: str = ""
    waited_until: datetime | None = None
    waited_by: str = ""
    changes_at: datetime | None = None


def appointment_detail(deps: Deps, actor: Actor, appointment_id: UUID) -> Detail:
    """Return one appointment as staff see it, and record the read in the audit log.

    Raises:
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
    """
    with deps.unit_of_work() as work:
        appointment = work.appointments.get(appointment_id)
        if not may_see(work, actor, appointment):
            raise NotFoundError(say("staff.detail.gone"))
        _note_reading(work, actor, appointment_id, deps.now())
        roster = work.roster
        language, now = appointment.language, deps.now()
        rules = join_rules(work.settings)
        waited_for = is_waited_for(appointment, rules, now)
        has_room = rooms.has_room(deps, work, appointment)
        return Detail(
            appointment=appointment,
            queue_name=roster.queue_name(appointment.queue_id),
            language_name=roster.languages.get(language, language),
            agent_name=roster.person_name(appointment.agent_id),
            time_zone=roster.institution.zone.key,
            branch=roster.branch_of(appointment),
            phase=appointment_phase(appointment, rules, now),
            history=tuple(
                _line(entry) for entry in work.audit.history(str(appointment.id))
            ),
            candidates=_candidates(work, appointment, now),
            mail_trouble=work.outbox.trouble(appointment.id),
            allowed=allowed_actions(work, actor),
            is_own=appointment.agent_id == actor.id,
            takeable=can_take(work, actor, appointment),
            has_room=has_room,
            can_join=has_room
            and rooms.may_enter(work, appointment, now)
            and may_host(actor, appointment),
            joinable_from=joinable_from(appointment, rules),
            customer_calls=calls.does_customer_call(work.settings, roster.institution),
            institution_phone=roster.institution.phone,
            waited_until=appointment.waits_until if waited_for else None,
            waited_by=roster.person_name(appointment.waits_by) if waited_for else "",
            changes_at=next_shown_change(appointment, rules, now),
        )


def _note_reading(
    work: UnitOfWork, actor: Actor, appointment_id: UUID, now: datetime
) -> None:
    """Record who reads a customer's details, at most once in 15 minutes."""
    thing = (DETAILS, str(appointment_id))
    if not work.audit.was_read(thing[1], actor.id, now - SAME_READING):
        work.audit.add(AuditEntry.by(actor, "read", thing, now))


def _line(entry: AuditEntry) -> DetailHistoryEntry:
    return DetailHistoryEntry(
        at=entry.at, actor=entry.actor, action=entry.action, detail=entry.detail
    )


def _candidates(
    work: UnitOfWork, appointment: Appointment, now: datetime
) -> tuple[Candidate, ...]:
    zone = work.roster.institution.zone
    first = availability.days_of(appointment.period, zone)[0]
    day = Interval(
        availability.plain_midnight(first, zone),
        max(
            availability.plain_midnight(first + timedelta(days=1), zone),
            appointment.ends_at,
        ),
    )
    wanted = SlotRequest.of(appointment)
    question = SlotQuestion.of_staff(work, wanted, now)
    there = question.around(day, without=appointment)
    group, start = wanted.group, appointment.starts_at
    rated = [
        (bool(why), there.appointment_count(it.id, day), it.name, it.id, why)
        for it in work.roster.agents
        if it.as_actor().serves(group.queue_id, group.language, group.branch_id)
        for why in (there.busy_reason(it.id, start),)
    ]
    return tuple(
        Candidate(agent_id=who, name=name, free=not busy, why=why or _load(count))
        for busy, count, name, who, why in sorted(rated)
    )


def _load(number: int) -> str:
    if number == 0:
        return say("staff.detail.day_empty")
    return count("staff.detail.day_appointments", number)
