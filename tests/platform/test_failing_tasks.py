"""A periodic task that fails is told to administrators, and so is its end."""

import logging
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import text

from invo_booking import bootstrap
from invo_booking.broker import ANSWER, celery
from invo_booking.domain.access.roles import Role
from invo_booking.run import checkup
from invo_booking.tasks.schedule import EVERY_SECONDS
from invo_booking.usecases.upkeep import health, task_runs
from invo_booking.usecases.upkeep.attention import Topic, most_urgent_attention
from tests.concurrency.racing import race

MINUTE = timedelta(minutes=1)
BROKEN = "database_identity"
"""A table that every task reads first."""


@pytest.fixture
def bosses(bank, deps, clock):
    """Two administrators of a bank whose tasks run with the parts of the test."""
    celery.loader.import_default_modules()
    bootstrap.use_deps(deps)
    with deps.unit_of_work() as work:
        work.identity.adopt(clock())
    roles = (Role.ADMINISTRATOR,)
    yield [bank.agent(name, roles=roles, languages=()) for name in ("Grace", "Gus")]
    bootstrap._built.clear()  # noqa: SLF001 - the next test has parts of its own


@contextmanager
def without_table(deps, table):
    """Rename a table, so that whatever reads it raises an error."""
    execute(deps, f'ALTER TABLE "{table}" RENAME TO hidden_away')
    try:
        yield
    finally:
        execute(deps, f'ALTER TABLE hidden_away RENAME TO "{table}"')


def execute(deps, statement):
    with deps.unit_of_work() as work:
        return work.session.connection().execute(text(statement))


def run(task) -> str:
    """Run a task as a worker does; return its end."""
    return celery.tasks[task].apply().state


def run_for(times, clock, task, *, every=MINUTE) -> None:
    for _ in range(times):
        run(task)
        clock.advance(every)


def notices(deps) -> list[tuple[str, str, str]]:
    """Return recipient, subject and text of the mails to administrators."""
    with deps.unit_of_work() as work:
        query = text(
            "SELECT payload->>'to', payload->>'subject', payload->>'text' "
            "FROM outbox WHERE kind = 'notice' ORDER BY id"
        )
        return [tuple(row) for row in work.session.connection().execute(query)]


def tasks_check(deps):
    return next(it for it in health.health_checks(deps) if it.name == "tasks")


def failing(deps) -> float:
    return health.health_figures(deps)["periodic_tasks_failing"]


@pytest.mark.parametrize("task", sorted(EVERY_SECONDS))
def test_task_that_always_raises_is_told_once_and_so_is_its_end(
    deps, bank, clock, bosses, task
):
    assert run(task) == "SUCCESS"
    clock.advance(MINUTE)
    words = task_runs.say(task_runs.WORK[task])

    with without_table(deps, BROKEN):
        run_for(2, clock, task, every=3 * MINUTE)
        assert notices(deps) == []

        assert run(task) == "FAILURE"
        run_for(2, clock, task)

        told = notices(deps)
        assert sorted(it[0] for it in told) == sorted(it.email for it in bosses)
        assert told[0][1] == f"A periodic task fails: {words}"
        assert "It last succeeded on November 23, 2026" in told[0][2]
        assert "Last error: ProgrammingError." in told[0][2]
        assert "SELECT" not in told[0][2], "no message, which may name customers"

    assert failing(deps) == 1.0
    found = most_urgent_attention(deps, bosses[0])
    assert found.topic is Topic.TASKS
    assert words in found.sentence
    assert most_urgent_attention(deps, bank.agent("Ana")) is None
    for check in (tasks_check(deps), checkup._tasks()):  # noqa: SLF001
        assert not check.ok
        assert words in check.sentence
    assert run(task) == "SUCCESS"
    again = notices(deps)[len(told) :]
    assert sorted(it[0] for it in again) == sorted(it.email for it in bosses)
    assert again[0][1] == f"A periodic task succeeds again: {words}"
    assert tasks_check(deps).ok
    assert checkup._tasks().ok  # noqa: SLF001
    assert failing(deps) == 0.0
    assert most_urgent_attention(deps, bosses[0]) is None


@pytest.mark.parametrize("task", sorted(EVERY_SECONDS))
@pytest.mark.usefixtures("bosses")
def test_task_that_succeeds_is_told_to_nobody_and_its_last_run_is_known(
    deps, clock, task
):
    run_for(4, clock, task, every=3 * MINUTE)

    assert notices(deps) == []
    assert tasks_check(deps).ok
    with deps.unit_of_work() as work:
        runs = work.periodic_tasks.runs(task)
    assert runs.succeeded_at == clock() - 3 * MINUTE
    assert runs.unsuccessful == 0


