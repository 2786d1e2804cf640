"""Tasks do nothing on a copy, with a wrong clock, and without an institution.

And a task with much to do does all of it.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from invo_booking import bootstrap
from invo_booking.broker import DELIVER, celery
from invo_booking.domain.appointment import Status
from invo_booking.persistence.outbox import NOTICE
from invo_booking.persistence.upkeep.identity import RESTORED_COPY
from invo_booking.run.instance import AWAITED
from invo_booking.settings.general import PURGE_OUTDATED
from invo_booking.tasks.schedule import EVERY_SECONDS
from invo_booking.usecases.upkeep import health
from tests.concurrency.test_clock_tasks import one, requests, scene
from tests.support.bank import at, confirm
from tests.support.host_calendar import connected
from tests.support.host_fixtures import deps, host
from tests.usecases.test_purge import keep, made

__all__ = ["deps", "host", "scene"]


def test_one_run_handles_a_backlog_in_which_some_mails_are_outdated(scene):
    with scene.deps.unit_of_work() as work:
        for number in range(50):
            letter = {"to": f"{number}@bank.example", "subject": "s", "text": "t"}
            until = scene.clock.now if number % 5 == 0 else None
            work.outbox.add(NOTICE, letter, now=scene.clock.now, useful_until=until)

    celery.tasks[DELIVER].run()

    assert len(scene.postbox.sent) == 40
    with scene.deps.unit_of_work() as work:
        assert work.outbox.count("open") == 0


@pytest.fixture
def busy(scene):
    """A scene in which every task would find something to do."""
    for booked in list(requests(scene))[:4]:
        confirm(scene.deps, booked.token)
    keep(scene.deps, made(scene.bank, at(7), status=Status.CONFIRMED))
    scene.bank.set(PURGE_OUTDATED, "on")
    connected(scene.bank)
    return scene


@pytest.mark.parametrize("task", sorted(EVERY_SECONDS))
def test_task_leaves_everything_alone_on_a_copy_of_the_database(busy, task):
    """But for heartbeats. All it would have done is done once the copy is released."""
    busy.clock.advance(timedelta(days=1))
    with busy.deps.unit_of_work() as work:
        work.session.connection().execute(text(RESTORED_COPY.format(backup_at=at(9))))
    before = told(busy.deps)

    celery.tasks[task].run()

    assert told(busy.deps) == before
    assert not busy.host.calls
    assert not busy.postbox.sent


@pytest.mark.parametrize("apart", [timedelta(), timedelta(days=1)])
def test_instance_starts_on_a_copy_and_while_the_clocks_differ(busy, apart):
    """The operator looks at the copy before releasing it."""
    busy.clock.advance(timedelta(days=1))
    database_time = busy.clock.now + apart
    parts = replace(bootstrap.deps(), database_now=lambda _work: database_time)
    bootstrap.use_deps(parts)
    with busy.deps.unit_of_work() as work:
        work.session.connection().execute(text(RESTORED_COPY.format(backup_at=at(9))))

    for task in EVERY_SECONDS:
        celery.tasks[task].run()

    busy.clock.now = database_time
    missing = {it.name for it in health.health_checks(busy.deps) if not it.ok}
    assert not missing & AWAITED
    assert "copy" in missing


@pytest.mark.parametrize("task", sorted(EVERY_SECONDS))
def test_task_raises_no_error_before_there_is_an_institution(deps, clock, task):
    celery.loader.import_default_modules()
    bootstrap.use_deps(deps)
    with deps.unit_of_work() as work:
        work.identity.adopt(clock())

    celery.tasks[task].run()

    bootstrap._built.clear()  # noqa: SLF001 - the next test has parts of its own
    beats = "SELECT count(*) FROM heartbeat"
    assert one(deps, beats) == (task in {DELIVER, "upkeep.heartbeat"})


@pytest.mark.parametrize("task", sorted(EVERY_SECONDS))
def test_task_leaves_everything_alone_while_the_clocks_differ(busy, task):
    """But for heartbeats, and mails to staff, who have to hear of it."""
    ahead = busy.clock.now + timedelta(days=1)
    parts = bootstrap.deps()
    bootstrap.use_deps(replace(parts, database_now=lambda _work: ahead))
    before = told(busy.deps)

    celery.tasks[task].run()

    assert told(busy.deps) == before
    assert not busy.host.calls
    assert {it.to for it in busy.postbox.sent} <= {it.email for it in busy.bosses}
    alarms = "SELECT count(*) FROM outbox WHERE kind = 'notice'"
    assert one(busy.deps, alarms) == len(busy.bosses)


def told(deps):
    """Return all that is stored but for heartbeats, the alarm and its mails."""
    with deps.unit_of_work() as work:
        tables = work.session.connection().execute(
            text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT IN ('heartbeat', 'incident', 'outbox')"
            )
        )
        rows = {
            table: work.session.connection()
            .execute(text(f'SELECT t::text FROM "{table}" t ORDER BY 1'))  # noqa: S608
            .all()
            for (table,) in tables
        }
        mails = work.session.connection().execute(
            text("SELECT t::text FROM outbox t WHERE kind <> 'notice' ORDER BY 1")
        )
        return rows, mails.all()
