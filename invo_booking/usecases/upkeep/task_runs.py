"""Record the runs of periodic tasks, and mail administrators about failing tasks.

A run counts as unsuccessful from its beginning until it succeeds. So a failing task is
noticed whether its runs raise errors or are killed by a time limit or the operating
system.
"""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from weakref import WeakKeyDictionary

from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.persistence.upkeep.periodic_tasks import TaskRuns
from invo_booking.texts import count, say
from invo_booking.texts.dates import instant_text
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps

FEWEST = 3
"""Minimum number of consecutive unsuccessful runs for a task to count as failing."""

PATIENCE = timedelta(minutes=6)
"""Minimum time without success for a task to count as failing. A single run is not
allowed to take this long."""

PAUSE = timedelta(hours=1)
"""Minimum time between two alarms about the same task."""

RECENT = timedelta(seconds=5)
"""After a process has recorded a success of a task, the process records no further
success of this task for this time."""

WORK = {
    "delivery.deliver_due": "upkeep.tasks.deliver_due",
    "delivery.find_unwritten": "upkeep.tasks.find_unwritten",
    "delivery.write_calendars": "upkeep.tasks.write_calendars",
    "sync.tick": "upkeep.tasks.sync",
    "upkeep.back_up": "upkeep.tasks.back_up",
    "upkeep.complete_past": "upkeep.tasks.complete_past",
    "upkeep.expire_unconfirmed": "upkeep.tasks.expire_unconfirmed",
    "upkeep.forget_asked": "upkeep.tasks.forget_asked",
    "upkeep.heartbeat": "upkeep.tasks.heartbeat",
    "upkeep.purge_outdated": "upkeep.tasks.purge_outdated",
    "upkeep.remind": "upkeep.tasks.remind",
    "upkeep.tell_audit_head": "upkeep.tasks.tell_audit_head",
    "upkeep.tidy": "upkeep.tasks.tidy",
    "upkeep.tidy_connections": "upkeep.tasks.tidy_connections",
    "upkeep.watch_floods": "upkeep.tasks.watch_floods",
}
"""Key of the text that describes the work of each periodic task."""

_FAILED_TEXT = "upkeep.tasks.failed_body"
_RIGHT_TEXT = "upkeep.tasks.right_body"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_successes: WeakKeyDictionary[object, dict[str, datetime]] = WeakKeyDictionary()
"""When this process last recorded a success, by database and task."""

_log = logging.getLogger(__name__)


@contextmanager
def recorded_run(deps: Deps, task: str) -> Generator[None]:
    """Record a run of a periodic task, and mail administrators if the task fails.

    Administrators are mailed again when a failing task succeeds. If a run cannot be
    recorded, the task runs nevertheless. Wake-up calls start some tasks many times a
    second. So a run that starts within ``RECENT`` of a recorded success is recorded
    only if it raises an error.
    """
    successes = _successes.setdefault(deps.begin, {})
    succeeded_at = successes.pop(task, _LONG_AGO)
    is_recent = deps.own_now() - succeeded_at < RECENT
    if not is_recent:
        _attempt(partial(_begin, deps, task))
    try:
        yield
    except Exception as error:
        if is_recent:
            _attempt(partial(_begin, deps, task))
        _attempt(partial(_record_error, deps, task, type(error).__name__))
        raise
    if not is_recent:
        succeeded_at = deps.own_now()
        _attempt(partial(_record_success, deps, task))
    successes[task] = succeeded_at


def failing_tasks(deps: Deps, work: UnitOfWork) -> list[TaskRuns]:
    """Return the periodic tasks that fail, in the order of their names.

    Tasks of another version of the product are left out.
    """
    now = deps.database_now(work)
    return [
        runs
        for runs in work.periodic_tasks.all_runs()
        if runs.task in WORK and is_failing(runs, now)
    ]


def is_failing(runs: TaskRuns, now: datetime) -> bool:
    """Whether several runs in a row, over some minutes, were not successful."""
    since = runs.unsuccessful_since
    return since is not None and runs.unsuccessful >= FEWEST and now - since >= PATIENCE


