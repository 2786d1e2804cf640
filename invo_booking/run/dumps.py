"""Dump a database to a file and load it again with PostgreSQL's own programs."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url

from invo_booking.persistence.upkeep.identity import RESTORED_COPY
from invo_booking.run.leash import leash_command
from invo_booking.run.postgres_programs import packaged_postgres_programs
from invo_booking.texts import say

_CHUNK = 1 << 20
_MOST_ERROR_BYTES = 65_536
_TO_STATEMENTS = ["--no-owner", "--no-privileges", "--no-comments", "--file=-"]
_IN_ONE_TRANSACTION = [
    "--no-psqlrc",
    "--quiet",
    "--single-transaction",
    "--set=ON_ERROR_STOP=1",
    "--file=-",
]


class BackupError(Exception):
    """A backup cannot be made or restored; the message says why and what to do."""


def dump_database(url: str, file: Path) -> None:
    """Dump a database to a file.

    The dump program is stopped when this process ends or when the wait for the dump
    is interrupted, for example by a time limit.

    Raises:
        BackupError: If the program fails; the message says why.
    """
    options = [
        "--format=custom",
        "--compress=gzip:1",
        "--no-owner",
        "--no-privileges",
        "--lock-wait-timeout=30s",
        f"--file={file}",
    ]
    command, environment = database_program("pg_dump", url)
    line = leash_command(
        [*_after_customers(), *command, *options], on_parent_death=signal.SIGKILL
    )
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 - our own command line
            line, env=environment, stderr=errors
        ) as process,
        _kill_if_interrupted(process),
    ):
        _require_success(process, errors, say("operator.backup.failed"))


def load_dump(url: str, dump: Path, taken_at: datetime) -> None:
    """Load a dump and mark the database as a copy, in one transaction.

    pg_restore writes the statements and psql executes them. psql commits only after all
    statements and the mark.

    Raises:
        BackupError: If one of the programs fails; the message says why.
    """
    what = say("operator.backup.restoring_failed")
    reader = [str(packaged_postgres_programs() / "pg_restore"), *_TO_STATEMENTS]
    command, environment = database_program("psql", url)
    with (
        tempfile.TemporaryFile() as read_errors,
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 - our own command line
            [*reader, str(dump)], stdout=subprocess.PIPE, stderr=read_errors
        ) as restore,
        subprocess.Popen(  # noqa: S603 - our own command line
            [*command, *_IN_ONE_TRANSACTION],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as execute,
        _kill_if_interrupted(execute),
    ):
        assert restore.stdout and execute.stdin  # noqa: S101, PT018 - both are pipes
        try:
            shutil.copyfileobj(restore.stdout, execute.stdin, _CHUNK)
            _require_success(restore, read_errors, what)
            mark = RESTORED_COPY.format(backup_at=taken_at.isoformat())
            execute.stdin.write(mark.encode())
            execute.stdin.close()
        except BrokenPipeError:  # psql has ended with an error, which is raised below
            restore.kill()
        _require_success(execute, errors, what)


def database_program(name: str, url: str) -> tuple[list[str], dict[str, str]]:
    """Return the command line and environment of a PostgreSQL client program.

    The password is in the environment, because other users can read command lines.
    """
    address = make_url(url)
    environment = dict(os.environ)
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    place = address._replace(drivername="postgresql", password=None)
    program = packaged_postgres_programs() / name
    return [str(program), "--no-password", f"--dbname={place}"], environment


def _after_customers() -> list[str]:
    """Return the command that gives a program lower priority than web processes.

    Compressing a dump uses a whole core. The result is empty if the system has no such
    command.
    """
    nice = shutil.which("nice")
    return [nice, "-n", "5"] if nice else []


@contextmanager
def _kill_if_interrupted(process: subprocess.Popen[bytes]) -> Generator[None]:
    """Kill a program if the ``with`` block fails, instead of waiting for its end."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


def _require_success(
    process: subprocess.Popen[bytes], errors: IO[bytes], what: str
) -> None:
    if process.wait():
        errors.seek(0)
        text = errors.read(_MOST_ERROR_BYTES).decode(errors="replace")
        lines = text.strip().splitlines()
        reason = lines[0] if lines else say("operator.backup.stopped")
        raise BackupError(f"{what}: {reason}")
