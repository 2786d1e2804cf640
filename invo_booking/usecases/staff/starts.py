"""List the starts of a day by the rules for staff, with reasons for closed starts."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.appointment import Appointment, Channel
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.institution import Person
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.domain.slots.search import (
    Group,
    Situation,
    StartFinding,
    Verdict,
    verdict_out_of_time,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment.branches import (
    branch_after_change,
    branch_for_channel,
)
from invo_booking.usecases.appointment.drafts import LONGEST
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import require_right, visible_appointment
from invo_booking.usecases.slots import availability, placement
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion, agent_refusal

_NOT_WORKED = frozenset(
    {
        ClosingRule.OUTSIDE_HOURS,
        ClosingRule.NOBODY_DESIGNATED,
        ClosingRule.HOLIDAY,
        ClosingRule.WEEKEND,
        ClosingRule.CLOSED_HOURS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartsQuestion:
    """The appointment for which staff seek a start.

    Attributes:
        day: Date in the institution's time zone.
        answer_id: The Answer, which determines queue and buffers; ``None`` for an
            appointment without an Answer.
        agent_id: The agent; ``None`` for any free agent.
        appointment_id: The appointment being moved, if any. This appointment blocks no
            start. Its queue, language, Answer and agent are used instead of the
            corresponding attributes.
        channel: How customer and agent meet. ``None`` means the channel of the
            appointment being moved, or a call if no appointment is moved.
        branch_id: Branch of a visit; ``None`` for the branch of the appointment being
            moved.
        typed: A start that the person typed, on the grid or not, in UTC.
    """

    day: date
    length: timedelta
    queue_id: UUID | None = None
    language: str = ""
    answer_id: UUID | None = None
    agent_id: UUID | None = None
    appointment_id: UUID | None = None
    channel: Channel | None = None
    branch_id: UUID | None = None
    typed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffStart:
    """One start, judged by the rules for staff.

    Attributes:
        worked: Whether the chosen agent is on duty; if no agent is chosen, whether any
            agent is on duty.
        sentences: Reasons why the start is closed, most important first; empty if it is
            open.
    """

    starts_at: datetime
    worked: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStarts:
    """The starts of a day on the grid, and the typed start if a start was typed."""

    day: tuple[StaffStart, ...]
    typed: StaffStart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A slot question with the data to answer it.

    Attributes:
        moved: The appointment being moved, which blocks no start.
        agent: The chosen agent, if any.
    """

    question: SlotQuestion
    moved: Appointment | None
    agent: Person | None

    def around(self, window: Interval) -> Situation:
        """Return the agents' time around a window, without the moved appointment."""
        agent = self.agent.id if self.agent else None
        return self.question.around(window, agent=agent, without=self.moved)


def staff_starts(deps: Deps, actor: Actor, plan: StartsQuestion) -> FoundStarts:
    """Return all starts of a day on the grid, open or not, by the rules for staff.

    The same rules apply when staff create or change an appointment.

    Raises:
        NotAllowedError: If the actor is not allowed to create appointments, or to edit
            the appointment being moved.
        NotFoundError: If the appointment being moved does not exist, or is hidden from
            the actor.
        InvalidInputError: If queue, language or length cannot be used.
    """
    if not timedelta() < plan.length <= LONGEST:
        raise InvalidInputError({"minutes": say("staff.starts.too_long")})
    with deps.unit_of_work() as work:
        require_right(
            work, actor, Action.EDIT if plan.appointment_id else Action.CREATE
        )
        zone = work.roster.institution.zone
        day = Interval(
            availability.plain_midnight(plan.day, zone),
            availability.plain_midnight(plan.day + timedelta(days=1), zone),
        )
        case = _case(deps, work, actor, plan)
        there = case.around(day)
        return FoundStarts(
            day=tuple(_start(case, there, it, it.start) for it in there.survey(day)),
            typed=_judge_typed_start(case, plan.typed) if plan.typed else None,
        )


def _case(deps: Deps, work: UnitOfWork, actor: Actor, plan: StartsQuestion) -> _Case:
    moved = (
        visible_appointment(work, actor, plan.appointment_id)
        if plan.appointment_id
        else None
    )
    wanted = _slot_request(work, plan, moved)
    agent_id = moved.agent_id if moved else plan.agent_id
    return _Case(
        question=SlotQuestion.of_staff(work, wanted, deps.now()),
        moved=moved,
        agent=next((it for it in work.roster.agents if it.id == agent_id), None),
    )


def _slot_request(
    work: UnitOfWork, plan: StartsQuestion, moved: Appointment | None
) -> SlotRequest:
    if moved:
        same = SlotRequest.of(moved)
        branch_id = branch_after_change(
            work.roster, moved, plan.channel, plan.branch_id
        )
        group = same.group._replace(branch_id=branch_id)
        return replace(same, group=group, length=plan.length)
    answer = work.roster.answers.get(plan.answer_id) if plan.answer_id else None
    queue_id = answer.queue_id if answer else plan.queue_id
    if queue_id is None or queue_id not in work.roster.queues:
        raise InvalidInputError({"queue": say("staff.starts.queue_needed")})
    if plan.language not in work.roster.languages:
        raise InvalidInputError({"language": say("staff.starts.language_needed")})
    channel = plan.channel or Channel.VIDEO
    return SlotRequest(
        Group(
            queue_id,
            plan.language,
            branch_for_channel(work.roster, channel, plan.branch_id),
        ),
        plan.length,
        answer.buffer_before if answer else timedelta(),
        answer.buffer_after if answer else timedelta(),
    )


def _judge_typed_start(case: _Case, start: datetime) -> StaffStart:
    ruled_out = verdict_out_of_time(case.question.rules, start)
    if ruled_out:
        sentences = tuple(reason.sentence for reason in ruled_out.reasons)
        return StaffStart(starts_at=start, worked=False, sentences=sentences)
    there = case.around(Interval(start, start + timedelta(minutes=1)))
    return _start(case, there, there.judge(start), start)


def _start(
    case: _Case, there: Situation, finding: StartFinding | Verdict, start: datetime
) -> StaffStart:
    if case.moved and case.moved.period == _period(case, start):
        return StaffStart(starts_at=start, worked=True, sentences=())
    if case.agent is None:
        sentences = [reason.sentence for reason in finding.reasons]
        worked = not any(reason.rule in _NOT_WORKED for reason in finding.reasons)
        return StaffStart(starts_at=start, worked=worked, sentences=tuple(sentences))
    ruled = [it for it in finding.reasons if it.rule not in placement.ABOUT_AGENTS]
    own = _of_agent(case, there, case.agent, start)
    return StaffStart(
        starts_at=start,
        worked=there.is_worked(case.agent.id, start)
        and not any(reason.rule in _NOT_WORKED for reason in ruled),
        sentences=(*(reason.sentence for reason in ruled), *([own] if own else [])),
    )


def _period(case: _Case, start: datetime) -> Interval:
    return Interval(start, start + case.question.wanted.length)


def _of_agent(case: _Case, there: Situation, agent: Person, start: datetime) -> str:
    group = case.question.wanted.group
    if not agent.as_actor().serves(group.queue_id, group.language):
        return say("staff.starts.cannot_serve", name=agent.name)
    if not agent.works_at(group.branch_id):
        return say("staff.starts.not_at_branch", name=agent.name)
    why = there.busy_reason(agent.id, start)
    return agent_refusal(agent.name, why) if why else ""
