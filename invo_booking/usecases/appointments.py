"""Staff create, move, assign and cancel."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final
from uuid import UUID, uuid4

from invo_booking.domain.appointment import (
    Appointment,
    CancelledBy,
    Channel,
    Status,
    is_late,
)
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from invo_booking.domain.institution import Answer, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.roles import Action, Actor, holds_any
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general
from invo_booking.usecases import availability, ledger, links, placement
from invo_booking.usecases.customers import Contact, checked_customer
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.ledger import News
from invo_booking.usecases.visit import join_rules, one_line


class Keep(Enum):
    """Stands for "leave the agent as it is"; ``None`` means un-assign."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A new appointment as a member of staff typed it; instants in UTC."""

    answer_id: UUID | None = None
    title: str = ""
    queue_id: UUID
    language: str
    channel: Channel
    starts_at: datetime
    ends_at: datetime
    agent_id: UUID | None = None
    name: str
    email: str = ""
    phone: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to change; ``None`` (and ``KEEP``) leave a thing as it is."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    agent: UUID | Keep | None = KEEP
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    notes: str | None = None
    channel: Channel | None = None
    language: str | None = None


def create(deps: Deps, actor: Actor, draft: Draft) -> Appointment:
    """Book for a customer; confirmed at once.

    Raises:
        NotAllowedError: If the actor's roles do not allow it.
        InvalidInputError: If a field cannot be used.
        SlotTakenError: If nobody, or not the chosen agent, is free.
        SlotClosedError: If the time breaks a rule.
    """
    with deps.unit_of_work() as work:
        _require(work, actor, Action.CREATE)
        if draft.agent_id not in {None, actor.id}:
            _require(work, actor, Action.ASSIGN)
        now, appointment = deps.now(), _drafted(deps, work, draft)
        _lock(work, appointment.period)
        placement.check(work, appointment, now)
        work.appointments.add(appointment)
        links.issue(deps, work, appointment.id)
        detail = _facts(work.roster, appointment)
        news = News(
            actor=actor.name, action="created", detail=detail, mail=MailKind.CONFIRMED
        )
        ledger.tell(work, appointment, news, now)
    deps.wake()
    return appointment


def change(
    deps: Deps,
    actor: Actor,
    appointment_id: UUID,
    change: Change,
    *,
    version: int | None = None,
) -> Appointment:
    """Move, resize, re-assign or correct an appointment.

    Args:
        deps: The product's parts.
        actor: Whose roles decide: time and details need *edit*, the agent *assign*.
        appointment_id: Which one.
        change: What to change.
        version: The version the actor looked at; ``None`` takes whatever there is.

    Raises:
        NotAllowedError: If the actor's roles do not allow it.
        ConflictError: If somebody changed it since.
        InvalidInputError: If a field cannot be used.
        SlotTakenError: If the agent, or everybody, is busy then.
        SlotClosedError: If the time breaks a rule.
    """
    with deps.unit_of_work() as work:
        now, found = deps.now(), _visible(work, actor, appointment_id)
        wanted = _changed(work, found, change)
        _lock(work, found.period, wanted.period)
        before = _current(work, found, version)
        after = _changed(work, before, change)
        _check_rights(work, actor, before, after)
        if after == before:
            return before
        moved = after.period != before.period
        if moved or after.agent_id != before.agent_id or _other_group(before, after):
            placement.check(work, after, now, before=before)
        told = moved or after.channel != before.channel
        saved = work.appointments.save(
            replace(after, sequence=before.sequence + int(told))
        )
        news = News(
            actor=actor.name,
            action="moved" if moved else "changed",
            detail=_difference(work.roster, before, saved),
            mail=MailKind.CHANGED if told else None,
            previous=before if moved else None,
        )
        ledger.tell(work, saved, news, now)
    deps.wake()
    return saved


def assign(
    deps: Deps,
    actor: Actor,
    appointment_id: UUID,
    agent_id: UUID | None,
    *,
    version: int | None = None,
) -> Appointment:
    """Give an appointment to an agent, or to nobody. See ``change`` for errors."""
    return change(deps, actor, appointment_id, Change(agent=agent_id), version=version)


