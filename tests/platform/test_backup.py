"""What was backed up is restored whole, and a restored copy sends nothing by itself."""

import fcntl
import json
import os
from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg
import pytest
from alembic.config import Config as AlembicConfig
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from alembic import command
from invo_booking.config import PROJECT, load_config
from invo_booking.demo.institution import create_demo
from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run import backup
from invo_booking.run.backup import (
    DESCRIPTION,
    DUMP,
    BackupBusyError,
    BackupError,
    back_up_if_due,
    complete_backups,
    database_mark,
    restore_backup,
    take_backup,
)
from invo_booking.run.checkup import backup_checkup
from invo_booking.run.dumps import database_program
from invo_booking.run.schema import migrate_schema, newest_schema_revision
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import copies, health
from tests.conftest import _address, _admin
from tests.support.command_line import run_command
from tests.support.fakes import Postbox
from tests.support.keys import SECRET_KEYS

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OTHER_KEY = f"other:{'b2' * 32}"
_NUMBERS = count()


@pytest.fixture
def empty(postgres_url):
    """Addresses of databases without any table, dropped at the end."""
    made = []

    def make() -> str:
        name = f"invo_empty_{os.getpid()}_{next(_NUMBERS)}"
        _admin(postgres_url, f"CREATE DATABASE {name}")
        made.append(name)
        return _address(postgres_url, name)

    yield make
    for name in made:
        _admin(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def demo_url(postgres_url, template):
    """Address of the demo, in a database that no test changes."""
    name = f"invo_demo_{os.getpid()}"
    _admin(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    url = _address(postgres_url, name)
    with parts(url) as deps:
        assert create_demo(deps)
        with deps.unit_of_work() as work:
            assert not work.identity.is_copy(NOON)
    yield url
    _admin(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def demo_backup(demo_url, tmp_path_factory):
    """A backup of the demo, which tests copy before they damage it."""
    folder = tmp_path_factory.mktemp("backups")
    return take_backup(configured(demo_url), demo_url, folder, NOON, keep=5)


def configured(url, **variables):
    given = {"INVO_DATABASE_URL": url, "INVO_SECRET_KEYS": SECRET_KEYS}
    return load_config({**given, "INVO_DEMO": "1", **variables})


class parts:  # noqa: N801 - used like a function
    """The product's parts on a database."""

    def __init__(self, url):
        self.engine = make_engine(url)
        config = configured(url)
        self.deps = Deps(
            config=config,
            begin=unit_of_work(self.engine, config.mail_link_key),
            now=utc_now,
            mailer=Postbox(),
            wake=lambda: None,
        )

    def __enter__(self):
        return self.deps

    def __exit__(self, *_trouble):
        self.engine.dispose()


def rows(url, *without):
    """Return all rows of all tables, as text."""
    engine = create_engine(url)
    with engine.connect() as connection:
        names = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        found = {
            name: connection.execute(
                text(f'SELECT t::text FROM "{name}" t ORDER BY 1')  # noqa: S608
            ).all()
            for name in names
            if name not in without
        }
    engine.dispose()
    return found


def damaged(demo_backup, tmp_path, *, dump=None, **changed):
    """Return a copy of a backup with another dump, or another description."""
    folder = tmp_path / "damaged"
    folder.mkdir()
    described = json.loads((demo_backup / DESCRIPTION).read_text()) | changed
    content = (demo_backup / DUMP).read_bytes()
    (folder / DUMP).write_bytes(content if dump is None else dump)
    if dump is not None and "sha256" not in changed:
        described["sha256"] = backup._digest(folder / DUMP)  # noqa: SLF001
    (folder / DESCRIPTION).write_text(json.dumps(described))
    return folder


def test_every_row_of_every_table_is_restored(demo_url, demo_backup, empty):
    target = empty()

    found = restore_backup(configured(target), target, demo_backup)

    assert found.taken_at == NOON
    assert rows(target, "database_identity") == rows(demo_url, "database_identity")
    assert sum(map(len, rows(target).values())) > 100


def test_restored_database_is_a_copy_until_it_is_released(demo_url, demo_backup, empty):
    target = empty()
    restore_backup(configured(target), target, demo_backup)

    with parts(demo_url) as original:
        assert copies.held_back(original) is None
    with parts(target) as deps:
        held = copies.held_back(deps)
        with deps.unit_of_work() as work:
            assert "November 24, 2026, 12:00 UTC" in copies.copy_sentence(work)
            waiting = work.outbox.count("open")
        assert (held.backup_at, held.mails) == (NOON, waiting)
        check = next(it for it in health.health_checks(deps) if it.name == "copy")
        assert (check.ok, check.needed) == (False, False)

        copies.release_copy(deps, drop_mails=False)

        assert copies.held_back(deps) is None
        assert all(it.ok for it in health.health_checks(deps) if it.name == "copy")
        with deps.unit_of_work() as work:
            assert work.outbox.count("open") == waiting


def test_mails_of_a_copy_are_dropped_if_the_operator_says_so(demo_backup, empty):
    target = empty()
    restore_backup(configured(target), target, demo_backup)

    with parts(target) as deps:
        with deps.unit_of_work() as work:
            work.outbox.add("notice", {}, now=NOON)
        assert copies.held_back(deps).mails > 0
        copies.release_copy(deps, drop_mails=True)

        with deps.unit_of_work() as work:
            assert work.outbox.count("open") == 0


def test_database_that_another_program_copied_is_a_copy_too(
    demo_url, empty, postgres_url
):
    name = make_url(empty()).database
    _admin(postgres_url, f"DROP DATABASE {name}")
    source = make_url(demo_url).database
    _admin(postgres_url, f"CREATE DATABASE {name} TEMPLATE {source}")

    with parts(_address(postgres_url, name)) as deps:
        held = copies.held_back(deps)

    assert held is not None
    assert held.backup_at is None


def test_backup_restored_into_its_former_database_is_a_copy(own_database_url, tmp_path):
    with parts(own_database_url) as deps, deps.unit_of_work() as work:
        work.identity.adopt(NOON)
    config = configured(own_database_url)
    made = take_backup(config, own_database_url, tmp_path, NOON, keep=1)
    _admin(own_database_url, "DROP SCHEMA public CASCADE")
    _admin(own_database_url, "CREATE SCHEMA public")

    restore_backup(config, own_database_url, made)

    with parts(own_database_url) as deps, deps.unit_of_work() as work:
        assert work.identity.is_copy(NOON)


def test_backup_of_an_earlier_version_is_migrated(empty, tmp_path):
    source, target = empty(), empty()
    settings = AlembicConfig(toml_file=PROJECT / "pyproject.toml")
    settings.attributes["url"] = source
    command.upgrade(settings, "0045")
    made = take_backup(configured(source), source, tmp_path, NOON, keep=1)

    restore_backup(configured(target), target, made)

    assert migrate_schema(target) == (newest_schema_revision(),) * 2


def test_what_cannot_be_restored_is_refused_and_nothing_is_changed(
    demo_backup, empty, tmp_path
):
    target = empty()
    config = configured(target)
    other = configured(target, INVO_SECRET_KEYS=OTHER_KEY)
    content = (demo_backup / DUMP).read_bytes()

    def refusal(folder, config=config):
        with pytest.raises(BackupError) as refused:
            restore_backup(config, target, folder)
        for file in folder.glob("*") if folder != demo_backup else ():
            file.unlink()
        if folder != demo_backup and folder.exists():
            folder.rmdir()
        return str(refused.value)

    assert "not a complete backup" in refusal(tmp_path / "nothing")
    assert "damaged" in refusal(damaged(demo_backup, tmp_path, sha256="00"))
    assert "Install that version" in refusal(
        damaged(demo_backup, tmp_path, revision="9999", product="9.0")
    )
    assert "secret key" in refusal(demo_backup, other)
    cut = damaged(demo_backup, tmp_path, dump=content[: len(content) // 2])
    assert "Nothing was restored" in refusal(cut)
    assert rows(target) == {}

    restore_backup(other, target, demo_backup, without_keys=True)
    before = rows(target)
    assert "not empty" in refusal(demo_backup)
    assert rows(target) == before


def test_unreachable_databases_are_named_and_leave_no_backup(tmp_path, demo_backup):
    nowhere = "postgresql+psycopg://u@127.0.0.1:1/d"

    with pytest.raises(BackupError, match="cannot be reached"):
        restore_backup(configured(nowhere), nowhere, demo_backup)
    with pytest.raises(Exception, match="cannot be reached"):
        take_backup(configured(nowhere), nowhere, tmp_path / "b", NOON, keep=1)
    assert complete_backups(tmp_path / "b") == []
    assert not (tmp_path / "b").exists()


def test_backup_that_is_cut_off_leaves_the_older_ones(
    own_database_url, tmp_path, postgres_url
):
    config = configured(own_database_url)
    first = take_backup(config, own_database_url, tmp_path, NOON, keep=1)
    with psycopg.connect(str(own_database_url).replace("+psycopg", "")) as holder:
        holder.execute("LOCK TABLE appointment IN ACCESS EXCLUSIVE MODE")
        _admin(
            postgres_url,
            "ALTER DATABASE "
            f"{make_url(own_database_url).database} SET statement_timeout = '200ms'",
        )

        with pytest.raises(BackupError, match="The backup was not made"):
            take_backup(config, own_database_url, tmp_path, NOON + DAY, keep=1)

    assert complete_backups(tmp_path) == [first]
    assert {it.name for it in tmp_path.glob("[!.]*")} == {first.name}


def test_leftover_of_a_killed_backup_is_removed_and_is_no_backup(demo_url, tmp_path):
    name = f"invo-booking-20261123T120000Z-{database_mark(demo_url)}.part"
    leftover = tmp_path / name
    leftover.mkdir()
    (leftover / DESCRIPTION).write_text("{}")
    assert complete_backups(tmp_path) == []

    made = take_backup(configured(demo_url), demo_url, tmp_path, NOON, keep=1)

    assert not leftover.exists()
    assert complete_backups(tmp_path) == [made]


def test_only_one_backup_is_made_at_a_time(demo_url, tmp_path):
    config = configured(demo_url, INVO_BACKUP_DIR=str(tmp_path))
    with (tmp_path / f".lock-{database_mark(demo_url)}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(BackupBusyError, match="Wait until it is complete"):
            take_backup(config, demo_url, tmp_path, NOON, keep=1)
        assert back_up_if_due(config, NOON) is None

    assert back_up_if_due(config, NOON) is not None


def test_backups_are_made_when_due_and_the_newest_are_kept(demo_url, tmp_path):
    config = configured(
        demo_url,
        INVO_BACKUP_DIR=str(tmp_path),
        INVO_BACKUP_HOURS="24",
        INVO_BACKUPS_KEPT="2",
    )

    first = back_up_if_due(config, NOON)
    early = back_up_if_due(config, NOON + DAY - timedelta(minutes=1))
    later = [back_up_if_due(config, NOON + number * DAY) for number in (1, 2)]

    assert first is not None
    assert early is None
    assert complete_backups(tmp_path) == [later[1], later[0]]
    assert back_up_if_due(configured(demo_url), NOON) is None


def test_backup_that_cannot_be_read_counts_as_none(demo_url, tmp_path):
    config = configured(demo_url, INVO_BACKUP_DIR=str(tmp_path))
    unreadable = back_up_if_due(config, NOON)
    (unreadable / DESCRIPTION).write_text("{")

    assert not backup_checkup(config, NOON).ok
    assert back_up_if_due(config, NOON + timedelta(minutes=10)) is not None
    assert backup_checkup(config, NOON + timedelta(minutes=10)).ok


def test_doctor_checks_that_the_newest_backup_is_young_enough(demo_url, tmp_path):
    config = configured(demo_url, INVO_BACKUP_DIR=str(tmp_path), INVO_DEMO="0")
    assert not backup_checkup(config, NOON).ok

    back_up_if_due(config, NOON)

    assert backup_checkup(config, NOON + 2 * DAY - timedelta(minutes=1)).ok
    late = backup_checkup(config, NOON + 2 * DAY)
    assert not late.ok
    assert "November 24, 2026, 12:00 UTC" in late.sentence
    unset = backup_checkup(configured(demo_url, INVO_DEMO="0"), NOON)
    assert (unset.ok, unset.is_warning) == (False, True)


def test_backups_are_for_our_user_only_and_hold_no_secret_key(demo_backup):
    assert demo_backup.stat().st_mode & 0o077 == 0
    for file in demo_backup.iterdir():
        assert file.stat().st_mode & 0o077 == 0
    described = (demo_backup / DESCRIPTION).read_text()
    for key in SECRET_KEYS.split(","):
        assert key.partition(":")[2] not in described


def test_password_of_the_database_is_not_in_a_command_line():
    url = "postgresql+psycopg://u:pa%20ss@db.bank.example/invo?sslmode=require"

    line, environment = database_program("pg_dump", url)

    assert environment["PGPASSWORD"] == "pa ss"
    assert not any("pa%20ss" in it or "pa ss" in it for it in line)
    assert "--dbname=postgresql://u@db.bank.example/invo?sslmode=require" in line


def test_operator_backs_up_restores_and_releases(demo_url, empty, tmp_path):
    target = empty()
    variables = {"INVO_DATA_DIR": str(tmp_path), "INVO_SECRET_KEYS": SECRET_KEYS}

    def invo(url, *arguments):
        return run_command(*arguments, INVO_DATABASE_URL=url, **variables)

    made = invo(demo_url, "backup", "--to", str(tmp_path / "safe"))
    folder = made.stdout.split(" is complete")[0]
    assert "The secret keys are not in it." in made.stdout
    assert "It is a copy" in invo(target, "restore", folder).stdout
    assert "not empty" in invo(target, "restore", folder).stderr
    ended = invo(target, "release")
    assert ended.stderr == ""
    listed = ended.stdout
    assert "Mails to send:" in listed
    assert "Nothing was released" in listed
    assert "bad" in invo(target, "doctor").stdout
    assert "Released." in invo(target, "release", "--yes").stdout
    assert "nothing to release" in invo(target, "release").stdout
