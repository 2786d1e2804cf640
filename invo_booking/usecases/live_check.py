"""Asking the primary provider once more at the moment of booking.

Whoever looks free by what is known is asked about, for at most two seconds and without
a transaction open. What comes back replaces what was known of that time; if nothing
does, what was known counts.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.busy_times import clipped, standing, without_echo
from invo_booking.domain.connection import Connection
from invo_booking.domain.interval import Interval
from invo_booking.domain.outside import Availability
from invo_booking.domain.provider_errors import (
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.slots import is_free
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import LIVE_CHECK, reads_busy_times
from invo_booking.usecases import availability, connection_states, granting
from invo_booking.usecases.availability import Wanted
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.outside_agents import in_use

SECONDS = 2.0
"""How long a person waits for it at most."""

MOST_AGENTS = 20
MOST_AT_ONCE = 1
"""Questions under way in one process: providers take few at once, and count all."""

T = TypeVar("T")
_log = logging.getLogger(__name__)
_room = threading.BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class _Question:
    connection: Connection
    agents: dict[str, UUID]
    window: Interval


class _LookFirst(Exception):  # noqa: N818  (it is a question, not an error)
    """What is asked before the transaction that raises it is begun again."""

    def __init__(self, question: _Question) -> None:
        super().__init__()
        self.question = question


def looking(deps: Deps, attempt: Callable[[bool], T]) -> T:
    """Make an attempt at booking; if calendars need a look first, look and repeat it.

    Args:
        deps: The product's parts.
        attempt: Books in one transaction, and calls ``first`` before anything is
            locked, unless it is told that everything was looked at.
    """
    try:
        return attempt(False)
    except _LookFirst as first:
        look(deps, first.question)
    return attempt(True)


def first(
    work: UnitOfWork,
    wanted: Wanted,
    starts_at: datetime,
    now: datetime,
    *,
    agent: UUID | None = None,
    without: Appointment | None = None,
) -> None:
    """End this attempt if calendars should be looked at before it.

    Args:
        work: The transaction, in which nothing was done yet.
        wanted: What is to be booked.
        starts_at: In UTC.
        now: The present instant.
        agent: The only one concerned, where one is named.
        without: An appointment that is being moved.
    """
    if not work.settings[LIVE_CHECK] or not reads_busy_times(work.settings):
        return
    connection = in_use(work)
    if connection is None or connection.needs_person or connection.is_paused(now):
        return
    period = Interval(starts_at, starts_at + wanted.length)
    agents = _concerned(work, wanted, period, now, agent, without)
    if agents:
        window = period.widened(wanted.buffer_before, wanted.buffer_after)
        raise _LookFirst(_Question(connection, agents, window))


def first_for(
    work: UnitOfWork,
    appointment: Appointment,
    now: datetime,
    *,
    before: Appointment | None = None,
) -> None:
    """End this attempt if calendars should be looked at before it; see ``first``.

    Args:
        work: The transaction.
        appointment: As it would be; with no agent, everybody suited is concerned.
        now: The present instant.
        before: As it is, if it exists.
    """
    if before is not None and not _takes_other_time(before, appointment):
        return
    wanted, agent = Wanted.of(appointment), appointment.agent_id
    first(work, wanted, appointment.starts_at, now, agent=agent, without=before)


def _takes_other_time(before: Appointment, after: Appointment) -> bool:
    return before.is_live and (before.period, before.agent_id) != (
        after.period,
        after.agent_id,
    )


def look(deps: Deps, question: _Question) -> None:
    """Ask, and keep what is answered in time; never raises a provider's error."""
    with deps.unit_of_work() as work:
        then = work.busy.echoes(question.agents.values(), question.window.start)
    answers = _within(SECONDS, lambda: _asked(deps, question))
    if isinstance(answers, ProviderError):
        _note_trouble(deps, question.connection, answers)
        return
    for answer in answers or ():
        agent = question.agents.get(answer.mailbox)
        if agent is not None and answer.problem is None:
            _keep(deps, question, agent, answer, then.get(agent, {}))


def _concerned(
    work: UnitOfWork,
    wanted: Wanted,
    period: Interval,
    now: datetime,
    agent: UUID | None,
    without: Appointment | None,
) -> dict[str, UUID]:
    """Who looks free, by mailbox; whoever was read longest ago first."""
    calendars, _ = availability.read_calendars(work, period, now, without=without)
    zone = work.roster.institution.zone
    buffers = wanted.buffer_before, wanted.buffer_after
    read: dict[UUID, datetime] = {
        it.agent_id: it.reading.read_at
        for it in calendars
        if it.reading is not None
        and it.reading.read_at is not None
        and it.serves(wanted.group)
        and agent in {None, it.agent_id}
        and not is_free(it, period, *buffers, zone, now)
    }
    oldest = sorted(read, key=lambda it: (read[it], it))[:MOST_AGENTS]
    return {work.roster.people[it].email: it for it in oldest}


def _asked(deps: Deps, question: _Question) -> list[Availability] | ProviderError:
    try:
        calendar = granting.calendar_of(deps, question.connection)
        most = calendar.limits.mailboxes_per_call
        return calendar.free_busy(list(question.agents)[:most], question.window)
    except ProviderError as error:
        return error


def _keep(
    deps: Deps,
    question: _Question,
    agent: UUID,
    answer: Availability,
    then: Mapping[UUID, Interval],
) -> None:
    with deps.unit_of_work() as work:
        known = work.busy.locked(agent)
        if known is None or known.mailbox != answer.mailbox:
            return
        now = work.busy.echoes([agent], question.window.start).get(agent, {})
        busy = without_echo(answer.busy, standing(now, then))
        work.busy.told_within(agent, question.window, clipped(busy, question.window))


def _note_trouble(deps: Deps, connection: Connection, error: ProviderError) -> None:
    _log.warning("no look at calendars: %s", type(error).__name__)
    if isinstance(error, ReconnectError | ThrottledError):
        with deps.unit_of_work() as work:
            connection_states.failed(deps, work, connection.id, error)


def _within(seconds: float, ask: Callable[[], T]) -> T | None:
    """Return the answer, or nothing if it takes too long; then it is not waited for."""
    ends = time.monotonic() + seconds
    if not _room.acquire(timeout=seconds):
        return None
    answers: queue.SimpleQueue[T] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        finally:
            _room.release()

    threading.Thread(target=run, name="live check", daemon=True).start()
    try:
        return answers.get(timeout=max(ends - time.monotonic(), 0.0))
    except queue.Empty:
        _log.warning("no look at calendars: no answer within %s seconds", seconds)
        return None
