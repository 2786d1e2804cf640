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


@dataclass(frozen=True, slots=True)
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
            return Attention(Topic.COPY, say("upkeep.attention.copy"))
        if guessing.is_attack_going_on(work, now):
            return Attention(Topic.SIGN_INS, say("upkeep.attention.guessing"))
        if server_trouble(deps.config, work):
            return Attention(Topic.MAIL, say("upkeep.attention.mail"))
        if flooded := floods.flooded_queues(work, now):
            return Attention(
                Topic.REQUESTS, say("upkeep.attention.flood", list=", ".join(flooded))
            )
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
        return Attention(
            Topic.TASKS,
            say("upkeep.attention.task", work=task_runs.work_of(failing[0])),
        )
    if failing:
        return Attention(Topic.TASKS, count("upkeep.attention.tasks", len(failing)))
    if unforeseen_trouble(work, now):
        return Attention(Topic.TASKS, say("upkeep.attention.unforeseen"))
    if health.silent_workers(work, now):
        return Attention(Topic.TASKS, say("upkeep.attention.no_worker"))
    return None


def _missed_mails(work: UnitOfWork, actor: Actor, now: datetime) -> Attention | None:
    missed = len(undelivered_appointments(work, actor, now))
    if not missed:
        return None
    return Attention(Topic.UNDELIVERED, count("upkeep.attention.undelivered", missed))


def _notices(work: UnitOfWork, now: datetime) -> Attention | None:
    if not work.notices.has_failed(now - NOTICES_SHOWN):
        return None
    return Attention(Topic.NOTICES, say("upkeep.attention.notices"))


def _rooms(deps: Deps, work: UnitOfWork) -> Attention | None:
    if not answers_without_room(deps, work):
        return None
    return Attention(Topic.ROOMS, say("upkeep.attention.no_rooms"))


def _calendars(work: UnitOfWork) -> Attention | None:
    connection = work.connections.active()
    if connection is None or not connection.needs_person:
        return None
    provider = provider_label(connection.provider)
    return Attention(Topic.CALENDARS, say("upkeep.attention.needs", provider=provider))
