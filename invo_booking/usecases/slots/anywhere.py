"""Merge the open starts of visits at all branches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.branches import Branch
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.open_slots import merge_slots
from invo_booking.domain.slots.search import Slots
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.slots import assigning
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.days_without_starts import days_closed_by_rules
from invo_booking.usecases.slots.question import SlotQuestion


@dataclass(frozen=True, slots=True)
class BranchQuestion:
    """A slot question about visits at one branch."""

    branch: Branch
    question: SlotQuestion

    @classmethod
    def of(
        cls, work: UnitOfWork, branch: Branch, wanted: SlotRequest, now: datetime
    ) -> Self:
        """Return the slot question under the rules for customers."""
        return cls(branch, SlotQuestion.of_public(work, wanted, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The open slots of a window.

    Attributes:
        time_zone: Zone in which appointments are agreed: the zone of the chosen branch,
            otherwise of the institution.
        country: The institution's country, ISO 3166.
        slots: Open slots in UTC, earliest first.
        closed_days: Reasons why dates have no open slots, in words for customers.
        holidays: The dates among ``closed_days`` that are closed days of the
            institution or branch.
        first_bookable: First instant at which a start can be open, in UTC.
        horizon_end: End of the booking horizon, in UTC.
        branch: Branch of all slots if one branch was requested; otherwise ``None``.
        places: Branch of each slot, in the order of ``slots``, if ``ANY_BRANCH`` was
            requested and several branches are open; otherwise empty.
    """

    time_zone: ZoneInfo
    country: str
    slots: Slots
    closed_days: dict[date, str]
    holidays: frozenset[date]
    first_bookable: datetime
    horizon_end: datetime
    branch: Branch | None = None
    places: tuple[Branch, ...] = ()


def merge_offers(
    questions: Sequence[BranchQuestion], window: Interval, agent: UUID | None = None
) -> Offer:
    """Return the starts that are open at one branch or more, each with one branch.

    A start that is open at several branches gets the branch with the most free agents.
    ``closed_days`` are only the dates that every branch closes for the same reason.

    Args:
        questions: A question for each open branch, at least one.
        window: The window of the offer.
        agent: Only starts at which this agent is free; ``None`` for all.

    Raises:
        InvalidInputError: If customers cannot choose this agent at any of the branches.
    """
    possible = [it for it in questions if _may_choose(it.question, agent)]
    if not possible:
        assigning.require_agent_choice(
            questions[0].question.work.roster, questions[0].question.wanted.group, agent
        )
    lists = [it.question.open(window, agent=agent) for it in possible]
    slots, origins = merge_slots(questions[0].question.wanted.length, lists)
    closed = _closed_everywhere(possible, window, lists)
    holidays = [it.question.rules.holidays.keys() for it in possible]
    places = tuple(possible[origin].branch for origin in origins)
    return Offer(
        time_zone=(places[0] if places else questions[0].branch).zone,
        country=questions[0].question.work.roster.institution.country,
        slots=slots,
        places=places,
        closed_days=closed,
        holidays=frozenset(closed.keys()).intersection(*holidays),
        first_bookable=min(it.question.rules.earliest for it in possible),
        horizon_end=max(it.question.rules.latest for it in possible),
    )


def _may_choose(question: SlotQuestion, agent: UUID | None) -> bool:
    try:
        assigning.require_agent_choice(
            question.work.roster, question.wanted.group, agent
        )
    except InvalidInputError:
        return False
    return True


def _closed_everywhere(
    questions: Sequence[BranchQuestion], window: Interval, lists: Sequence[Slots]
) -> dict[date, str]:
    by_branch = [
        days_closed_by_rules(it.question, window, slots)
        for it, slots in zip(questions, lists, strict=True)
    ]
    first, others = by_branch[0], by_branch[1:]
    return {
        day: why
        for day, why in first.items()
        if all(other.get(day) == why for other in others)
    }
