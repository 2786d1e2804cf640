"""The version before works on this version's schema, as it must during an upgrade.

Its own code and its own invariants are taken from the history of the repository: the
last commit before the newest migration. Only the migrations are those of today.
"""

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from invo_booking.config import PROJECT
from invo_booking.run.schema import newest_schema_revision

VERSIONS = Path("alembic") / "versions"
NEEDED = ("invo_booking", "alembic", "tests", "pyproject.toml", "rxconfig.py", "assets")
SUITE = (
    "tests/concurrency/test_random_operations.py",
    "tests/usecases/test_booking.py",
    "tests/usecases/test_delivery.py",
)
OPERATIONS = "150"
ADVICE = "the history of the repository is cut off: run git fetch --unshallow"


MAIN_LINE = (
    *("-1", "--no-patch", "--first-parent"),
    *("--diff-merges=first-parent", "--diff-filter=A"),
)
"""Commits that added a file, a merge counting for all that it brought."""


def git(*words: str) -> bytes:
    """Return what git says about this repository."""
    said = subprocess.run(
        ["git", *words], cwd=PROJECT, capture_output=True, check=False
    )
    assert said.returncode == 0, said.stderr.decode()
    return said.stdout


def newest_migration() -> Path:
    """Return the file of the newest migration."""
    (path,) = (PROJECT / VERSIONS).glob(f"{newest_schema_revision()}_*.py")
    return path.relative_to(PROJECT)


def version_before() -> str:
    """Return the last commit without the newest migration."""
    assert git("rev-parse", "--is-shallow-repository") == b"false\n", ADVICE
    added = git("log", *MAIN_LINE, "--format=%H", "--", newest_migration())
    return f"{added.decode().strip()}^" if added else "HEAD"


@pytest.fixture
def before(tmp_path) -> Path:
    """A checkout of the version before, with the migrations of today."""
    archive = git("archive", version_before(), "--", *NEEDED)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(tmp_path, filter="data")
    assert not (tmp_path / newest_migration()).exists(), "this is the version of today"
    shutil.rmtree(tmp_path / VERSIONS)
    shutil.copytree(PROJECT / VERSIONS, tmp_path / VERSIONS)
    return tmp_path


def test_invariants_of_the_version_before_hold_on_the_schema_of_today(before):
    ours = {"PYTHONPATH": str(before), "INVO_TEST_OPERATIONS": OPERATIONS}
    which = [sys.executable, "-c", "import invo_booking; print(invo_booking.__file__)"]
    suite = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUITE]

    place, passed = (
        subprocess.run(
            command,
            cwd=before,
            env={**os.environ, **ours},
            capture_output=True,
            text=True,
            check=False,
        )
        for command in (which, suite)
    )

    assert Path(place.stdout.strip()).is_relative_to(before), "not its own code ran"
    assert passed.returncode == 0, passed.stdout[-6_000:]