def test_work_of_every_scheduled_task_has_words():
    assert set(task_runs.WORK) == set(EVERY_SECONDS)
    assert ANSWER not in task_runs.WORK


def test_a_task_that_failed_a_few_times_only_is_told_to_nobody(deps, clock, bosses):
    """Also where a success lies between many failures."""
    assert bosses
    for _ in range(6):
        with without_table(deps, BROKEN):
            run_for(5, clock, "upkeep.remind")
        run("upkeep.remind")
        clock.advance(MINUTE)

    assert notices(deps) == []


def test_a_task_that_runs_each_hour_fails_after_three_runs(deps, clock, bosses):
    with without_table(deps, BROKEN):
        for _ in range(2):
            run("upkeep.tell_audit_head")
            clock.advance(60 * MINUTE)
        assert notices(deps) == []
        run("upkeep.tell_audit_head")

    assert len(notices(deps)) == len(bosses)


def test_task_whose_runs_are_killed_before_they_end_is_told(deps, clock, bosses):
    """A time limit or a lack of memory ends a process without an error."""
    for _ in range(8):
        with suppress(SystemExit), task_runs.recorded_run(deps, "upkeep.tidy"):
            raise SystemExit
        clock.advance(MINUTE)

    told = notices(deps)
    assert len(told) == len(bosses)
    assert "for lack of memory" in told[0][2]
    assert "for lack of memory" in tasks_check(deps).sentence


def test_task_that_fails_now_and_then_is_told_once_an_hour_at_most(deps, clock, bosses):
    for _ in range(4):
        with without_table(deps, BROKEN):
            run_for(10, clock, "upkeep.remind")
        run("upkeep.remind")
        clock.advance(MINUTE)

    subjects = [it[1] for it in notices(deps)]
    assert len(subjects) == 2 * len(bosses), "one alarm and its end"
    with without_table(deps, BROKEN):
        clock.advance(60 * MINUTE)
        run_for(10, clock, "upkeep.remind")
    assert len(notices(deps)) == 3 * len(bosses)


def test_failure_that_also_prevents_the_mail_is_recorded(deps, clock, bosses, caplog):
    with without_table(deps, "outbox"), caplog.at_level(logging.ERROR):
        run_for(10, clock, "delivery.deliver_due")
        with deps.unit_of_work() as work:
            (found,) = task_runs.failing_tasks(deps, work)

    assert found.error == "ProgrammingError"
    assert "a periodic task fails" in caplog.text
    assert not tasks_check(deps).ok
    with without_table(deps, BROKEN):
        run("delivery.deliver_due")
    assert len(notices(deps)) == len(bosses), "told as soon as it can be"


def test_run_that_cannot_be_recorded_runs_nevertheless(deps, clock, bosses, caplog):
    assert bosses
    with without_table(deps, "periodic_task"):
        assert run("upkeep.heartbeat") == "SUCCESS"

    assert "was not recorded" in caplog.text
    with deps.unit_of_work() as work:
        assert work.last_beat("worker") >= clock()


def test_two_runs_that_fail_at_once_are_told_once(deps, clock, bosses):
    def fail() -> str:
        return run("upkeep.remind")

    with without_table(deps, BROKEN):
        run_for(3, clock, "upkeep.remind")
        clock.advance(5 * MINUTE)
        assert race(fail, fail) == ["FAILURE", "FAILURE"]

    assert len(notices(deps)) == len(bosses)


def test_runs_of_a_second_are_recorded_once_but_every_error_is(deps, clock, bosses):
    assert bosses
    task, second = "upkeep.remind", timedelta(seconds=1)

    def succeeded_at():
        with deps.unit_of_work() as work:
            return work.periodic_tasks.runs(task).succeeded_at

    run(task)
    first = succeeded_at()
    run_for(5, clock, task, every=second)
    assert succeeded_at() == first
    run(task)
    assert succeeded_at() == first + 5 * second

    with without_table(deps, BROKEN):
        run_for(3, clock, task, every=second)
    with deps.unit_of_work() as work:
        runs = work.periodic_tasks.runs(task)
    assert (runs.unsuccessful, runs.error) == (3, "ProgrammingError")
    run(task)
    assert succeeded_at() == clock()


def test_task_of_another_version_is_not_shown(deps, clock, bosses):
    assert bosses
    for _ in range(10):
        with suppress(SystemExit), task_runs.recorded_run(deps, "upkeep.former"):
            raise SystemExit
        clock.advance(MINUTE)

    assert failing(deps) == 0.0
