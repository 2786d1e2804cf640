"""Read the choices that the forms and filters of staff pages offer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.domain.branches import Branch
from invo_booking.domain.institution import Person, Queue
from invo_booking.settings import time
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import allowed_actions
from invo_booking.usecases.slots.offers import AnswerOption, answer_options

MINUTE = timedelta(minutes=1)
WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCatalogue:
    """The choices that the forms and filters of staff pages offer.

    Attributes:
        branches: Branches at which visits can be booked, sorted by name.
        answers: Answers that staff can book, even if customers cannot book them.
        offered: The Answers among ``answers`` that customers can book.
        closed_weekdays: Weekdays on which the institution is closed; 0 is Monday.
        holidays: Names of closed days by date.
        language_names: English name of each language by its code.
        allowed: Actions that the actor's roles allow.
    """

    institution_name: str
    time_zone: str
    queues: tuple[Queue, ...]
    branches: tuple[Branch, ...]
    languages: tuple[str, ...]
    language_names: dict[str, str]
    agents: tuple[Person, ...]
    answers: tuple[AnswerOption, ...]
    offered: tuple[AnswerOption, ...]
    step_minutes: int
    min_minutes: int
    max_minutes: int
    default_minutes: int
    allowed: frozenset[Action]
    closed_weekdays: tuple[int, ...]
    holidays: Mapping[date, str]


def staff_catalogue(deps: Deps, actor: Actor) -> StaffCatalogue:
    """Return the choices that the forms and filters of staff pages offer."""
    with deps.unit_of_work() as work:
        roster, settings = work.roster, work.settings
        return StaffCatalogue(
            institution_name=roster.institution.name,
            time_zone=roster.institution.zone.key,
            queues=tuple(roster.queues.values()),
            branches=tuple(roster.open_branches),
            languages=tuple(roster.languages),
            language_names=dict(roster.languages),
            agents=tuple(roster.agents),
            answers=answer_options(roster, settings, for_staff=True),
            offered=answer_options(roster, settings),
            step_minutes=settings[time.INTERVAL] // MINUTE,
            min_minutes=settings[time.MIN_DURATION] // MINUTE,
            max_minutes=settings[time.MAX_DURATION] // MINUTE,
            default_minutes=settings[time.DEFAULT_DURATION] // MINUTE,
            allowed=allowed_actions(work, actor),
            closed_weekdays=WEEKEND if settings[time.WEEKENDS_OFF] else (),
            holidays=roster.holidays,
        )


def appointment_catalogue_for(
    catalogue: StaffCatalogue, actor: Actor
) -> StaffCatalogue:
    """Return the choices that the actor has in the form of a new appointment.

    Actors without the right *assign* can choose only their own queues and languages,
    and only themselves as the agent.
    """
    if Action.ASSIGN in catalogue.allowed:
        return catalogue
    queues = tuple(one for one in catalogue.queues if one.id in actor.queues)
    languages = tuple(code for code in catalogue.languages if code in actor.languages)
    answers = tuple(
        replace(answer, languages=spoken)
        for answer in catalogue.answers
        if answer.queue_id in actor.queues
        and (spoken := tuple(c for c in answer.languages if c in actor.languages))
    )
    return replace(
        catalogue,
        queues=queues,
        languages=languages,
        answers=answers,
        agents=tuple(one for one in catalogue.agents if one.id == actor.id),
    )


def may_create_appointment(catalogue: StaffCatalogue, actor: Actor) -> bool:
    """Whether the actor may create appointments in some queue and language."""
    offered = appointment_catalogue_for(catalogue, actor)
    has_group = bool(offered.queues and offered.languages)
    return has_group and Action.CREATE in catalogue.allowed
