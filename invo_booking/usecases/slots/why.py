"""Explain to staff why starts are closed to customers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import InvalidInputError, NotAllowedError
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import Reason
from invo_booking.domain.slots.search import StartFinding, Verdict
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import offers
from invo_booking.usecases.slots.question import SlotQuestion

LONGEST_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class JudgedTopic:
    """The Answer, language and branch of the appointment whose starts are judged.

    Attributes:
        branch_id: The branch of a visit; ``None`` for other channels.
    """

    answer_id: UUID
    language: str
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartJudgment:
    """The verdict on one start, under the rules for customers.

    Attributes:
        free: Number of ``designated`` agents who are free.
        designated: Number of agents of the group who are on duty for the entire span.
        reasons: Every rule that closes the start; empty if the start is open.
    """

    starts_at: datetime
    ends_at: datetime
    open: bool
    free: int
    designated: int
    reasons: tuple[Reason, ...]


def judge_start(
    deps: Deps, actor: Actor, topic: JudgedTopic, starts_at: datetime
) -> StartJudgment:
    """Return whether a start is open to customers, and all reasons if it is closed.

    The start is evaluated in the same way as for offers and bookings.

    Raises:
        InvalidInputError: If the Answer cannot be booked in this language or at this
            branch.
        NotAllowedError: If the actor neither serves the queue nor sees all
            appointments.
    """
    with deps.unit_of_work() as work:
        question = _question_of(deps, work, actor, topic)
        verdict = question.judge(starts_at)
        return _judgement(verdict, starts_at, question.wanted.length)


def judge_starts(
    deps: Deps, actor: Actor, topic: JudgedTopic, window: Interval
) -> tuple[StartJudgment, ...]:
    """Return a judgment of every start on the grid of a window, open or not.

    Raises:
        InvalidInputError: If the window is longer than 14 days, or the Answer cannot be
            booked in this language or at this branch.
        NotAllowedError: If the actor neither serves the queue nor sees all
            appointments.
    """
    if window.duration > LONGEST_WINDOW:
        raise InvalidInputError({"window": say("refusals.window_days")})
    with deps.unit_of_work() as work:
        question = _question_of(deps, work, actor, topic)
        survey, length = question.survey(window), question.wanted.length
        return tuple(_judgement(it, it.start, length) for it in survey)


def _question_of(
    deps: Deps, work: UnitOfWork, actor: Actor, topic: JudgedTopic
) -> SlotQuestion:
    roster, language = work.roster, topic.language
    answer = offers.schedulable_answer(roster, topic.answer_id, language)
    if not (actor.oversees or answer.queue_id in actor.queues):
        raise NotAllowedError
    branch = offers.branch_of_choice(roster, answer, topic.branch_id)
    branch_id = branch.id if branch else None
    wanted = offers.slot_request(answer, work.settings, language, branch_id)
    return SlotQuestion.of_public(work, wanted, deps.now())


def _judgement(
    verdict: Verdict | StartFinding, start: datetime, length: timedelta
) -> StartJudgment:
    return StartJudgment(
        starts_at=start,
        ends_at=start + length,
        open=verdict.open,
        free=verdict.free,
        designated=verdict.designated,
        reasons=verdict.reasons,
    )
