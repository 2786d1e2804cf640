"""Let administrators manage queues and their agents."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.assignment import Mode
from invo_booking.domain.branches import Translations, no_translations
from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.domain.institution import Person, Queue, Roster
from invo_booking.persistence.catalogue import queue_columns
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.admin.editing import Editing, NewEntry, edit_catalogue
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.opening_drafts import (
    DrawnWeek,
    opening_facts,
    opening_of_draft,
)
from invo_booking.usecases.admin.uses import uses_in_words
from invo_booking.usecases.calendars import outside_agents
from invo_booking.usecases.shared.audit import Facts
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.fields import Problems
from invo_booking.usecases.shared.rights import administer
from invo_booking.usecases.shared.translations import clean_translations

NAME_LIMIT = 120
KIND = "queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDraft:
    """A queue as an administrator typed it.

    Attributes:
        opening_hours: Hours within which the queue's appointments are offered, in the
            time zone of the appointment; empty for no restriction.
        translations: The queue's name in other languages.
    """

    name: str
    active: bool = True
    assignment: Mode = Mode.UNASSIGNED
    opening_hours: DrawnWeek = ()
    translations: Translations = field(default_factory=no_translations)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedQueue:
    """A queue as administrators see it.

    Attributes:
        answers: Titles of the queue's Answers, without archived Answers.
        people: Active people who serve the queue.
        live: Number of live appointments in the queue.
    """

    queue: Queue
    answers: tuple[str, ...]
    people: tuple[Person, ...]
    live: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuesOverview:
    """All queues, sorted by name, inactive queues last, and all active people."""

    queues: tuple[ManagedQueue, ...]
    people: tuple[Person, ...]


def queues_overview(deps: Deps, actor: Actor) -> QueuesOverview:
    """Return all queues, with their Answers and people.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        live = Counter[UUID]()
        for use in work.catalogue.live_uses():
            live[use.queue_id] += use.count
        rows = [
            _managed_queue(work.roster, queue, live)
            for queue in work.catalogue.queues()
        ]
        return QueuesOverview(
            queues=tuple(sorted(rows, key=lambda one: not one.queue.active)),
            people=tuple(one for one in work.roster.people.values() if one.active),
        )


def create_queue(
    deps: Deps, actor: Actor, draft: QueueDraft, *, key: str = ""
) -> Queue:
    """Add a queue.

    Args:
        key: Idempotency key; a call with the same key returns the queue that the first
            call created, in its current state.

    Raises:
        NotAllowedError: If the actor is no administrator.
        InvalidInputError: With an error message for each field that has a problem.
        IdempotencyMismatchError: If the key was used with different data.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work

        def create() -> NewEntry[Queue]:
            queue = _check_queue_draft(work, draft, Queue(id=uuid4(), name=""))
            work.catalogue.add_queue(queue)
            return NewEntry(queue.id, _facts(queue), queue)

        return edit.create_once(
            key, draft, create, lambda made: _stored_queues(work)[UUID(made)]
        )


def change_queue(
    deps: Deps,
    actor: Actor,
    queue_id: UUID,
    draft: QueueDraft,
    *,
    version: int,
    dispositions: Mapping[UUID, Disposition] | None = None,
) -> Queue:
    """Change a queue's name, assignment and opening hours, and whether it is active.

    Args:
        version: The version the actor saw.
        dispositions: Decisions about live appointments outside the new opening hours.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such queue.
        ConflictError: If another person changed the queue in the meantime.
        InvalidInputError: With an error message for each field that has a problem. A
            queue with Answers or live appointments cannot be deactivated.
        UndecidedError: If no decision is given for a live appointment outside the new
            opening hours.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        before = _queue_as_seen(edit, queue_id, version)
        after = _check_queue_draft(edit.work, draft, before)
        is_changed = edit.save_difference(
            queue_id,
            _quote_name(before),
            (_facts(before), _facts(after)),
            lambda: edit.work.catalogue.save_queue(after),
        )
        if before.opening_hours != after.opening_hours:
            edit.settle(dispositions)
    return replace(after, version=version + 1) if is_changed else before


