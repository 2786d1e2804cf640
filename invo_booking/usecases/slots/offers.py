"""Return the Answers, branches and open slots that customers can choose from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.appointment import Channel
from invo_booking.domain.branches import Branch
from invo_booking.domain.errors import (
    InvalidInputError,
    PublicSchedulingOffError,
)
from invo_booking.domain.institution import Answer, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.opening import OpeningHours
from invo_booking.domain.slots.search import Group
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calls, general, time, ux
from invo_booking.settings.spec import Values
from invo_booking.texts import page_language, say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import assigning
from invo_booking.usecases.slots.anywhere import BranchQuestion, Offer, merge_offers
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.days_without_starts import days_without_starts
from invo_booking.usecases.slots.question import SlotQuestion

LONGEST_WINDOW = timedelta(days=93)
ReadWindow = Callable[[ZoneInfo], Interval]
ANY_BRANCH: Final = "any"
BranchChoice = UUID | Literal["any"] | None
"""Id of the branch of a visit, or ``ANY_BRANCH``; ``None`` for other channels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOption:
    """An Answer that can be booked."""

    id: UUID
    title: str
    description: str
    queue_id: UUID
    queue_name: str
    duration_minutes: int
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSite:
    """The data that the public pages show before a time is chosen.

    Attributes:
        contact: Which contact details are required: email, phone, both or neither.
        opening_hours: Hours within which appointments are offered; empty if there is no
            restriction.
        branches: Branches at which visits can be booked, sorted by name.
        customer_calls: Whether customers call the institution for phone appointments.
        language_names: English name of each language by its code.
    """

    name: str
    tagline: str
    phone: str
    time_zone: str
    country: str
    opening_hours: OpeningHours
    scheduling_on: bool
    contact: str
    customer_calls: bool
    brand: str
    slot_text: str
    slot_available: str
    slot_selected: str
    answers: tuple[AnswerOption, ...]
    branches: tuple[Branch, ...]
    language_names: dict[str, str]


def public_site(deps: Deps) -> PublicSite:
    """Return the data that the public pages show before a time is chosen."""
    with deps.unit_of_work() as work:
        roster, settings = work.roster, work.settings
        institution = roster.institution
        return PublicSite(
            name=institution.name,
            tagline=institution.tagline_in(page_language()),
            phone=institution.phone,
            time_zone=institution.zone.key,
            country=institution.country,
            opening_hours=institution.opening_hours,
            scheduling_on=settings[general.PUBLIC_SCHEDULING],
            contact=settings[general.CONTACT_REQUIREMENT],
            customer_calls=calls.does_customer_call(settings, institution),
            brand=settings[ux.BRAND],
            slot_text=settings[ux.SLOT_TEXT],
            slot_available=settings[ux.SLOT_AVAILABLE],
            slot_selected=settings[ux.SLOT_SELECTED],
            answers=answer_options(roster, settings),
            branches=tuple(
                it.in_language(page_language()) for it in roster.open_branches
            ),
            language_names=dict(roster.languages),
        )


def answer_options(
    roster: Roster, settings: Values, *, for_staff: bool = False
) -> tuple[AnswerOption, ...]:
    """Return the Answers that customers can book, in the administrators' order.

    With ``for_staff``, also return Answers that only staff can book.
    """
    return tuple(
        AnswerOption(
            id=answer.id,
            title=answer.title,
            description=answer.description,
            queue_id=answer.queue_id,
            queue_name=roster.queue_name(answer.queue_id, page_language()),
            duration_minutes=int(
                answer_length(answer, settings) / timedelta(minutes=1)
            ),
            languages=answer.languages,
            channels=answer.channels,
            documents=answer.documents,
        )
        for answer in _answers_in_language(roster, page_language())
        if (answer.schedulable or (for_staff and not answer.archived))
        and answer.queue_id in roster.queues
    )


def _answers_in_language(roster: Roster, language: str) -> list[Answer]:
    return [it.in_language(language) for it in roster.answers.values()]


def answer_length(answer: Answer, settings: Values) -> timedelta:
    """Return the length of an appointment about this Answer."""
    return answer.duration or settings[time.DEFAULT_DURATION]


def schedulable_answer(roster: Roster, answer_id: UUID, language: str) -> Answer:
    """Return an Answer if customers may book it in this language.

    Raises:
        InvalidInputError: If customers cannot book the Answer in this language.
    """
    answer = roster.answers.get(answer_id)
    if answer is None or not answer.schedulable or answer.queue_id not in roster.queues:
        raise InvalidInputError({"answer": say("refusals.topic")})
    if language not in answer.languages:
        raise InvalidInputError({"language": say("refusals.language")})
    return answer


