"""Why a start is closed to customers, as staff ask it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invo_booking.domain.errors import NotAllowedError
from invo_booking.domain.interval import Interval
from invo_booking.domain.reasons import Reason
from invo_booking.domain.roles import Actor
from invo_booking.usecases import availability, offers
from invo_booking.usecases.deps import Deps


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the engine says of one start.

    Attributes:
        free: Agents on duty for the whole span who are free.
        designated: Agents on duty for the whole span.
        reasons: Every rule that closes the start; empty if it is open.
    """

    starts_at: datetime
    ends_at: datetime
    open: bool
    free: int
    designated: int
    reasons: tuple[Reason, ...]


def why(
    deps: Deps, actor: Actor, answer_id: UUID, language: str, starts_at: datetime
) -> Judgement:
    """Judge a start with the very evaluation that offers and books it.

    Raises:
        InvalidInputError: If the Answer cannot be booked in this language.
        NotAllowedError: If the actor neither oversees nor serves the queue.
    """
    with deps.unit_of_work() as work:
        answer = offers.schedulable_answer(work.roster, answer_id, language)
        if not (actor.oversees or answer.queue_id in actor.queues):
            raise NotAllowedError
        wanted = offers.wanted_for(answer, work.settings, language)
        rules = availability.rules_for(
            work.roster, work.settings, wanted, deps.now(), public=True
        )
        period = Interval(starts_at, starts_at + wanted.length)
        with work.book(period, rules.now) as book:
            verdict = book.judge(rules, wanted.group, starts_at)
        return Judgement(
            starts_at=period.start,
            ends_at=period.end,
            open=verdict.open,
            free=verdict.free,
            designated=verdict.designated,
            reasons=verdict.reasons,
        )
