"""Find the most urgent problem, which every page shows to administrators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from invo_booking.domain.access.roles import Actor
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import count, say
from invo_booking.usecases.accounts import guessing
from invo_booking.usecases.appointment.rooms import answers_without_room
from invo_booking.usecases.appointment.undelivered import undelivered_appointments
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import server_trouble
from invo_booking.usecases.shared.notices import unforeseen_trouble
from invo_booking.usecases.upkeep import floods, health, task_runs
from invo_booking.usecases.upkeep.task_runs import TaskRuns

NOTICES_SHOWN = timedelta(days=7)
"""How long administrators see that a mail to one of them was not delivered."""


class Topic(StrEnum):
    """The subject of a problem that an administrator must solve."""

    CALENDARS = "calendars"
    COPY = "copy"
    MAIL = "mail"
    TASKS = "tasks"
    NOTICES = "notices"
    UNDELIVERED = "undelivered"
    REQUESTS = "requests"
    SIGN_INS = "sign-ins"
    ROOMS = "rooms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """A problem that an administrator must solve, in a few words."""

    topic: Topic
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTrouble:
    """Periodic work that is not done.

    Attributes:
        failing: The periodic tasks that fail, in the order of their names.
        others: Sentences about workers that do not run, and about messages in the
            outbox that fail.
    """

    failing: tuple[TaskRuns, ...]
    others: tuple[str, ...]


def work_trouble(deps: Deps, actor: Actor) -> WorkTrouble:
    """Return which periodic work is not done.

    The result is empty if the actor is no administrator.
    """
    if not actor.administers:
        return WorkTrouble(failing=(), others=())
    with deps.unit_of_work() as work:
        now = deps.database_now(work)
        messages = unforeseen_trouble(work, now)
        silent = health.silent_workers(work, now)
        return WorkTrouble(
            failing=tuple(task_runs.failing_tasks(deps, work)),
            others=tuple(it for it in (*silent, messages) if it),
        )


def most_urgent_attention(deps: Deps, actor: Actor) -> Attention | None:
    """Return the most urgent problem; ``None`` if there is no problem.

    Always ``None`` for actors who are no administrators.
    """
    if not actor.administers:
        return None
    now = deps.now()
    with deps.unit_of_work() as work:
        if work.identity.copy_origin():
            sentence = say("upkeep.attention.copy")
            return Attention(topic=Topic.COPY, sentence=sentence)
        if guessing.is_attack_going_on(work, now):
            sentence = say("upkeep.attention.guessing")
            return Attention(topic=Topic.SIGN_INS, sentence=sentence)
        if server_trouble(deps.config, work):
            sentence = say("upkeep.attention.mail")
            return Attention(topic=Topic.MAIL, sentence=sentence)
        if flooded := floods.flooded_queues(work, now):
            sentence = say("upkeep.attention.flood", list=", ".join(flooded))
            return Attention(topic=Topic.REQUESTS, sentence=sentence)
        return (
            _tasks(deps, work)
            or _calendars(work)
            or _notices(work, now)
            or _missed_mails(work, actor, now)
            or _rooms(deps, work)
        )


def _tasks(deps: Deps, work: UnitOfWork) -> Attention | None:
    now = deps.database_now(work)
    failing = task_runs.failing_tasks(deps, work)
    if len(failing) == 1:
        sentence = say("upkeep.attention.task", work=task_runs.work_of(failing[0]))
        return Attention(topic=Topic.TASKS, sentence=sentence)
    if failing:
        sentence = count("upkeep.attention.tasks", len(failing))
        return Attention(topic=Topic.TASKS, sentence=sentence)
    if unforeseen_trouble(work, now):
        sentence = say("upkeep.attention.unforeseen")
        return Attention(topic=Topic.TASKS, sentence=sentence)
    if health.silent_workers(work, now):
        sentence = say("upkeep.attention.no_worker")
        return Attention(topic=Topic.TASKS, sentence=sentence)
    return None


def _missed_mails(work: UnitOfWork, actor: Actor, now: datetime) -> Attention | None:
    missed = len(undelivered_appointments(work, actor, now))
    if not missed:
        return None
    sentence = count("upkeep.attention.undelivered", missed)
    return Attention(topic=Topic.UNDELIVERED, sentence=sentence)


def _notices(work: UnitOfWork, now: datetime) -> Attention | None:
    if not work.notices.has_failed(now - NOTICES_SHOWN):
        return None
    return Attention(topic=Topic.NOTICES, sentence=say("upkeep.attention.notices"))


def _rooms(deps: Deps, work: UnitOfWork) -> Attention | None:
    if not answers_without_room(deps, work):
        return None
    return Attention(topic=Topic.ROOMS, sentence=say("upkeep.attention.no_rooms"))


def _calendars(work: UnitOfWork) -> Attention | None:
    connection = work.connections.active()
    if connection is None or not connection.needs_person:
        return None
    sentence = say(
        "upkeep.attention.needs", provider=provider_label(connection.provider)
    )
    return Attention(topic=Topic.CALENDARS, sentence=sentence)