def tasks_trouble(deps: Deps, work: UnitOfWork) -> str:
    """Return which periodic tasks fail, and whether messages fail unexpectedly.

    Returns:
        One or two sentences; empty if all is well.
    """
    messages = notices.unforeseen_trouble(work, deps.database_now(work))
    failing = failing_tasks(deps, work)
    if not failing:
        return messages
    lines = "; ".join(_line(runs) for runs in failing)
    tasks = count("upkeep.tasks.trouble", len(failing), lines=lines)
    return f"{tasks} {messages}".strip()


def work_of(runs: TaskRuns) -> str:
    """Return the text that describes the work of a task."""
    return say(WORK[runs.task])


def _line(runs: TaskRuns) -> str:
    return say(
        "upkeep.tasks.line",
        work=work_of(runs),
        succeeded=_success_text(runs),
        runs=runs.unsuccessful,
        error=_error_text(runs),
    )


def _success_text(runs: TaskRuns) -> str:
    if runs.succeeded_at is None:
        return say("upkeep.tasks.never")
    return say("upkeep.tasks.succeeded", at=instant_text(runs.succeeded_at))


def _error_text(runs: TaskRuns) -> str:
    return runs.error or say("upkeep.tasks.killed")


def _attempt(record: Callable[[], None]) -> None:
    """Record something about a run; log an error without raising it."""
    try:
        record()
    except Exception:  # noqa: BLE001 - the run matters more than its record
        _log.exception("a run of a periodic task was not recorded")


def _begin(deps: Deps, task: str) -> None:
    with deps.unit_of_work() as work:
        now = deps.database_now(work)
        before = work.periodic_tasks.runs(task)
        work.periodic_tasks.record_begin(task, now)
    if before is not None and is_failing(before, now):
        _alarm_administrators(deps, before)


def _record_error(deps: Deps, task: str, error: str) -> None:
    with deps.unit_of_work() as work:
        now = deps.database_now(work)
        work.periodic_tasks.record_error(task, error)
        runs = work.periodic_tasks.runs(task)
    if runs is not None and is_failing(runs, now):
        _alarm_administrators(deps, runs)


def _record_success(deps: Deps, task: str) -> None:
    with deps.unit_of_work() as work:
        now = deps.database_now(work)
        before = work.periodic_tasks.runs(task)
        work.periodic_tasks.record_success(task, now)
        if before is None or not before.is_alarmed or not work.is_set_up:
            return
        text = say(
            _RIGHT_TEXT,
            work=work_of(before),
            succeeded=_success_text(before),
            runs=before.unsuccessful - 1,
        )
        subject = say("upkeep.tasks.right_subject", work=work_of(before))
        notices.notify_administrators(work, subject, text, now)
    deps.wake()


def _alarm_administrators(deps: Deps, runs: TaskRuns) -> None:
    """Mail administrators about a failing task, but only once until the task succeeds.

    The mail has a transaction of its own, because the cause that breaks the task may
    also break the mail. The failure has been recorded in an earlier transaction.
    """
    if runs.is_alarmed or runs.unsuccessful_since is None:
        return
    _log.error(
        "a periodic task fails",
        extra={"task": runs.task, "runs": runs.unsuccessful, "error": runs.error},
    )
    with deps.unit_of_work() as work:
        now = deps.database_now(work)
        before = min(runs.unsuccessful_since, now - PAUSE)
        if not work.is_set_up or not work.periodic_tasks.claim_alarm(
            runs.task, now, before
        ):
            return
        text = say(
            _FAILED_TEXT,
            work=work_of(runs),
            succeeded=_success_text(runs),
            runs=runs.unsuccessful,
            error=_error_text(runs),
        )
        subject = say("upkeep.tasks.failed_subject", work=work_of(runs))
        notices.notify_administrators(work, subject, text, now)
    deps.wake()
