"""Refuse actions on an appointment that changed after the actor saw it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import (
    AppointmentChangedError,
    ConflictError,
    OvertakenError,
)
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.texts.dates import clock_text, month_day_text
from invo_booking.usecases.appointment.history import AGENT, CUSTOMER, SYSTEM
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import visible_appointment

OVER = "appointments.as_seen.over"
NOTHING_DONE = "appointments.as_seen.look_again"
_NAMES = {
    CUSTOMER: "appointments.as_seen.customer",
    SYSTEM: "appointments.as_seen.system",
}
_DEEDS = {
    "confirmed": "appointments.as_seen.confirmed",
    "cancelled": "appointments.as_seen.cancelled",
    "cancelled as late": "appointments.as_seen.did_cancel_as_late",
    "expired": "appointments.as_seen.did_expire",
    "taken": "appointments.as_seen.took",
    "given back": "appointments.as_seen.did_give_back",
    "kept waiting": "appointments.as_seen.did_keep_waiting",
    "joined": "appointments.as_seen.did_join",
    "staff joined": "appointments.as_seen.did_join",
    "running late": "appointments.as_seen.did_say_late",
    "in time": "appointments.as_seen.did_withdraw_lateness",
    "ended": "appointments.as_seen.ended",
    "reminded": "appointments.as_seen.did_remind",
    "confirmation sent again": "appointments.as_seen.did_send_again",
}


@dataclass(frozen=True, slots=True)
class SeenVersion:
    """The version of an appointment that the actor saw, and what the actor wants.

    Attributes:
        version: The version shown to the actor; ``None`` accepts any version.
        is_undo: Whether to undo the actor's own latest change.
        wants_nobody: Whether the action requires that the appointment is unassigned.
        is_any: Whether the action is also possible on ended and cancelled appointments.
    """

    id: UUID
    version: int | None
    is_undo: bool = False
    wants_nobody: bool = False
    is_any: bool = False


def check_seen(
    work: UnitOfWork, current: Appointment, seen: SeenVersion, now: datetime
) -> None:
    """Refuse an action on an appointment whose current state the actor has not seen.

    Args:
        current: The appointment as stored now.
        seen: What the actor saw.

    Raises:
        AppointmentChangedError: If the appointment was changed since, or is assigned
            although the action requires an unassigned appointment.
        ConflictError: If the appointment is no longer live.
    """
    is_stale = seen.version not in {None, current.version}
    if is_stale or (seen.wants_nobody and current.is_live and current.agent_id):
        raise _conflict_error(work, current, now)
    if not (current.is_live or seen.is_any):
        raise ConflictError(say(OVER))


def check_undo(
    work: UnitOfWork,
    actor: Actor,
    before: Appointment,
    now: datetime,
    *,
    of: str = "",
) -> None:
    """Refuse to undo a change that is too old, or that is not the latest change.

    The latest change must be the actor's own. If ``of`` is given, the latest change
    must also be this action.

    Raises:
        ConflictError: If the change is too old.
        AppointmentChangedError: If the latest change is a different change.
    """
    last = _last(work, before)
    is_theirs = last is not None and last.actor_id == actor.id
    if last is None or not is_theirs or (of and last.action != of):
        raise _conflict_error(work, before, now)
    if now - last.at >= UNDO:
        raise ConflictError(say("appointments.as_seen.undo_too_late"))


@contextmanager
def explain_overtaken(deps: Deps, actor: Actor, seen: SeenVersion) -> Generator[None]:
    """Replace ``OvertakenError`` by an error that describes the concurrent change.

    Raises:
        AppointmentChangedError: Instead of ``OvertakenError``.
        NotFoundError: If the appointment is now hidden from the actor.
    """
    try:
        yield
    except OvertakenError as error:
        with deps.unit_of_work() as work:
            refusal = _conflict_error(
                work, visible_appointment(work, actor, seen.id), deps.now()
            )
        raise refusal from error


def overtaken_sentence(deps: Deps, actor: Actor, seen: SeenVersion) -> str:
    """Return the latest change since the actor saw the appointment, or an empty text.

    Raises:
        NotFoundError: If the appointment is now hidden from the actor.
    """
    with deps.unit_of_work() as work:
        current = visible_appointment(work, actor, seen.id)
        if current.version == seen.version:
            return ""
        return _what_happened(work, current, deps.now())


def _conflict_error(
    work: UnitOfWork, current: Appointment, now: datetime
) -> AppointmentChangedError:
    fact = _what_happened(work, current, now)
    return AppointmentChangedError(f"{fact} {say(NOTHING_DONE)}", current)


def _what_happened(work: UnitOfWork, current: Appointment, now: datetime) -> str:
    """Return who last changed an appointment, how and when (in institution time)."""
    last = _last(work, current)
    if last is None:
        return say("appointments.as_seen.changed_by_somebody")
    who = say(_NAMES[last.actor]) if last.actor in _NAMES else last.actor
    deed, when = _change_in_words(work, last), _when(work, last.at, now)
    fact = f"{who} {deed} ({when})."
    owner = work.roster.person_name(current.agent_id) if current.is_live else ""
    return (
        say("appointments.as_seen.now", fact=fact, owner=owner)
        if owner and owner not in fact
        else fact
    )


def _last(work: UnitOfWork, appointment: Appointment) -> AuditEntry | None:
    history = work.audit.history(str(appointment.id))
    return history[-1] if history else None


def _change_in_words(work: UnitOfWork, entry: AuditEntry) -> str:
    detail = entry.detail
    if "to" in detail:
        zone = work.roster.institution.zone
        start = datetime.fromisoformat(detail["to"]).astimezone(zone)
        return say(
            "appointments.as_seen.moved",
            day=month_day_text(start),
            time=clock_text(start),
        )
    if entry.action in _DEEDS:
        return say(_DEEDS[entry.action])
    if AGENT in detail:
        agent, before = detail[AGENT], detail.get("agent_before")
        return (
            say("appointments.as_seen.gave", agent=agent)
            if agent
            else say("appointments.as_seen.did_take_from", before=before)
        )
    names: list[str] = detail.get("fields", [])
    fields = say("appointments.as_seen.and").join(
        say(_FIELDS[name]) if name in _FIELDS else name for name in names
    )
    return (
        say("appointments.as_seen.changed", fields=fields)
        if fields
        else say("appointments.as_seen.did_change")
    )


_FIELDS = {
    "customer": "appointments.as_seen.part_customer",
    "notes": "appointments.as_seen.notes",
    "channel": "appointments.as_seen.part_channel",
    "language": "appointments.as_seen.language",
    "branch": "appointments.as_seen.branch",
    "documents": "appointments.as_seen.documents",
}


def _when(work: UnitOfWork, at: datetime, now: datetime) -> str:
    zone = work.roster.institution.zone
    then, here = at.astimezone(zone), now.astimezone(zone)
    clock = clock_text(then)
    is_today = then.date() == here.date()
    return clock if is_today else f"{month_day_text(then)}, {clock}"