def take(deps: Deps, actor: Actor, appointment_id: UUID) -> Appointment:
    """Let an agent take an unassigned appointment of the agent's own queues.

    Raises:
        ConflictError: If somebody else took it first.
        NotAllowedError: If it is not of the agent's queues and languages.
        SlotTakenError: If the agent is busy then.
    """
    with deps.unit_of_work() as work:
        found = _visible(work, actor, appointment_id)
        _lock(work, found.period)
        before, now = _current(work, found, None), deps.now()
        if before.agent_id == actor.id:
            return before
        if before.agent_id is not None:
            raise ConflictError("Somebody else has just taken this appointment.")
        if not _may_take(work, actor, before):
            raise NotAllowedError
        because = f"{actor.name} took it"
        after = replace(before, agent_id=actor.id, assigned_because=because)
        placement.check(work, after, now, before=before)
        saved = work.appointments.save(after)
        detail = _difference(work.roster, before, saved)
        ledger.tell(
            work, saved, News(actor=actor.name, action="taken", detail=detail), now
        )
    return saved


def cancel(
    deps: Deps,
    actor: Actor,
    appointment_id: UUID,
    reason: str,
    *,
    late: bool = False,
    version: int | None = None,
) -> Appointment:
    """Cancel an appointment and tell the customer why.

    Args:
        deps: The product's parts.
        actor: Needs the right to delete; an agent may cancel an own one as late.
        appointment_id: Which one.
        reason: One line the customer reads; may be empty.
        late: Whether it is because the customer did not come in time.
        version: The version the actor looked at.

    Raises:
        NotAllowedError: If the actor's roles do not allow it.
        ConflictError: If it is not live any more, or was changed since.
    """
    with deps.unit_of_work() as work:
        now = deps.now()
        found = _visible(work, actor, appointment_id)
        before = _current(work, found, version)
        own_late = late and before.agent_id == actor.id
        if late and not is_late(before, join_rules(work.settings), now):
            raise ConflictError("This appointment is not late any more.")
        if not own_late:
            _require(work, actor, Action.DELETE)
        by = CancelledBy.LATE if late else CancelledBy.STAFF
        saved = work.appointments.save(
            replace(
                before,
                status=Status.CANCELLED,
                sequence=before.sequence + 1,
                cancelled_by=by,
                cancel_reason=one_line(reason),
            )
        )
        news = News(
            actor=actor.name,
            action="cancelled as late" if late else "cancelled",
            detail={"by": by.value},
            mail=MailKind.LATE if late else MailKind.CANCELLED,
            reason=saved.cancel_reason,
        )
        ledger.tell(work, saved, news, now)
    deps.wake()
    return saved


def keep_waiting(deps: Deps, actor: Actor, appointment_id: UUID) -> None:
    """Note that the agent goes on waiting for a late customer."""
    with deps.unit_of_work() as work:
        found = _visible(work, actor, appointment_id)
        news = News(actor=actor.name, action="kept waiting", detail={})
        ledger.tell(work, found, news, deps.now())


def allowed_actions(work: UnitOfWork, actor: Actor) -> frozenset[Action]:
    """Return what the actor's roles allow under today's settings."""
    return frozenset(
        action
        for action, setting in general.WHO_CAN.items()
        if holds_any(actor, work.settings[setting])
    )


def may_see(work: UnitOfWork, actor: Actor, appointment: Appointment) -> bool:
    """Whether the actor may open an appointment.

    Overseers see all; an agent the own ones, those of colleagues in the same queue
    and language, and unassigned ones if the setting says so.
    """
    if actor.oversees or appointment.agent_id == actor.id:
        return True
    if not actor.serves(appointment.queue_id, appointment.language):
        return False
    if appointment.agent_id is not None:
        return True
    may_assign = Action.ASSIGN in allowed_actions(work, actor)
    return may_assign or work.settings[general.SHOW_UNASSIGNED]


def _require(work: UnitOfWork, actor: Actor, action: Action) -> None:
    if action not in allowed_actions(work, actor):
        raise NotAllowedError


def _may_take(work: UnitOfWork, actor: Actor, appointment: Appointment) -> bool:
    if Action.ASSIGN in allowed_actions(work, actor):
        return True
    serves = actor.serves(appointment.queue_id, appointment.language)
    return serves and work.settings[general.SHOW_UNASSIGNED]


def _visible(work: UnitOfWork, actor: Actor, appointment_id: UUID) -> Appointment:
    """Return an appointment; one that must not be seen is one that does not exist."""
    found = work.appointments.get(appointment_id)
    if not may_see(work, actor, found):
        raise NotFoundError("This appointment no longer exists.")
    return found


