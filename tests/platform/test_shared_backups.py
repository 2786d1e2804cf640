"""Several installations use one folder of backups, and none notices the others."""

import fcntl
from datetime import timedelta

import pytest
from sqlalchemy import text

from invo_booking.run import checkup
from invo_booking.run.backup import (
    back_up_if_due,
    complete_backups,
    database_mark,
    take_backup,
)
from invo_booking.run.checkup import backup_checkup
from invo_booking.tasks.upkeep import back_up_task
from tests.platform.test_backup import DAY, NOON, configured, demo_url, empty
from tests.platform.test_failed_backup import bank_with_backups, overdue

__all__ = ["bank_with_backups", "demo_url", "empty"]


@pytest.fixture
def other(empty):
    """Address of the database of another installation, without customers."""
    url = empty()
    checkup.schema.migrate_schema(url)
    return url


def shared(url, folder):
    return configured(
        url, INVO_BACKUP_DIR=str(folder), INVO_BACKUPS_KEPT="2", INVO_DEMO="0"
    )


def test_each_installation_backs_up_when_due_and_keeps_its_own(
    demo_url, other, tmp_path
):
    made = {url: [] for url in (demo_url, other)}

    for day in range(4):
        for url, own in made.items():
            own.append(back_up_if_due(shared(url, tmp_path), NOON + day * DAY))

    for url, own in made.items():
        assert None not in own
        assert complete_backups(tmp_path, database_mark(url)) == own[:-3:-1]
    assert len(complete_backups(tmp_path)) == 4


def test_backup_of_another_installation_is_not_ours_for_doctor(
    demo_url, other, tmp_path
):
    config = shared(demo_url, tmp_path)
    assert back_up_if_due(shared(other, tmp_path), NOON)

    without = backup_checkup(config, NOON, database_mark(demo_url))
    back_up_if_due(config, NOON)
    with_own = backup_checkup(config, NOON + DAY, database_mark(demo_url))

    assert (without.ok, with_own.ok) == (False, True)
    assert "1 more backup in the folder is of another database" in without.sentence
    assert "1 more backup" in with_own.sentence


def test_deadline_that_health_reports_is_that_of_our_own_backup(
    deps, bank_with_backups, other, clock
):
    back_up_task.run()
    clock.advance(timedelta(hours=12))
    take_backup(configured(other), other, bank_with_backups, clock(), keep=1)

    back_up_task.run()

    assert overdue(deps) == pytest.approx(-36 * 3600, abs=60)


def test_backup_that_another_installation_is_making_is_left_alone(
    demo_url, other, tmp_path
):
    mark = database_mark(other)
    draft = tmp_path / f"invo-booking-20261123T120000Z-{mark}.part"
    draft.mkdir()
    with (tmp_path / f".lock-{mark}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert back_up_if_due(shared(demo_url, tmp_path), NOON)

    assert draft.exists()


def test_backups_of_versions_without_a_mark_are_kept_and_named(demo_url, tmp_path):
    config = shared(demo_url, tmp_path)
    made = back_up_if_due(config, NOON)
    unmarked = made.rename(tmp_path / "invo-booking-20261124T120000Z")

    for day in range(1, 5):
        assert back_up_if_due(config, NOON + day * DAY)

    assert unmarked in complete_backups(tmp_path)
    found = backup_checkup(config, NOON + 4 * DAY, database_mark(demo_url))
    assert "1 more backup" in found.sentence


def test_databases_of_one_number_have_marks_of_their_own_where_clusters_are_hidden(
    deps, clock
):
    marks = []

    for _ in range(2):
        with deps.unit_of_work() as work:
            clock.advance(timedelta(seconds=1))
            work.identity.adopt(clock())
            connection = work.session.connection()
            connection.execute(text("CREATE ROLE hidden"))
            connection.execute(text("GRANT SELECT ON database_identity TO hidden"))
            revoke = "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC"
            connection.execute(text(revoke))
            connection.execute(text("SET LOCAL ROLE hidden"))
            marks.append(work.identity.backup_mark())
            work.session.rollback()

    assert len(set(marks)) == 2
