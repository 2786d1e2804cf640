"""Check whether staff may place an appointment at a time."""

from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import InvalidInputError, SlotTakenError
from invo_booking.domain.institution import Person, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.texts import say
from invo_booking.usecases.slots.availability import TAKEN, SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion, agent_refusal

ABOUT_AGENTS = TAKEN | {ClosingRule.NOBODY_DESIGNATED, ClosingRule.OUTSIDE_HOURS}
"""Rules about all agents of a group; they do not apply if the agent is specified."""


def require_placeable(
    work: UnitOfWork,
    appointment: Appointment,
    now: datetime,
    *,
    before: Appointment | None = None,
) -> tuple[UUID, ...]:
    """Refuse an appointment that breaks a rule for staff or whose agent is unavailable.

    Call this function while the institution days that the appointment touches are
    locked.

    Args:
        appointment: The new state of the appointment.
        before: The stored appointment, if it exists. Rules about time apply only if the
            time changes, so that an appointment that has begun can still be reassigned.

    Returns:
        The appointment's agent; for an unassigned appointment, all agents who could
        take the appointment.

    Raises:
        InvalidInputError: If the length is not allowed, or the agent does not serve
            such appointments.
        SlotTakenError: If the agent is busy at that time; for an unassigned
            appointment, if all agents are busy.
        SlotClosedError: If the time breaks a rule.
    """
    moved = before is None or before.period != appointment.period
    if moved:
        _check_length(work, appointment, before)
    question = SlotQuestion.of_staff(work, SlotRequest.of(appointment), now)
    start = appointment.starts_at
    there = question.around_start(start, without=before)
    if appointment.agent_id is None:
        verdict = there.judge(start)
        reasons = [r for r in verdict.reasons if moved or r.rule in ABOUT_AGENTS]
        question.refuse_because(reasons, start)
        return verdict.placeable
    if moved:
        reasons = [r for r in there.judge(start).reasons if r.rule not in ABOUT_AGENTS]
        question.refuse_because(reasons, start)
    person = work.roster.people.get(appointment.agent_id)
    problem = _unsuited_reason(person, appointment, work.roster)
    if problem:
        raise InvalidInputError({"agent": problem})
    why = there.busy_reason(appointment.agent_id, start)
    if why:
        raise SlotTakenError(agent_refusal(person.name if person else "", why))
    return (appointment.agent_id,)


def _unsuited_reason(
    person: Person | None, appointment: Appointment, roster: Roster
) -> str:
    if person is None or not person.active:
        return say("placement.inactive")
    if appointment.queue_id not in person.queues:
        return say("placement.queue", name=person.name)
    if appointment.language not in person.languages:
        return say("placement.language", name=person.name)
    branch = roster.branch_of(appointment)
    if branch and not person.works_at(branch.id):
        return say("placement.branch", name=person.name, branch=branch.name)
    return ""


def _check_length(
    work: UnitOfWork, appointment: Appointment, before: Appointment | None
) -> None:
    """Refuse a length that the settings do not allow.

    The Answer's own length and an unchanged length are always allowed.
    """
    length = appointment.period.duration
    if before is not None and before.period.duration == length:
        return
    answer = (
        work.roster.answers.get(appointment.answer_id)
        if appointment.answer_id
        else None
    )
    if answer is not None and answer.duration == length:
        return
    _check_bounds(work, length)


def _check_bounds(work: UnitOfWork, length: timedelta) -> None:
    settings = work.settings
    shortest, longest = settings[time.MIN_DURATION], settings[time.MAX_DURATION]
    step = settings[time.INTERVAL]
    if length % step:
        raise InvalidInputError(
            {"ends_at": say("placement.multiple", minutes=_minutes(step))}
        )
    if not shortest <= length <= longest:
        raise InvalidInputError(
            {
                "ends_at": say(
                    "placement.length",
                    shortest=_minutes(shortest),
                    longest=_minutes(longest),
                )
            }
        )


def openings_by_agent(
    work: UnitOfWork, appointment: Appointment, window: Interval, now: datetime
) -> dict[str, tuple[Interval, ...]]:
    """Return the spans of starts to which an appointment can be moved, by agent.

    The keys are agents' ids. Moves that would make the appointment unassigned are left
    out.
    """
    question = SlotQuestion.of_staff(work, SlotRequest.of(appointment), now)
    openings = question.around(window, without=appointment).openings(window)
    return {str(agent): tuple(spans) for agent, spans in openings.items()}


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)
