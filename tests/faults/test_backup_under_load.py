"""Backups while customers book, and a backup whose process is killed."""

import os
import subprocess
import sys

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from invo_booking.config import PROJECT
from invo_booking.domain.clock import utc_now
from invo_booking.run.backup import complete_backups, restore_backup, take_backup
from tests.faults.test_killed_processes import forms
from tests.platform.test_backup import configured, empty
from tests.support.callers import Queue, booked_ids, statuses
from tests.support.invariants import check
from tests.support.keys import SECRET_KEYS
from tests.support.servers import until

__all__ = ["empty"]

CUSTOMERS = 60


def appointments_in(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM appointment")).scalar()
    engine.dispose()
    return found


def test_backup_made_while_customers_book_is_of_one_moment(
    house, today_bank, database_url, empty, tmp_path
):
    house.start_web()
    customers = Queue(house.url, forms(today_bank, CUSTOMERS))
    config, acknowledged, made = configured(database_url), [], []

    def back_up() -> None:
        if not made and len(customers.answers) >= 10:
            acknowledged.extend(booked_ids(list(customers.answers)))
            made.append(
                take_backup(config, database_url, tmp_path / "b", utc_now(), keep=1)
            )

    answers = house.during(customers.run, back_up)
    target = empty()
    restore_backup(configured(target), target, made[0])

    assert statuses(answers) == [201] * CUSTOMERS
    assert len(acknowledged) <= appointments_in(target) < CUSTOMERS
    check(target, acknowledged)
    check(database_url, booked_ids(answers))


@pytest.fixture
def locked(own_database_url):
    """A connection that holds the table of appointments, so that a dump waits."""
    with psycopg.connect(str(own_database_url).replace("+psycopg", "")) as holder:
        holder.execute("LOCK TABLE appointment IN ACCESS EXCLUSIVE MODE")
        yield holder


@pytest.fixture
def backing_up(locked, own_database_url, tmp_path):  # noqa: ARG001 - must be locked
    """A backup in a process of its own, which waits."""
    variables = {
        "INVO_DATABASE_URL": own_database_url,
        "INVO_SECRET_KEYS": SECRET_KEYS,
        "INVO_DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "invo_booking.cli", "backup", "--to"]
    process = subprocess.Popen(
        [*command, str(tmp_path / "b")], cwd=PROJECT, env=os.environ | variables
    )
    yield psutil.Process(process.pid)
    process.kill()
    process.wait()


def dumps_below(process: psutil.Process) -> list[psutil.Process]:
    """Return the running programs that dump a database for a process."""
    below = process.children(recursive=True)
    return [it for it in below if it.name() == "pg_dump"]


def has_ended(process: psutil.Process) -> bool:
    """Whether no thread of a process runs any more."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_killed_backup_leaves_no_program_and_the_next_one_is_complete(
    locked, backing_up, own_database_url, tmp_path
):
    folder = tmp_path / "b"
    until(lambda: bool(dumps_below(backing_up)))
    (dump,) = dumps_below(backing_up)

    backing_up.kill()
    until(lambda: all(has_ended(it) for it in (dump, backing_up)))
    left = list(folder.glob("*.part"))
    locked.rollback()
    own = configured(own_database_url)
    made = take_backup(own, own_database_url, folder, utc_now(), keep=1)

    assert len(left) == 1
    assert complete_backups(folder) == [made]
    assert not list(folder.glob("*.part"))