def set_queue_people(
    deps: Deps,
    actor: Actor,
    queue_id: UUID,
    people: Collection[UUID],
    *,
    seen: Collection[UUID],
    dispositions: Mapping[UUID, Disposition] | None = None,
) -> None:
    """Set which active people serve a queue.

    Args:
        people: Ids of all people who are to serve the queue.
        seen: Ids of the people that the actor saw as serving the queue.
        dispositions: Decisions about live appointments of people who leave the queue.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such active queue.
        ConflictError: If the people who serve the queue changed after the actor saw
            them.
        InvalidInputError: If one of ``people`` is not an active member of staff.
        UndecidedError: If no decision is given for a live appointment of a person who
            leaves the queue.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        queue = work.roster.queues.get(queue_id)
        if queue is None:
            raise NotFoundError(say("catalogue.queues.not_offered"))
        known = {one.id: one for one in work.roster.people.values() if one.active}
        now = {one.id for one in known.values() if queue_id in one.queues}
        edit.check_seen(queue_id, _quote_name(queue), is_seen=set(seen) == now)
        _check_people(set(people), set(known))
        join, leave = set(people) - now, now - set(people)
        if join or leave:
            work.catalogue.set_servers(queue_id, join=join, leave=leave)
            was, to_be = (
                {"people": sorted(known[one].name for one in each)}
                for each in (now, people)
            )
            edit.record(queue_id, was, to_be, "staffed")
            outside_agents.follow_agents(work, deps.now())
            edit.settle(dispositions)


def _check_people(people: Collection[UUID], known: Collection[UUID]) -> None:
    if set(people) - set(known):
        raise InvalidInputError({"people": say("catalogue.queues.unknown_people")})


def _managed_queue(roster: Roster, queue: Queue, live: Counter[UUID]) -> ManagedQueue:
    return ManagedQueue(
        queue=queue,
        answers=tuple(_answers_of(roster, queue.id)),
        people=tuple(
            person
            for person in roster.people.values()
            if person.active and queue.id in person.queues
        ),
        live=live[queue.id],
    )


def _answers_of(roster: Roster, queue_id: UUID) -> Iterable[str]:
    return (
        answer.title
        for answer in roster.answers.values()
        if answer.queue_id == queue_id and not answer.archived
    )


def _queue_as_seen(edit: Editing, queue_id: UUID, version: int) -> Queue:
    current = _stored_queues(edit.work).get(queue_id)
    if current is None:
        raise NotFoundError(say("catalogue.queues.unknown"))
    edit.check_seen(queue_id, _quote_name(current), is_seen=current.version == version)
    return current


def _stored_queues(work: UnitOfWork) -> dict[UUID, Queue]:
    """Return all queues by id, including the inactive queues."""
    return {queue.id: queue for queue in work.catalogue.queues()}


def _facts(queue: Queue) -> Facts:
    """Return a queue's fields for the audit log."""
    opening = {"opening_hours": opening_facts(queue.opening_hours)}
    return queue_columns(queue) | opening


def _quote_name(queue: Queue) -> str:
    return f"“{queue.name}”"


def _check_queue_draft(work: UnitOfWork, draft: QueueDraft, before: Queue) -> Queue:
    problems = Problems()
    name = problems.line(
        "name", draft.name, NAME_LIMIT, say("catalogue.branches.name_needed")
    )
    others = (q.name.casefold() for q in work.catalogue.queues() if q.id != before.id)
    if name.casefold() in others:
        problems.add("name", say("catalogue.queues.name_in_use", name=name))
    if before.active and not draft.active:
        _refuse_needed(problems, work, before)
    opening = opening_of_draft(problems, draft.opening_hours)
    texts = clean_translations(problems, draft.translations, {"name": NAME_LIMIT})
    problems.refuse()
    return replace(
        before,
        name=name,
        active=draft.active,
        assignment=draft.assignment,
        opening_hours=opening,
        translations=texts,
    )


def _refuse_needed(problems: Problems, work: UnitOfWork, queue: Queue) -> None:
    uses = work.catalogue.live_uses()
    needed = uses_in_words(
        answers=_answers_of(work.roster, queue.id),
        live=sum(use.count for use in uses if use.queue_id == queue.id),
    )
    if needed:
        problems.add(
            "active",
            say("catalogue.queues.needed", needed=needed),
        )
