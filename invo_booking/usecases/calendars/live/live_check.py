"""Read an agent's calendar at the primary provider again during a booking.

Only the calendar of the agent about to be assigned is read, then if necessary the
calendar of the next agent. Each reading takes at most two seconds, and no transaction
is open meanwhile. The provider's answer replaces the stored busy times. Without an
answer, the stored busy times are used if they are recent enough, and the appointment is
marked as unchecked. Older busy times are not used: an agent whose calendar is unknown
is never free.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from typing import TypeVar
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.calendars.busy_times import (
    clip_spans,
    without_own_entries,
)
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.calendars.provider_errors import (
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.errors import SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.calendars.busy import AgentCalendar
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import (
    LIVE_CHECK,
    reads_busy_times_by_setting,
    unchecked_period,
)
from invo_booking.texts import say
from invo_booking.usecases.calendars import states
from invo_booking.usecases.calendars.live.questions import Question, SharedQuestions
from invo_booking.usecases.calendars.outside_agents import primary_connection
from invo_booking.usecases.shared.deps import Deps

SECONDS = 2.0
"""Maximum wait for one agent's calendar, in seconds."""

SECONDS_IN_ALL = 6.0
"""Time in seconds after which no further agent is checked for the same booking."""

NOBODY_KNOWN = "connections.live_check.unavailable"

T = TypeVar("T")
_log = logging.getLogger(__name__)
SHARED_QUESTIONS = SharedQuestions()


class _AgentReliance(Enum):
    """How far a booking may rely on the stored busy times of a free agent."""

    CHECKED = auto()
    TO_ASK = auto()
    UNCHECKED = auto()
    """The provider did not answer, but the stored busy times are recent enough."""

    UNKNOWN = auto()
    """The provider did not answer, and the stored busy times are too old."""