def _current(work: UnitOfWork, found: Appointment, version: int | None) -> Appointment:
    current = work.appointments.get(found.id)
    if version is not None and current.version != version:
        raise ConflictError
    if not current.is_live:
        raise ConflictError("This appointment is over or was cancelled.")
    return current


def _check_rights(
    work: UnitOfWork, actor: Actor, before: Appointment, after: Appointment
) -> None:
    if after.agent_id != before.agent_id:
        _require(work, actor, Action.ASSIGN)
    same_but_agent = replace(
        after, agent_id=before.agent_id, assigned_because=before.assigned_because
    )
    if same_but_agent != before:
        _require(work, actor, Action.EDIT)


def _lock(work: UnitOfWork, *periods: Interval) -> None:
    zone = work.roster.institution.zone
    work.lock_days(
        day for period in periods for day in availability.days_of(period, zone)
    )


def _other_group(before: Appointment, after: Appointment) -> bool:
    return (before.queue_id, before.language) != (after.queue_id, after.language)


def _drafted(deps: Deps, work: UnitOfWork, draft: Draft) -> Appointment:
    answer = _answer(work.roster, draft)
    _check_period(draft.starts_at, draft.ends_at)
    checked = checked_customer(
        work,
        Contact(
            name=draft.name, email=draft.email, phone=draft.phone, notes=draft.notes
        ),
        by_staff=True,
    )
    title = answer.title if answer else one_line(draft.title)[:120]
    now = deps.now()
    return Appointment(
        id=uuid4(),
        status=Status.CONFIRMED,
        answer_id=answer.id if answer else None,
        title=title or work.roster.queue_name(draft.queue_id),
        queue_id=draft.queue_id,
        language=draft.language,
        channel=draft.channel,
        agent_id=draft.agent_id,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        buffer_before=answer.buffer_before if answer else timedelta(),
        buffer_after=answer.buffer_after if answer else timedelta(),
        customer=checked.customer,
        notes=checked.notes,
        requested_at=now,
        confirmed_at=now,
        assigned_because="Chosen by staff" if draft.agent_id else "",
    )


def _answer(roster: Roster, draft: Draft) -> Answer | None:
    problems: dict[str, str] = {}
    answer = roster.answers.get(draft.answer_id) if draft.answer_id else None
    if draft.answer_id and answer is None:
        problems["answer"] = "This topic no longer exists. Choose another one."
    if draft.queue_id not in roster.queues:
        problems["queue"] = "Choose a queue."
    if draft.language not in roster.languages:
        problems["language"] = "Choose a language."
    if answer and answer.queue_id != draft.queue_id:
        problems["queue"] = "This topic belongs to another queue."
    if problems:
        raise InvalidInputError(problems)
    return answer


def _check_period(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise InvalidInputError({"ends_at": "The end must be later than the start."})


def _changed(work: UnitOfWork, before: Appointment, change: Change) -> Appointment:
    """Return the appointment as it would be; moving keeps the length."""
    starts_at = change.starts_at or before.starts_at
    ends_at = change.ends_at or starts_at + before.period.duration
    _check_period(starts_at, ends_at)
    customer = before.customer
    checked = checked_customer(
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
    agent = before.agent_id if change.agent is KEEP else change.agent
    same_agent = agent == before.agent_id
    because = "Chosen by staff" if agent else ""
    return replace(
        before,
        starts_at=starts_at,
        ends_at=ends_at,
        agent_id=agent,
        assigned_because=before.assigned_because if same_agent else because,
        channel=change.channel or before.channel,
        language=_language(work.roster, change.language or before.language),
        customer=checked.customer,
        notes=checked.notes,
    )


def _language(roster: Roster, code: str) -> str:
    if code not in roster.languages:
        raise InvalidInputError({"language": "Choose a language."})
    return code


def _facts(roster: Roster, appointment: Appointment) -> dict[str, Any]:
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "agent": roster.person_name(appointment.agent_id),
    }


def _difference(
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
        detail["agent"] = roster.person_name(after.agent_id)
    fields = [
        name
        for name in ("customer", "notes", "channel", "language")
        if getattr(before, name) != getattr(after, name)
    ]
    return detail | ({"fields": fields} if fields else {})
