"""Whether an appointment made by staff may stand where it is put."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import InvalidInputError, SlotTakenError
from invo_booking.domain.institution import Person
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.demand import WaitingQueue
from invo_booking.domain.slots.reasons import Reason, Rule
from invo_booking.domain.slots.search import (
    Calendar,
    Group,
    Rules,
    Waiting,
    is_free,
    judge,
    open_slots,
    timetable,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.usecases.slots import availability
from invo_booking.usecases.slots.availability import Wanted, waiting_of

ABOUT_AGENTS = availability.TAKEN | {Rule.NOBODY_DESIGNATED, Rule.OUTSIDE_HOURS}
"""Rules about a team, which do not matter where one agent is named."""


def check(
    work: UnitOfWork,
    appointment: Appointment,
    now: datetime,
    *,
    before: Appointment | None = None,
) -> tuple[UUID, ...]:
    """Refuse an appointment that breaks a rule or takes what others were promised.

    Call it under the lock of the institution days touched.

    Args:
        work: The transaction.
        appointment: As it would be.
        now: The present instant.
        before: As it is, if it exists; a rule about time is only asked where the
            time changes, so that what is running can still be given to somebody.

    Returns:
        Who could take it: its agent, or everybody who could while it has none.

    Raises:
        InvalidInputError: If the length is not allowed, or the agent unsuited.
        SlotTakenError: If the agent, or everybody, is busy then.
        SlotClosedError: If the time breaks a rule.
    """
    moved = before is None or before.period != appointment.period
    if moved:
        _check_length(work, appointment, before)
    calendars, waiting = availability.read_calendars(
        work, appointment.period, now, without=before
    )
    wanted = Wanted.of(appointment)
    rules = availability.rules_for(
        work.roster, work.settings, wanted, now, public=False
    )
    verdict = judge(rules, wanted.group, calendars, waiting, appointment.starts_at)
    if appointment.agent_id is None:
        reasons = [r for r in verdict.reasons if moved or r.rule in ABOUT_AGENTS]
        _refuse(work, rules, wanted.group, appointment.starts_at, reasons)
        return verdict.placeable
    if moved:
        reasons = [r for r in verdict.reasons if r.rule not in ABOUT_AGENTS]
        _refuse(work, rules, wanted.group, appointment.starts_at, reasons)
    _check_agent(work, appointment, calendars, now)
    line = WaitingQueue(waiting, timetable(calendars), now)
    if not line.spares(
        appointment.agent_id, waiting_of(appointment), waits=waiting_as(before)
    ):
        raise SlotTakenError(
            "An unassigned appointment needs this agent. Assign that one first."
        )
    return (appointment.agent_id,)


def waiting_as(before: Appointment | None) -> Waiting | None:
    """Return what an appointment asks of the agents, if it has none by now."""
    return waiting_of(before) if before and before.agent_id is None else None


def _check_agent(
    work: UnitOfWork,
    appointment: Appointment,
    calendars: Sequence[Calendar],
    now: datetime,
) -> None:
    person = (
        work.roster.people.get(appointment.agent_id) if (appointment.agent_id) else None
    )
    problem = _unsuited(person, appointment)
    if problem:
        raise InvalidInputError({"agent": problem})
    for calendar in calendars:
        if calendar.agent_id == appointment.agent_id:
            why = is_free(
                calendar,
                appointment.period,
                appointment.buffer_before,
                appointment.buffer_after,
                work.roster.institution.zone,
                now,
            )
            if why:
                raise SlotTakenError(f"{calendar.name}: {why}.")


def _unsuited(person: Person | None, appointment: Appointment) -> str:
    if person is None or not person.active:
        return "This person does not take appointments any more."
    if appointment.queue_id not in person.queues:
        return f"{person.name} does not serve this queue."
    if appointment.language not in person.languages:
        return f"{person.name} does not speak this language."
    return ""


def _refuse(
    work: UnitOfWork,
    rules: Rules,
    group: Group,
    start: datetime,
    reasons: Sequence[Reason],
) -> None:
    if reasons:
        nearby = availability.nearest_open(work, rules, group, start)
        raise availability.refusal(reasons[0], nearby)


def _check_length(
    work: UnitOfWork, appointment: Appointment, before: Appointment | None
) -> None:
    """Staff may book any length on the grid; an Answer's own length is always right."""
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
            {"ends_at": f"The length must be a multiple of {_minutes(step)} minutes."}
        )
    if not shortest <= length <= longest:
        raise InvalidInputError(
            {
                "ends_at": f"An appointment lasts {_minutes(shortest)} to "
                f"{_minutes(longest)} minutes."
            }
        )


def openings_for(
    work: UnitOfWork, appointment: Appointment, window: Interval, now: datetime
) -> dict[str, tuple[Interval, ...]]:
    """Return the spans in which an appointment of this length may lie, by lane.

    A lane is an agent's id or ``"unassigned"``; spans are those of the open starts.
    """
    wanted = Wanted.of(appointment)
    rules = availability.rules_for(
        work.roster, work.settings, wanted, now, public=False
    )
    calendars, _ = availability.read_calendars(work, window, now, without=appointment)
    return {
        str(calendar.agent_id): tuple(_starts(rules, wanted.group, calendar, window))
        for calendar in calendars
        if calendar.serves(wanted.group)
    }


def _starts(
    rules: Rules, group: Group, calendar: Calendar, window: Interval
) -> list[Interval]:
    return [
        Interval(slot.start, slot.end)
        for slot in open_slots(rules, group, [calendar], [], window)
    ]


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)