class _LookFirst(Exception):  # noqa: N818  (it is a question, not an error)
    """Aborts a transaction that must be repeated after a calendar has been read."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question


@dataclass(slots=True)
class LiveCheck:
    """The calendar checks of one booking so far, and their results.

    Attributes:
        ends: Time of the monotonic clock, in seconds, after which no further check
            starts.
        answered: Agents and windows for which the provider answered.
        silent: Agents and windows for which the provider did not answer in time.
    """

    ends: float = field(default_factory=lambda: time.monotonic() + SECONDS_IN_ALL)
    answered: set[tuple[UUID, Interval]] = field(
        default_factory=set[tuple[UUID, Interval]]
    )
    silent: set[tuple[UUID, Interval]] = field(
        default_factory=set[tuple[UUID, Interval]]
    )

    def usable(
        self,
        work: UnitOfWork,
        appointment: Appointment,
        agents: Sequence[UUID],
        now: datetime,
    ) -> list[UUID]:
        """Return the agents whose busy times are reliable enough for a booking.

        Args:
            appointment: The appointment, whose period and buffers are checked.
            agents: Agents who are free according to the stored busy times.

        Raises:
            SlotTakenError: If no such agent is left.
        """
        standings = self._standings(work, appointment, agents, now)
        usable = [it for it in agents if standings[it] is not _AgentReliance.UNKNOWN]
        if agents and not usable:
            raise SlotTakenError(say(NOBODY_KNOWN))
        return usable

    def apply_check(
        self,
        work: UnitOfWork,
        appointment: Appointment,
        agents: Sequence[UUID],
        now: datetime,
        *,
        before: Appointment | None = None,
    ) -> Appointment:
        """Return the appointment, marked as unchecked if the provider did not answer.

        If a calendar must be read first, raises an exception that makes
        ``with_live_check`` read the calendar and repeat the attempt.

        Args:
            work: The transaction, which has written nothing so far.
            appointment: The new state of the appointment. If the appointment has an
                agent, only this agent is checked.
            agents: The agents who could take the appointment if it is unassigned.
            before: The stored appointment, if it exists. If time and agent stay the
                same, no calendar is read and ``unchecked_at`` does not change.

        Raises:
            SlotTakenError: If the busy times of all agents in question are unknown or
                too old.
        """
        if before is not None and not _takes_other_time(before, appointment):
            return appointment
        named = appointment.agent_id
        concerned = self.usable(work, appointment, [named] if named else agents, now)
        current = self._standings(work, appointment, concerned, now)
        standings = set(current.values())
        if _AgentReliance.CHECKED in standings or not current:
            return replace(appointment, unchecked_at=None)
        if _AgentReliance.UNCHECKED in standings:
            return replace(appointment, unchecked_at=now)
        raise _LookFirst(self._question(work, appointment, concerned[0]))

    def _standings(
        self,
        work: UnitOfWork,
        appointment: Appointment,
        agents: Sequence[UUID],
        now: datetime,
    ) -> dict[UUID, _AgentReliance]:
        if not is_live_check_on(work):
            return dict.fromkeys(agents, _AgentReliance.CHECKED)
        known = work.busy.calendars_of(agents)
        window, may_ask = appointment.buffered_period, self._may_ask(work, now)
        young = now - unchecked_period(work.settings)
        return {
            agent: self._reliance_of(known.get(agent), (agent, window), young, may_ask)
            for agent in agents
        }

    def _reliance_of(
        self,
        known: AgentCalendar | None,
        key: tuple[UUID, Interval],
        young: datetime,
        may_ask: bool,  # noqa: FBT001
    ) -> _AgentReliance:
        if known is None or not known.registered or key in self.answered:
            return _AgentReliance.CHECKED
        if may_ask and key not in self.silent:
            return _AgentReliance.TO_ASK
        is_young = known.read_at is not None and known.read_at >= young
        return _AgentReliance.UNCHECKED if is_young else _AgentReliance.UNKNOWN

    def _may_ask(self, work: UnitOfWork, now: datetime) -> bool:
        connection = primary_connection(work)
        return (
            time.monotonic() < self.ends
            and connection is not None
            and not connection.needs_person
            and not connection.is_paused(now)
        )

    def _question(
        self, work: UnitOfWork, appointment: Appointment, agent: UUID
    ) -> Question:
        connection = work.connections.active()
        mailbox = work.busy.calendars_of([agent])[agent].mailbox
        if connection is None:
            raise SlotTakenError(say(NOBODY_KNOWN))
        return Question(connection, agent, mailbox, appointment.buffered_period)

    def look(self, deps: Deps, question: Question) -> None:
        """Ask the provider; store a timely answer. Provider errors are not raised."""
        left = max(self.ends - time.monotonic(), 0.0)
        is_answered = _look_at_agent(deps, question, min(SECONDS, left))
        boxes = self.answered if is_answered else self.silent
        boxes.add((question.agent, question.window))


def with_live_check(deps: Deps, attempt: Callable[[LiveCheck], T]) -> T:
    """Run a booking attempt, and repeat it after each calendar check it needs.

    The checks end after ``SECONDS_IN_ALL``, however many agents there are.

    Args:
        attempt: Books in one transaction, and calls ``apply_check`` before any write.
    """
    check = LiveCheck()
    while True:
        try:
            return attempt(check)
        except _LookFirst as first:
            check.look(deps, first.question)


def is_live_check_on(work: UnitOfWork) -> bool:
    """Whether the settings require that calendars are read again during a booking."""
    return work.settings[LIVE_CHECK] and reads_busy_times_by_setting(work.settings)


def _takes_other_time(before: Appointment, after: Appointment) -> bool:
    return before.is_live and (before.period, before.agent_id) != (
        after.period,
        after.agent_id,
    )


def _look_at_agent(deps: Deps, question: Question, seconds: float) -> bool:
    """Ask for one agent's busy times; return whether a timely answer was stored."""
    with deps.unit_of_work() as work:
        then = work.busy.echoes([question.agent], question.window.start)
    answer = SHARED_QUESTIONS.ask(deps, question, seconds)
    if isinstance(answer, ProviderError):
        _note_trouble(deps, question.connection, answer)
        return False
    if answer is None:
        return False
    if answer.problem is not None:
        _note_trouble(deps, question.connection, answer.problem)
        return False
    return _keep_answer(deps, question, answer, then.get(question.agent, {}))


def _keep_answer(
    deps: Deps,
    question: Question,
    answer: Availability,
    then: Mapping[UUID, Interval],
) -> bool:
    agent, window = question.agent, question.window
    with deps.unit_of_work() as work:
        known = work.busy.get_for_update(agent)
        if known is None or known.mailbox != answer.mailbox:
            return False
        now = work.busy.echoes([agent], window.start).get(agent, {})
        busy = without_own_entries(answer, now, then)
        work.busy.record_window(agent, window, clip_spans(busy, window))
    return True


def _note_trouble(deps: Deps, connection: Connection, error: ProviderError) -> None:
    _log.warning("no look at calendars: %s", type(error).__name__)
    if isinstance(error, ReconnectError | ThrottledError):
        with deps.unit_of_work() as work:
            states.record_connection_failure(deps, work, connection.id, error)
