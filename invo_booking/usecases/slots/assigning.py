"""Who gets a customer's request, by the rule of its queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.assignment import (
    CHOSEN_BY_CUSTOMER,
    KEPT_WHEN_MOVED,
    Mode,
    fewest_because,
    fewest_today,
)
from invo_booking.domain.errors import InvalidInputError, SlotTakenError
from invo_booking.domain.institution import Answer, Person, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.search import Group
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.availability import plain_midnight


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who gets an appointment; ``because`` is one sentence for staff.

    Attributes:
        agent_id: ``None`` where staff are to find somebody.
    """

    agent_id: UUID | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChoice:
    """An agent a customer may choose: a name and nothing else about the person."""

    id: UUID
    name: str
    languages: tuple[str, ...]


def agents_to_choose(
    deps: Deps, answer_ids: Iterable[UUID]
) -> dict[UUID, tuple[AgentChoice, ...]]:
    """Return whom a customer may choose for each Answer, by name.

    Nobody where the queue leaves no choice, or the Answer is gone.
    """
    with deps.unit_of_work() as work:
        found = {key: work.roster.answers.get(key) for key in answer_ids}
        return {
            key: _choices(work.roster, answer) if answer else ()
            for key, answer in found.items()
        }


def _choices(roster: Roster, answer: Answer) -> tuple[AgentChoice, ...]:
    if assignment_mode(roster, answer.queue_id) is not Mode.CHOSEN:
        return ()
    found = [
        AgentChoice(id=agent.id, name=agent.name, languages=spoken)
        for agent in roster.agents
        if answer.queue_id in agent.queues
        and (spoken := tuple(c for c in answer.languages if c in agent.languages))
    ]
    return tuple(sorted(found, key=lambda choice: (choice.name, choice.id)))


def assignment_mode(roster: Roster, queue_id: UUID) -> Mode:
    """Return how a queue's requests find their agent."""
    queue = roster.queues.get(queue_id)
    return queue.assignment if queue else Mode.UNASSIGNED


def is_left_unassigned(work: UnitOfWork, group: Group) -> bool:
    """Whether requests of a queue have no agent at first."""
    return assignment_mode(work.roster, group.queue_id) is Mode.UNASSIGNED


def require_agent_choice(roster: Roster, group: Group, agent_id: UUID | None) -> None:
    """Refuse an agent whom customers cannot choose for this queue and language.

    Raises:
        InvalidInputError: If the queue leaves no choice, or the agent does not serve.
    """
    if agent_id is None:
        return
    if assignment_mode(roster, group.queue_id) is not Mode.CHOSEN:
        raise InvalidInputError(
            {"agent": "You cannot choose whom you talk to about this topic."}
        )
    if not _serves(roster.people.get(agent_id), group):
        raise InvalidInputError(
            {"agent": "This adviser is not available for this. Choose another one."}
        )


def assign_request(
    work: UnitOfWork,
    group: Group,
    starts_at: datetime,
    placeable: Sequence[UUID],
    chosen: UUID | None = None,
) -> Assignment:
    """Return who gets a request that may be booked.

    Call it under the lock of the day, with what the slot engine found there.

    Args:
        work: The transaction.
        group: Queue and language.
        starts_at: In UTC.
        placeable: Agents who can take it, at least one.
        chosen: Whom the customer asked for.

    Raises:
        SlotTakenError: If the one asked for cannot take it.
    """
    if chosen is not None:
        if chosen not in placeable:
            name = work.roster.person_name(chosen)
            raise SlotTakenError(f"{name} is not free at this time any more.")
        return Assignment(chosen, CHOSEN_BY_CUSTOMER)
    if assignment_mode(work.roster, group.queue_id) is not Mode.FEWEST:
        return Assignment()
    counts = work.appointments.count_by_agent(_day_of(work, starts_at))
    agent_id = fewest_today(placeable, counts)
    return Assignment(agent_id, fewest_because(counts.get(agent_id, 0)))


def reassign_moved(
    work: UnitOfWork,
    moved: Appointment,
    placeable: Sequence[UUID],
    chosen: UUID | None = None,
) -> Assignment:
    """Return who gets an appointment that its customer moves.

    Whoever has it keeps it if that is possible then; else the queue's rule decides,
    and where there is none, staff.

    Args:
        work: The transaction.
        moved: At its new time, still with the agent it had.
        placeable: Agents who can take it then, at least one.
        chosen: Whom the customer asked for now.

    Raises:
        SlotTakenError: If the one asked for cannot take it.
    """
    holder = moved.agent_id
    if holder in placeable and chosen in {None, holder}:
        counted = assignment_mode(work.roster, moved.queue_id) is Mode.FEWEST
        return Assignment(
            holder, KEPT_WHEN_MOVED if counted else moved.assigned_because
        )
    group = Group(moved.queue_id, moved.language)
    return assign_request(work, group, moved.starts_at, placeable, chosen)


def _serves(person: Person | None, group: Group) -> bool:
    return (
        person is not None
        and person.active
        and group.queue_id in person.queues
        and group.language in person.languages
    )


def _day_of(work: UnitOfWork, at: datetime) -> Interval:
    zone = work.roster.institution.zone
    day = at.astimezone(zone).date()
    return Interval(
        plain_midnight(day, zone), plain_midnight(day + timedelta(days=1), zone)
    )
