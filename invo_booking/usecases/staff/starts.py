"""The starts of a day as staff choose among them, the closed ones with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.demand import WaitingQueue
from invo_booking.domain.slots.reasons import Rule
from invo_booking.domain.slots.search import (
    Calendar,
    Finding,
    Group,
    Rules,
    Verdict,
    Waiting,
    is_free,
    judge,
    survey,
    timetable,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.appointment.drafts import LONGEST
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import require, visible
from invo_booking.usecases.slots import availability, placement
from invo_booking.usecases.slots.availability import Wanted

NEEDED = "An unassigned appointment needs this agent. Assign that one first."
_NOT_WORKED = frozenset(
    {Rule.OUTSIDE_HOURS, Rule.NOBODY_DESIGNATED, Rule.HOLIDAY, Rule.WEEKEND}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What staff are about to put somewhere.

    Attributes:
        day: On the institution's calendar.
        answer_id: Gives the buffers; ``None`` for a topic of staff's own.
        agent_id: Who shall serve; ``None`` for whoever is free.
        appointment_id: What is being moved; it is not in its own way, and its queue,
            language, topic and agent count instead of those above.
        typed: A start of its own, on the grid or not, in UTC.
    """

    day: date
    length: timedelta
    queue_id: UUID | None = None
    language: str = ""
    answer_id: UUID | None = None
    agent_id: UUID | None = None
    appointment_id: UUID | None = None
    typed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start under the rules for staff.

    Attributes:
        worked: Whether those who could serve are on duty at all.
        sentences: Why it is closed, first what a refusal would say; empty if open.
    """

    starts_at: datetime
    worked: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """The starts of a day, and the one that was typed, if one was."""

    day: tuple[Start, ...]
    typed: Start | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One plan with all that decides about it.

    Attributes:
        line: Those who wait for an agent, without what is being moved.
        waits: What is being moved, if it waits for an agent itself.
    """

    wanted: Wanted
    rules: Rules
    calendars: Sequence[Calendar]
    waiting: Sequence[Waiting]
    agent: Calendar | None
    stays: Interval | None
    line: WaitingQueue
    waits: Waiting | None
    zone: ZoneInfo


def starts(deps: Deps, actor: Actor, plan: Plan) -> Starts:
    """Return every start of a day on the grid, open or not, under the rules for staff.

    What is open here is what creating and changing accept, for they ask the same.

    Raises:
        NotAllowedError: If the actor may neither create nor edit.
        NotFoundError: If the appointment is not for this actor to see.
        InvalidInputError: If queue, language or length cannot be used.
    """
    if not timedelta() < plan.length <= LONGEST:
        raise InvalidInputError({"minutes": "An appointment lasts a day at most."})
    with deps.unit_of_work() as work:
        require(work, actor, Action.EDIT if plan.appointment_id else Action.CREATE)
        zone = work.roster.institution.zone
        day = Interval(
            availability.midnight(plan.day, zone),
            availability.midnight(plan.day + timedelta(days=1), zone),
        )
        case = _case(deps, work, actor, plan, day)
        found = survey(case.rules, case.wanted.group, case.calendars, case.waiting, day)
        return Starts(
            day=tuple(_start(case, it, it.start) for it in found),
            typed=_typed(case, plan.typed) if plan.typed else None,
        )


def _case(
    deps: Deps, work: UnitOfWork, actor: Actor, plan: Plan, day: Interval
) -> _Case:
    moved = visible(work, actor, plan.appointment_id) if plan.appointment_id else None
    wanted = _wanted(work, plan, moved)
    agent_id = moved.agent_id if moved else plan.agent_id
    window = day.widened(timedelta(), wanted.length)
    calendars, waiting = availability.read_calendars(
        work, window, deps.now(), without=moved
    )
    return _Case(
        wanted=wanted,
        rules=availability.rules_for(
            work.roster, work.settings, wanted, deps.now(), public=False
        ),
        calendars=calendars,
        waiting=waiting,
        agent=next((it for it in calendars if it.agent_id == agent_id), None),
        stays=moved.period if moved else None,
        line=WaitingQueue(waiting, timetable(calendars), deps.now()),
        waits=placement.waiting_as(moved),
        zone=work.roster.institution.zone,
    )


def _wanted(work: UnitOfWork, plan: Plan, moved: Appointment | None) -> Wanted:
    if moved:
        same = Wanted.of(moved)
        return Wanted(same.group, plan.length, same.buffer_before, same.buffer_after)
    answer = work.roster.answers.get(plan.answer_id) if plan.answer_id else None
    queue_id = answer.queue_id if answer else plan.queue_id
    if queue_id is None or queue_id not in work.roster.queues:
        raise InvalidInputError({"queue": "Choose a queue."})
    if plan.language not in work.roster.languages:
        raise InvalidInputError({"language": "Choose a language."})
    return Wanted(
        Group(queue_id, plan.language),
        plan.length,
        answer.buffer_before if answer else timedelta(),
        answer.buffer_after if answer else timedelta(),
    )


def _typed(case: _Case, start: datetime) -> Start:
    verdict = judge(case.rules, case.wanted.group, case.calendars, case.waiting, start)
    return _start(case, verdict, start)


def _start(case: _Case, found: Finding | Verdict, start: datetime) -> Start:
    period = Interval(start, start + case.wanted.length)
    if period == case.stays:
        return Start(starts_at=start, worked=True, sentences=())
    if case.agent is None:
        sentences = [reason.sentence for reason in found.reasons]
        worked = not any(reason.rule in _NOT_WORKED for reason in found.reasons)
        return Start(starts_at=start, worked=worked, sentences=tuple(sentences))
    ruled = [it for it in found.reasons if it.rule not in placement.ABOUT_AGENTS]
    own = _of_agent(case, case.agent, period)
    return Start(
        starts_at=start,
        worked=any(span.covers(period) for span in case.agent.duty)
        and not any(reason.rule in _NOT_WORKED for reason in ruled),
        sentences=(*(reason.sentence for reason in ruled), *([own] if own else [])),
    )


def _of_agent(case: _Case, agent: Calendar, period: Interval) -> str:
    wanted = case.wanted
    if not agent.serves(wanted.group):
        return f"{agent.name} does not serve this queue in this language."
    why = is_free(
        agent,
        period,
        wanted.buffer_before,
        wanted.buffer_after,
        case.zone,
        case.rules.now,
    )
    if why:
        return f"{agent.name}: {why}."
    asked = Waiting(
        period,
        wanted.buffer_before,
        wanted.buffer_after,
        wanted.group.queue_id,
        wanted.group.language,
    )
    return "" if case.line.spares(agent.agent_id, asked, waits=case.waits) else NEEDED