def slot_request(
    answer: Answer, settings: Values, language: str, branch_id: UUID | None = None
) -> SlotRequest:
    """Return the slot request for an appointment about this Answer.

    ``branch_id`` is the branch of a visit; ``None`` for other channels.
    """
    return SlotRequest(
        Group(answer.queue_id, language, branch_id),
        answer_length(answer, settings),
        answer.buffer_before,
        answer.buffer_after,
    )


def offer_slots(
    deps: Deps,
    answer_id: UUID,
    language: str,
    window: Interval | ReadWindow,
    agent: UUID | None = None,
    branch: BranchChoice = None,
) -> Offer:
    """Return the open slots of a window for customers.

    If ``agent`` is given, only slots of this agent are returned. If ``branch`` is an
    id, slots for visits to this branch are returned. ``ANY_BRANCH`` returns the slots
    of all branches, each start once. ``window`` can be a function that returns the
    window, given the zone in which appointments are agreed.

    Raises:
        PublicSchedulingOffError: If public scheduling is off.
        InvalidInputError: If customers cannot book the Answer in this language, the
            agent or branch cannot be chosen, or the window is longer than 93 days.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        roster, settings = work.roster, work.settings
        if not settings[general.PUBLIC_SCHEDULING]:
            raise PublicSchedulingOffError
        answer = schedulable_answer(roster, answer_id, language)
        place = branch_of_choice(roster, answer, branch)
        zone = place.zone if place else roster.institution.zone
        if not isinstance(window, Interval):
            window = window(zone)
        if window.duration > LONGEST_WINDOW:
            raise InvalidInputError({"window": say("refusals.window_slots")})
        if branch == ANY_BRANCH and len(list(roster.open_branches)) > 1:
            return _offer_anywhere(work, answer, language, window, now, agent)
        wanted = slot_request(answer, settings, language, place.id if place else None)
        assigning.require_agent_choice(roster, wanted.group, agent)
        question = SlotQuestion.of_public(work, wanted, now)
        slots = question.open(window, agent=agent)
        closed = days_without_starts(question, window, slots)
        return Offer(
            time_zone=zone,
            country=roster.institution.country,
            slots=slots,
            closed_days=closed,
            holidays=frozenset(closed.keys() & question.rules.holidays.keys()),
            first_bookable=question.rules.earliest,
            horizon_end=question.rules.latest,
            branch=place,
        )


def branch_of_choice(
    roster: Roster, answer: Answer, branch: BranchChoice
) -> Branch | None:
    """Return the chosen branch; for ``ANY_BRANCH`` the first branch by name.

    Raises:
        InvalidInputError: If the branch is not open, or the Answer offers no visits.
    """
    if branch is None:
        return None
    if Channel.BRANCH not in answer.channels:
        raise InvalidInputError({"channel": say("refusals.channel")})
    for place in roster.open_branches:
        if branch in {place.id, ANY_BRANCH}:
            return place.in_language(page_language())
    raise InvalidInputError({"branch": say("refusals.branch")})


def _offer_anywhere(
    work: UnitOfWork,
    answer: Answer,
    language: str,
    window: Interval,
    now: datetime,
    agent: UUID | None,
) -> Offer:
    """Return the open slots of all open branches; at least one branch must be open."""
    spoken = page_language()
    places = [it.in_language(spoken) for it in work.roster.open_branches]
    requests = [slot_request(answer, work.settings, language, it.id) for it in places]
    questions = [
        BranchQuestion.of(work, place, wanted, now)
        for place, wanted in zip(places, requests, strict=True)
    ]
    return merge_offers(questions, window, agent)


def next_open_slot(
    deps: Deps, answer_id: UUID, language: str, agent: UUID | None = None
) -> Interval | None:
    """Return the first open slot within the next 93 days, or ``None``."""
    now = deps.now()
    window = Interval(now, now + LONGEST_WINDOW)
    offer = offer_slots(deps, answer_id, language, window, agent)
    return Interval(*offer.slots[0][:2]) if offer.slots else None


def nearest_offers(
    deps: Deps,
    answer_id: UUID,
    language: str,
    start: datetime,
    agent: UUID | None = None,
    branch_id: UUID | None = None,
) -> list[Interval]:
    """Return up to three open slots closest to a start, earliest first.

    Raises:
        InvalidInputError: If customers cannot book the Answer in this language.
    """
    with deps.unit_of_work() as work:
        answer = schedulable_answer(work.roster, answer_id, language)
        wanted = slot_request(answer, work.settings, language, branch_id)
        question = SlotQuestion.of_public(work, wanted, deps.now())
        return question.nearest(start, agent=agent)
