"""Read agents' calendars and the host calendar periodically.

Only one run at a time holds the lease of a connection: see ``run_lease``.
"""

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.busy_times import (
    clip_spans,
    widen_to_days,
    without_own_entries,
)
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.calendars.ports import BackendCalendar
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    ProviderDownError,
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import (
    CACHE_INTERVAL,
    reads_busy_times_by_setting,
    writes_events_by_setting,
)
from invo_booking.texts import count, say
from invo_booking.usecases.calendars import (
    free_busy,
    granting,
    outside_agents,
    pull,
    run_lease,
    states,
)
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.availability import last_horizon_end

_OUR_MISTAKE = "connections.poll.failed"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a run.

    Attributes:
        asked: Number of agents' calendars that this run was to read.
        read: Number of these calendars that were read.
        unregistered: Number of these calendars that the provider does not know.
        left: Number of these calendars for which no time was left; the next run follows
            at once.
        problem: Why the run failed, as a sentence; empty if it did not fail.
    """

    asked: int = 0
    read: int = 0
    unregistered: int = 0
    left: int = 0
    problem: str = ""

    @property
    def unanswered_count(self) -> int:
        """Number of calendars that could not be read."""
        return self.asked - self.read - self.unregistered - self.left

    @property
    def sentence(self) -> str:
        """The result as a sentence for administrators."""
        if self.problem:
            return self.problem
        sentence = say("connections.poll.done", read=self.read, asked=self.asked)
        unknown = say(
            "connections.poll.unregistered", unregistered=self.unregistered
        ) * bool(self.unregistered)
        silent = say(
            "connections.poll.unanswered", unanswered_count=self.unanswered_count
        ) * bool(self.unanswered_count)
        left = say("connections.poll.left", left=self.left) * bool(self.left)
        return f"{sentence}{unknown}{silent}{left}."


@dataclass(frozen=True, slots=True, kw_only=True)
class _PollRun:
    """A reading of calendars that holds the connection's lease.

    Attributes:
        fence: Number of the lease; a run with an outdated number has lost the lease.
        window: Span in which busy times are read, in UTC.
        agents: Agents by mailbox, in the order of ``agents_to_ask``.
        echoes: Spans of the events that the product wrote, as stored when the run
            started, by agent and appointment.
        two_way: Whether appointments are written to the host calendar.
    """

    connection: Connection
    fence: int
    began_at: datetime
    window: Interval
    agents: Mapping[str, UUID]
    echoes: Mapping[UUID, Mapping[UUID, Interval]]
    two_way: bool


def poll_if_due(
    deps: Deps,
    *,
    at_once: bool = False,
    patience: free_busy.Patience = free_busy.PATIENCE,
) -> Outcome | None:
    """Read all calendars if this is due and no other run is active. Idempotent.

    Each answer is stored in its own transaction, so a killed run loses no answers. The
    next run starts with the calendars that were never read or whose last reading is
    oldest.

    Args:
        at_once: Whether to read the calendars even if this is not due.
        patience: Limits on time and tries, which must fit the task's time limit.

    Returns:
        The result; ``None`` if nothing was due or another run is active.
    """
    run = _begin_run(deps, at_once=at_once)
    if run is None:
        return None
    try:
        with run_lease.renewed_lease(deps, run.connection.id, run.fence):
            return _carry_out_run(deps, run, patience)
    except run_lease.LeaseLostError:
        _log.warning("a run lost its lease and wrote nothing more")
        return Outcome(problem=say("connections.poll.overtaken"))
    except Exception:
        with suppress(run_lease.LeaseLostError):
            _record_failure(deps, run, ProviderDownError(say(_OUR_MISTAKE)))
        raise


def _begin_run(deps: Deps, *, at_once: bool) -> _PollRun | None:
    now = deps.now()
    with deps.unit_of_work() as work:
        connection = _ready(work, now, at_once=at_once)
        if connection is None:
            return None
        followed = outside_agents.are_followed(work)
    if not followed:
        with deps.unit_of_work() as work:
            work.lock_roster()
            outside_agents.follow_agents(work, now)
    with deps.unit_of_work() as work:
        fence = work.connections.lease(connection.id, now, now + run_lease.LEASE)
        if fence is None:
            return None
        leased = _ready(work, now, at_once=at_once)
        if leased is None:  # another run has ended meanwhile
            work.connections.release(connection.id, fence)
            return None
        return _run_under_lease(work, leased, fence, now)


def _ready(work: UnitOfWork, now: datetime, *, at_once: bool) -> Connection | None:
    """Return the connection if a reading of calendars is due and allowed now."""
    connection = outside_agents.primary_connection(work) if work.is_set_up else None
    if connection is None or connection.is_paused(now):
        return None
    return connection if at_once or _is_due(work, connection, now) else None


def _is_due(work: UnitOfWork, connection: Connection, now: datetime) -> bool:
    if not reads_busy_times_by_setting(work.settings) and not writes_events_by_setting(
        work.settings
    ):
        return False
    planned, tried = connection.next_run_at, connection.tried_at
    is_planned = planned is None or planned <= now
    interval = work.settings[CACHE_INTERVAL]  # the setting may be shorter now
    is_overdue = tried is None or tried + interval <= now
    return is_planned or (connection.state is ConnectionState.CONNECTED and is_overdue)


def _run_under_lease(
    work: UnitOfWork, connection: Connection, fence: int, now: datetime
) -> _PollRun:
    is_reading = reads_busy_times_by_setting(work.settings)
    agents = outside_agents.agents_to_ask(work, now) if is_reading else {}
    last = last_horizon_end(work.roster, now, work.settings)
    window = widen_to_days(Interval(now, max(last, now + timedelta(days=1))))
    return _PollRun(
        connection=connection,
        fence=fence,
        began_at=now,
        window=window,
        agents=agents,
        echoes=work.busy.echoes(agents.values(), window.start),
        two_way=writes_events_by_setting(work.settings) and connection.host is not None,
    )


def _carry_out_run(deps: Deps, run: _PollRun, patience: free_busy.Patience) -> Outcome:
    answers: Mapping[str, Availability] = {}
    try:
        calendar = granting.calendar_of_connection(deps, run.connection)
        began = time.monotonic()
        trouble = _follow_host_calendar(deps, run, calendar)
        left = patience.seconds - (time.monotonic() - began)
        answers = _read_agents(deps, run, calendar, replace(patience, seconds=left))
        if trouble is not None:
            raise trouble
    except ProviderError as error:
        return _record_failure(deps, run, error)
    return _record_success(deps, run, _outcome(run, answers))


def _follow_host_calendar(
    deps: Deps, run: _PollRun, calendar: BackendCalendar
) -> ProviderError | None:
    """Follow changes in the host calendar before the agents' calendars are read.

    A moved event is also in the agent's calendar. If that calendar were read first, the
    event would block the move of its own appointment.

    Returns:
        The error, if agents' calendars may still be read after it; otherwise ``None``.

    Raises:
        ProviderError: If the error forbids further calls.
    """
    if not run.two_way or not calendar.limits.two_way:
        return None
    try:
        pull.pull_changes(deps, calendar, run.connection, deps.now())
    except (ReconnectError, ThrottledError):
        raise
    except ProviderError as error:
        return error
    return None


def _read_agents(
    deps: Deps, run: _PollRun, calendar: BackendCalendar, patience: free_busy.Patience
) -> Mapping[str, Availability]:
    """Read all agents' calendars and store the answers.

    Raises:
        ProviderError: If no calendar could be read.
    """
    if not run.agents:
        return {}
    answers = free_busy.free_busy(
        calendar,
        list(run.agents),
        run.window,
        on_answer=lambda answer: _store(deps, run, answer),
        patience=patience,
    )
    troubles = [it.problem for it in answers.values() if not _is_answered(it)]
    if len(troubles) == len(answers):
        raise next(filter(None, troubles))
    return answers


def _is_answered(answer: Availability) -> bool:
    """Whether the provider answered, even if it does not know the mailbox."""
    return answer.problem is None or isinstance(answer.problem, MailboxUnknownError)


def _store(deps: Deps, run: _PollRun, answer: Availability) -> None:
    """Store an answer, unless the agent has left or has a new address."""
    agent = run.agents[answer.mailbox]
    with deps.unit_of_work() as work:
        if not work.connections.lock_lease(run.connection.id, run.fence):
            raise run_lease.LeaseLostError
        known = work.busy.get_for_update(agent)
        if known is None or known.mailbox != answer.mailbox:
            return
        if isinstance(answer.problem, free_busy.NoTimeLeftError):
            return
        if isinstance(answer.problem, MailboxUnknownError):
            outside_agents.note_unknown(work, known, answer.problem, run.began_at)
        elif answer.problem is not None:
            code = answer.problem.provider_code
            work.busy.record_failure(
                agent, str(answer.problem), run.began_at, code=code
            )
        else:
            now = work.busy.echoes([agent], run.window.start).get(agent, {})
            then = run.echoes.get(agent, {})
            busy = without_own_entries(answer, now, then)
            note = _unreadable(answer)
            work.busy.record_busy(
                agent, clip_spans(busy, run.window), run.began_at, note
            )


def _unreadable(answer: Availability) -> str:
    """Return a sentence about a mailbox's unreadable entries; empty if none."""
    if not answer.unreadable:
        return ""
    entries = count("connections.poll.entries", answer.unreadable)
    return say("connections.poll.unreadable_entries", entries=entries)


