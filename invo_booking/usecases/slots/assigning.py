"""Assign agents to customers' appointments according to the mode of the queue."""

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
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.availability import group_of, plain_midnight


@dataclass(frozen=True, slots=True)
class Assignment:
    """The agent of an appointment, and the reason to show to staff.

    Attributes:
        agent_id: The agent; ``None`` if staff assign the appointment later.
    """

    agent_id: UUID | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChoice:
    """An agent whom customers may choose; the name is the only personal data."""

    id: UUID
    name: str
    languages: tuple[str, ...]


def agents_to_choose(
    deps: Deps, answer_ids: Iterable[UUID], branch_id: UUID | None = None
) -> dict[UUID, tuple[AgentChoice, ...]]:
    """Return, for each Answer, the agents a customer may choose, sorted by name.

    With a branch, only agents who work there are returned; without a branch, agents of
    all branches are returned.

    The tuple of an Answer is empty if its queue allows no choice, or the Answer does
    not exist.
    """
    with deps.unit_of_work() as work:
        answers = {key: work.roster.answers.get(key) for key in answer_ids}
        return {
            key: _choices(work.roster, answer, branch_id) if answer else ()
            for key, answer in answers.items()
        }


def _choices(
    roster: Roster, answer: Answer, branch_id: UUID | None
) -> tuple[AgentChoice, ...]:
    if assignment_mode(roster, answer.queue_id) is not Mode.CHOSEN:
        return ()
    people = [
        AgentChoice(id=agent.id, name=agent.name, languages=spoken)
        for agent in roster.agents
        if answer.queue_id in agent.queues
        and agent.works_at(branch_id)
        and (spoken := tuple(c for c in answer.languages if c in agent.languages))
    ]
    return tuple(sorted(people, key=lambda choice: (choice.name, choice.id)))


def assignment_mode(roster: Roster, queue_id: UUID) -> Mode:
    """Return a queue's mode of assignment; ``UNASSIGNED`` for an unknown queue."""
    queue = roster.queues.get(queue_id)
    return queue.assignment if queue else Mode.UNASSIGNED


def is_left_unassigned(work: UnitOfWork, group: Group) -> bool:
    """Whether new requests of a queue stay unassigned until staff assign an agent."""
    return assignment_mode(work.roster, group.queue_id) is Mode.UNASSIGNED


def require_agent_choice(roster: Roster, group: Group, agent_id: UUID | None) -> None:
    """Refuse an agent that customers cannot choose for this queue and language.

    Raises:
        InvalidInputError: If the queue allows no choice, or the agent does not serve
            the queue, language or branch.
    """
    if agent_id is None:
        return
    if assignment_mode(roster, group.queue_id) is not Mode.CHOSEN:
        raise InvalidInputError({"agent": say("refusals.no_adviser_choice")})
    if not _serves(roster.people.get(agent_id), group):
        raise InvalidInputError({"agent": say("refusals.adviser_unavailable")})


def assign_request(
    work: UnitOfWork,
    group: Group,
    starts_at: datetime,
    placeable: Sequence[UUID],
    chosen: UUID | None = None,
) -> Assignment:
    """Return the assignment of a new request according to the mode of its queue.

    Call this function while the institution days of the request are locked.
    ``placeable`` must be a result of the slot engine.

    Args:
        group: Queue, language and branch of the request.
        placeable: Agents who can take the request, at least one.
        chosen: The agent the customer chose, if any.

    Raises:
        SlotTakenError: If the chosen agent cannot take the appointment.
    """
    if chosen is not None:
        if chosen not in placeable:
            name = work.roster.person_name(chosen)
            raise SlotTakenError(say("refusals.adviser_busy", name=name))
        return Assignment(chosen, say(CHOSEN_BY_CUSTOMER))
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
    """Return the assignment of an appointment that is moved by its customer.

    The agent keeps the appointment if possible. Otherwise the appointment is assigned
    like a new request.

    Args:
        moved: The appointment at its new time, still with its agent.
        placeable: Agents who can take the appointment at its new time, at least one.
        chosen: The agent the customer chose for the new time, if any.

    Raises:
        SlotTakenError: If the chosen agent cannot take the appointment.
    """
    holder = moved.agent_id
    if holder in placeable and chosen in {None, holder}:
        counted = assignment_mode(work.roster, moved.queue_id) is Mode.FEWEST
        return Assignment(
            holder, say(KEPT_WHEN_MOVED) if counted else moved.assigned_because
        )
    return assign_request(work, group_of(moved), moved.starts_at, placeable, chosen)


def _serves(person: Person | None, group: Group) -> bool:
    return (
        person is not None
        and person.active
        and person.as_actor().serves(group.queue_id, group.language, group.branch_id)
    )


def _day_of(work: UnitOfWork, at: datetime) -> Interval:
    zone = work.roster.institution.zone
    day = at.astimezone(zone).date()
    return Interval(
        plain_midnight(day, zone), plain_midnight(day + timedelta(days=1), zone)
    )
