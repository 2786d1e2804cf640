"""What an operator types to check the audit log, and reads."""

import re

import pytest
from sqlalchemy import text

from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.usecases.upkeep import audit_seals
from tests.support.command_line import run_command
from tests.support.keys import SECRET_KEYS

HEAD = re.compile(r"(\d+):[0-9a-f]{64}")


@pytest.fixture
def typed(deps):
    """Run `invo-booking audit` as an operator types it."""

    def run(*arguments, keys=SECRET_KEYS):
        return run_command(
            "audit",
            *arguments,
            INVO_DATA_DIR=str(deps.config.data_dir),
            INVO_DATABASE_URL=deps.config.database_url,
            INVO_SECRET_KEYS=keys,
        )

    return run


@pytest.fixture
def trail(deps):
    """Six sealed entries."""
    with deps.unit_of_work() as work:
        for number in range(6):
            thing = ("appointment", f"a{number}")
            work.audit.add(AuditEntry.by("customer", "requested", thing, deps.now()))
    audit_seals.seal_audit_entries(deps)
    return deps


def tamper(deps, *statements):
    """Do what only a superuser can, who switches the triggers off."""
    with deps.unit_of_work() as work:
        connection = work.session.connection()
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.usefixtures("trail")
def test_whole_log_is_said_to_be_whole_with_its_head(typed):
    ended, head = typed("verify"), typed("head")

    assert (ended.returncode, ended.stderr) == (0, "")
    told = ended.stdout.splitlines()
    assert told[0] == "All 6 sealed entries are complete and unchanged."
    assert told[1].startswith("Not sealed yet: 0.")
    assert HEAD.fullmatch(head.stdout.strip())
    assert told[2] == f"Head: {head.stdout.strip()}"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE audit SET actor = 'nobody' WHERE seal = 3",
            "Entry 3 was changed, moved or recomputed.",
        ),
        ("DELETE FROM audit WHERE seal = 3", "Entry 3 is missing."),
        ("DELETE FROM audit WHERE seal > 4", "Entry 5 is missing."),
        ("TRUNCATE audit", "Entry 1 is missing."),
    ],
)
def test_what_somebody_changed_or_cut_off_is_named(trail, typed, statement, told):
    tamper(trail, statement)

    ended = typed("verify")

    assert ended.returncode == 1
    assert told in ended.stdout.splitlines()
    assert "All " not in ended.stdout


def test_head_kept_elsewhere_finds_a_log_that_began_anew(trail, typed):
    kept = typed("head").stdout.strip()
    assert typed("verify", "--head", kept).returncode == 0

    tamper(trail, "TRUNCATE audit", "TRUNCATE audit_head")

    assert typed("verify").returncode == 0  # as in a new installation
    ended = typed("verify", "--head", kept)
    assert ended.returncode == 1
    assert "Entry 6 " in ended.stdout


@pytest.mark.parametrize("head", ["6", "six:4f0c", ":4f0c"])
def test_head_that_is_none_is_a_sentence(typed, head):
    ended = typed("verify", "--head", head)

    assert ended.returncode == 2
    assert "must be PLACE:HASH" in " ".join(ended.stderr.split())


def test_log_without_a_sealed_entry_has_no_head(typed):
    ended = typed("head")

    assert (ended.returncode, ended.stdout) == (1, "Nothing is sealed yet.\n")


@pytest.mark.usefixtures("trail")
def test_key_that_is_gone_is_named(typed):
    ended = typed("verify", keys="new:" + "a1" * 32)

    assert ended.returncode == 1
    assert "no longer has the key “test”" in ended.stdout


@pytest.mark.usefixtures("trail")
def test_sealing_that_needs_no_restart_is_left_as_it_is(typed):
    ended = typed("restart")

    assert ended.returncode == 1
    assert "nothing was changed" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_restart_leaves_a_gap_that_every_check_shows(trail, typed):
    tamper(trail, "DELETE FROM audit_head")
    broken, ended = typed("verify"), typed("restart")
    audit_seals.seal_audit_entries(trail)
    after = typed("verify")

    assert (broken.returncode, ended.returncode, after.returncode) == (1, 0, 1)
    assert "The head of the chain was removed." in broken.stdout
    assert "Place 7 stays empty" in ended.stdout
    assert "Entry 7 is missing." in after.stdout.splitlines()