def _outcome(run: _PollRun, answers: Mapping[str, Availability]) -> Outcome:
    problems = [it.problem for it in answers.values()]
    return Outcome(
        asked=len(run.agents),
        read=problems.count(None),
        unregistered=sum(isinstance(it, MailboxUnknownError) for it in problems),
        left=sum(isinstance(it, free_busy.NoTimeLeftError) for it in problems),
    )


def _record_success(deps: Deps, run: _PollRun, outcome: Outcome) -> Outcome:
    with deps.unit_of_work() as work:
        planned = _connection_now(work, run).next_run_at
        if outcome.left:
            states.record_working(deps, work, run.connection.id)
            planned = deps.now()
        else:
            states.record_successful_run(deps, work, run.connection.id)
        if planned == run.connection.next_run_at:  # nobody has asked for another run
            planned = run.began_at + work.settings[CACHE_INTERVAL]
        if planned is not None:
            work.connections.schedule_run(run.connection.id, planned)
        work.connections.release(run.connection.id, run.fence)
        outside_agents.report_unknown(deps, work, run.connection)
        outside_agents.report_unread(deps, work, run.connection)
        work.notify({"calendars": "read"})
    _log.info("outside calendars: %s", outcome.sentence)
    return outcome


def _record_failure(deps: Deps, run: _PollRun, error: ProviderError) -> Outcome:
    with deps.unit_of_work() as work:
        _connection_now(work, run)
        states.record_connection_failure(deps, work, run.connection.id, error)
        work.connections.release(run.connection.id, run.fence)
    _log.warning("outside calendars: %s", type(error).__name__)
    return Outcome(asked=len(run.agents), problem=str(error))


def _connection_now(work: UnitOfWork, run: _PollRun) -> Connection:
    """Lock the lease and the connection, and return the connection's current state.

    Raises:
        run_lease.LeaseLostError: If the run has lost its lease.
    """
    if not work.connections.lock_lease(run.connection.id, run.fence):
        raise run_lease.LeaseLostError
    return work.connections.get_for_update(run.connection.id)
