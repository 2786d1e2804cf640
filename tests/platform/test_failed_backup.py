"""A backup that fails in any way is reported, and leaves nothing running."""

import os
import signal
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import text

from invo_booking import bootstrap
from invo_booking.domain.access.roles import Role
from invo_booking.run import backup, dumps
from invo_booking.run.backup import BackupError, back_up_if_due, complete_backups
from invo_booking.run.checkup import backup_checkup
from invo_booking.tasks.upkeep import back_up_task
from invo_booking.usecases.upkeep import copies, health
from tests.platform.test_backup import (
    DAY,
    NOON,
    configured,
    damaged,
    demo_backup,
    demo_url,
    empty,
)

__all__ = ["demo_backup", "demo_url", "empty"]


@pytest.fixture
def bank_with_backups(bank, deps, clock, tmp_path):
    """A bank whose worker makes backups into a folder."""
    bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())
    folder = tmp_path / "backups"
    config = deps.config.model_copy(update={"backup_dir": folder})
    with deps.unit_of_work() as work:
        work.identity.adopt(clock())
    bootstrap.use_deps(replace(deps, config=config))
    yield folder
    bootstrap._built.clear()  # noqa: SLF001 - the next test has parts of its own


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """PostgreSQL's programs, of which a test replaces some by a script."""
    folder = tmp_path / "programs"
    folder.mkdir()
    real = dumps.packaged_postgres_programs()
    monkeypatch.setattr(dumps, "packaged_postgres_programs", lambda: folder)

    def install(**scripts: str) -> None:
        for name in ("pg_dump", "pg_restore", "psql"):
            script = scripts.get(name, f'exec {real / name} "$@"')
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(stat.S_IRWXU)

    return install


def notices(deps) -> list[str]:
    with deps.unit_of_work() as work:
        query = text("SELECT payload->>'text' FROM outbox WHERE kind = 'notice'")
        return list(work.session.connection().execute(query).scalars())


def backup_check(deps):
    return next(it for it in health.health_checks(deps) if it.name == "backup")


def overdue(deps) -> float:
    return health.health_figures(deps)["backup_overdue_seconds"]


def test_file_that_cannot_be_written_is_reported_once(deps, bank_with_backups, clock):
    with deps.unit_of_work() as work:
        name = f"{clock():%Y%m%dT%H%M%SZ}-{work.identity.backup_mark()}"
    bank_with_backups.mkdir()
    stamp = bank_with_backups / f"invo-booking-{name}.part"
    stamp.write_text("a file where the folder is to be")

    back_up_task.run()
    clock.advance(timedelta(minutes=10))
    back_up_task.run()

    (told,) = notices(deps)
    assert "cannot be written" in told
    assert not backup_check(deps).ok


@pytest.mark.usefixtures("bank_with_backups")
def test_missing_programs_are_reported(deps, monkeypatch):
    def missing() -> Path:
        raise RuntimeError("no such package")

    monkeypatch.setattr(dumps, "packaged_postgres_programs", missing)

    back_up_task.run()

    (told,) = notices(deps)
    assert "unexpected error (RuntimeError)" in told


def test_backup_that_takes_too_long_is_reported_and_its_program_killed(
    deps, bank_with_backups, programs
):
    programs(pg_dump="sleep 600")

    def interrupt(*_what: object) -> None:
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 3)
    try:
        back_up_task.run()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    (told,) = notices(deps)
    assert "took longer than 50 minutes" in told
    assert complete_backups(bank_with_backups) == []
    children = psutil.Process(os.getpid()).children(recursive=True)
    assert not [it for it in children if "pg_dump" in " ".join(it.cmdline())]


@pytest.mark.usefixtures("bank_with_backups")
def test_overdue_backup_is_a_figure_and_a_check(deps, clock):
    assert backup_check(deps).ok, "nobody has asked for backups yet"

    back_up_task.run()
    assert overdue(deps) == pytest.approx(-2 * 86400, abs=60)

    clock.advance(2 * DAY + timedelta(hours=3, minutes=5))
    assert overdue(deps) == pytest.approx(3 * 3600 + 300, abs=60)
    assert "overdue for 3 hours" in backup_check(deps).sentence
    assert notices(deps) == []


def test_old_backup_that_cannot_be_deleted_is_named(demo_url, tmp_path, monkeypatch):
    config = configured(demo_url, INVO_BACKUP_DIR=str(tmp_path), INVO_BACKUPS_KEPT="1")
    first = back_up_if_due(config, NOON)

    def refuse(path: Path, **_more: object) -> None:
        if path == first:
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(backup.shutil, "rmtree", refuse)
    with pytest.raises(BackupError, match="is complete, but an older one") as refused:
        back_up_if_due(config, NOON + DAY)

    assert str(first) in str(refused.value)
    assert len(complete_backups(tmp_path)) == 2


def test_backup_of_the_future_neither_counts_nor_is_deleted(demo_url, tmp_path):
    config = configured(
        demo_url, INVO_BACKUP_DIR=str(tmp_path), INVO_BACKUPS_KEPT="1", INVO_DEMO="0"
    )
    future = back_up_if_due(config, NOON + 30 * DAY)

    assert not backup_checkup(config, NOON).ok
    today = back_up_if_due(config, NOON)
    tomorrow = back_up_if_due(config, NOON + DAY)

    assert None not in (today, tomorrow)
    assert complete_backups(tmp_path) == [future, tomorrow]
    assert backup_checkup(config, NOON + DAY).ok


def test_reason_of_the_program_that_reads_a_dump_is_told(demo_backup, empty, tmp_path):
    target = empty()
    broken = damaged(demo_backup, tmp_path, dump=b"PGDMP but no more than that")

    with pytest.raises(BackupError, match="pg_restore: error"):
        backup.restore_backup(configured(target), target, broken)


def test_program_that_says_much_does_not_stop_a_restore(demo_backup, empty, programs):
    much = "head -c 300000 /dev/zero >&2; "
    real = dumps.packaged_postgres_programs
    programs(pg_restore=much + "exit 1", psql=much + "cat > /dev/null; exit 1")
    target = empty()
    assert real

    with pytest.raises(BackupError):
        backup.restore_backup(configured(target), target, demo_backup)


def test_copy_has_no_overdue_backup(deps, bank, clock):
    assert bank
    copies.record_backup_deadline(deps, clock() - DAY)
    assert not backup_check(deps).ok

    with deps.unit_of_work() as work:
        work.session.connection().execute(
            text(
                "INSERT INTO database_identity (id, identity, since) "
                "VALUES (1, 'another', now()) "
                "ON CONFLICT (id) DO UPDATE SET identity = 'another'"
            )
        )

    assert backup_check(deps).ok
