"""Back up the database into a folder, and restore it into an empty database.

PostgreSQL's own programs read and write the data. A backup is a folder with a dump and
a description of the dump; the folder gets its final name when both are complete.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretBytes, ValidationError
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from invo_booking.config import Config
from invo_booking.persistence.upkeep.identity import RESTORED_COPY
from invo_booking.run import schema
from invo_booking.run.postgres_programs import packaged_postgres_programs
from invo_booking.texts import say

DUMP, DESCRIPTION = "database.dump", "backup.json"
_PREFIX = "invo-booking-"
_PART = ".part"
_CHUNK = 1 << 20
_KEY_LABEL = b"invo-booking backup key "
_AFTER_CUSTOMERS = ["nice", "-n", "5"]
"""Runs a program with lower priority than the ones that serve customers.

Compressing a dump uses a whole core.
"""

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


class BackupBusyError(BackupError):
    """Another backup is being made in this folder."""


class Backup(BaseModel):
    """The description of a backup.

    Attributes:
        product: Version of Invo Booking that made it.
        revision: Revision of the database's schema.
        taken_at: Start of the backup, in UTC. The data is as of this instant or up to
            a few seconds later.
        size: Size of the dump in bytes.
        sha256: Digest of the dump, in hexadecimal.
        keys: Fingerprints of the secret keys, by key id. Only these keys, which are not
            in the backup, can decrypt the stored secrets.
    """

    model_config = ConfigDict(frozen=True)

    product: str
    revision: str
    taken_at: datetime
    size: int
    sha256: str
    keys: dict[str, str]


def take_backup(
    config: Config, url: str, folder: Path, now: datetime, *, keep: int
) -> Path:
    """Back up the database as of one moment, while customers and staff use it.

    Args:
        config: Configuration; the description holds fingerprints of its secret keys.
        url: Address of the database.
        folder: Folder of all backups; created if missing, for our user only.
        now: The current instant in UTC, from which the backup gets its name.
        keep: How many backups to keep, including the new one; older ones are deleted.

    Returns:
        The folder of the new backup.

    Raises:
        BackupError: If another backup is being made, or the new one fails. Then there
            is no new folder, and earlier backups are unchanged.
    """
    with _one_at_a_time(folder):
        return _take(config, url, folder, now, keep)


def restore_backup(
    config: Config, url: str, backup: Path, *, without_keys: bool = False
) -> Backup:
    """Restore a backup into an empty database and mark the database as a copy.

    No periodic task works on a copy, so it sends no mail and writes to no calendar
    until an operator releases it. One transaction restores everything; then the schema
    is migrated to this version.

    Args:
        config: Configuration; its secret keys must include those of the backup.
        url: Address of the empty database.
        backup: Folder of the backup.
        without_keys: Whether to restore even if a key is missing.

    Raises:
        BackupError: If the backup is incomplete, damaged, or from a newer version, a
            key is missing, or the database is not empty. Then nothing is changed.
    """
    description = read_backup(backup)
    _require_undamaged(backup, description)
    _require_known_revision(description)
    if not without_keys:
        _require_keys(config, description)
    _require_empty(url)
    _load(url, backup / DUMP, description.taken_at)
    schema.migrate_schema(url)
    return description


def back_up_if_due(config: Config, now: datetime) -> Path | None:
    """Back up the configured database if the newest backup is old enough.

    Returns:
        The folder of the new backup; ``None`` if no backup is due, another process is
        making one, or no folder for backups is configured.

    Raises:
        BackupError: If the backup fails.
    """
    folder = config.backup_dir
    if folder is None:
        return None
    try:
        with _one_at_a_time(folder):
            if not is_backup_due(config, folder, now):
                return None
            return _take(config, config.database_url, folder, now, config.backups_kept)
    except BackupBusyError:
        return None


def is_backup_due(config: Config, folder: Path, now: datetime) -> bool:
    """Whether the newest complete backup in a folder is missing or too old."""
    newest = newest_backup(folder)
    limit = timedelta(hours=config.backup_hours)
    return newest is None or now - newest.taken_at >= limit


def newest_backup(folder: Path) -> Backup | None:
    """Return the description of the newest readable backup; ``None`` if none is."""
    for backup in complete_backups(folder):
        with suppress(BackupError):
            return read_backup(backup)
    return None


def complete_backups(folder: Path) -> list[Path]:
    """Return the complete backups in a folder, newest first."""
    described = folder.glob(f"{_PREFIX}*/{DESCRIPTION}")
    complete = (it.parent for it in described if not it.parent.name.endswith(_PART))
    return sorted(complete, key=lambda it: it.name, reverse=True)


def read_backup(backup: Path) -> Backup:
    """Return the description of a backup.

    Raises:
        BackupError: If the folder holds no complete backup.
    """
    try:
        return Backup.model_validate_json((backup / DESCRIPTION).read_bytes())
    except (OSError, ValidationError) as error:
        raise BackupError(say("operator.backup.incomplete", backup=backup)) from error


def key_fingerprints(keys: Mapping[str, SecretBytes]) -> dict[str, str]:
    """Return fingerprints of keys, by key id; they do not reveal the keys."""
    return {
        name: hashlib.sha256(_KEY_LABEL + key.get_secret_value()).hexdigest()[:16]
        for name, key in keys.items()
    }


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise BackupError(
            say(
                "operator.backup.folder_unusable",
                folder=folder,
                strerror=error.strerror,
            )
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupBusyError(
                say("operator.backup.running", folder=folder)
            ) from None
        yield


def _take(config: Config, url: str, folder: Path, now: datetime, keep: int) -> Path:
    for leftover in folder.glob(f"{_PREFIX}*{_PART}"):
        shutil.rmtree(leftover)
    backup = folder / f"{_PREFIX}{now:%Y%m%dT%H%M%SZ}"
    draft = backup.with_name(f"{backup.name}{_PART}")
    draft.mkdir(mode=0o700)
    try:
        _write_backup(config, url, draft, now)
        draft.rename(backup)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _sync(folder)
    for old in complete_backups(folder)[keep:]:
        shutil.rmtree(old)
    return backup


def _write_backup(config: Config, url: str, draft: Path, now: datetime) -> None:
    revision = schema.current_schema_revision(url)
    if revision is None:
        raise BackupError(say("operator.backup.database_empty"))
    dump = draft / DUMP
    dump.touch(mode=0o600)
    _dump(url, dump)
    _sync(dump)
    description = Backup(
        product=version("invo-booking"),
        revision=revision,
        taken_at=now,
        size=dump.stat().st_size,
        sha256=_digest(dump),
        keys=key_fingerprints(config.secret_keys),
    )
    file = draft / DESCRIPTION
    file.touch(mode=0o600)
    file.write_text(f"{description.model_dump_json(indent=2)}\n", encoding="utf-8")
    _sync(file)
    _sync(draft)


def _dump(url: str, file: Path) -> None:
    options = [
        "--format=custom",
        "--compress=gzip:1",
        "--no-owner",
        "--no-privileges",
        "--lock-wait-timeout=30s",
        f"--file={file}",
    ]
    command, environment = _program("pg_dump", url)
    with subprocess.Popen(  # noqa: S603 - our own command line
        [*_AFTER_CUSTOMERS, *command, *options],
        env=environment,
        stderr=subprocess.PIPE,
    ) as process:
        _require_success(process, say("operator.backup.failed"))


def _load(url: str, dump: Path, taken_at: datetime) -> None:
    """Restore a dump and mark the database as a copy, in one transaction.

    pg_restore writes the statements and psql executes them. psql commits only after all
    statements and the mark.
    """
    reader = [str(packaged_postgres_programs() / "pg_restore"), *_TO_STATEMENTS]
    command, environment = _program("psql", url)
    with (
        subprocess.Popen(  # noqa: S603 - our own command line
            [*reader, str(dump)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as restore,
        subprocess.Popen(  # noqa: S603 - our own command line
            [*command, *_IN_ONE_TRANSACTION],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as execute,
    ):
        assert restore.stdout and execute.stdin  # noqa: S101, PT018 - both are pipes
        try:
            shutil.copyfileobj(restore.stdout, execute.stdin, _CHUNK)
            if restore.wait():
                execute.kill()
            else:
                mark = RESTORED_COPY.format(backup_at=taken_at.isoformat())
                execute.stdin.write(mark.encode())
                execute.stdin.close()
        except BrokenPipeError:  # psql has ended with an error, which is raised below
            restore.kill()
        _require_success(execute, say("operator.backup.restoring_failed"))


def _program(name: str, url: str) -> tuple[list[str], dict[str, str]]:
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


def _require_success(process: subprocess.Popen[bytes], what: str) -> None:
    errors = process.stderr.read() if process.stderr else b""
    if process.wait():
        lines = errors.decode(errors="replace").strip().splitlines()
        reason = lines[0] if lines else say("operator.backup.stopped")
        raise BackupError(f"{what}: {reason}")


def _require_undamaged(backup: Path, description: Backup) -> None:
    dump = backup / DUMP
    if not dump.exists() or _digest(dump) != description.sha256:
        raise BackupError(say("operator.backup.damaged", dump=dump))


def _require_known_revision(description: Backup) -> None:
    if description.revision not in schema.known_revisions():
        raise BackupError(
            say(
                "operator.backup.unknown_schema",
                product=description.product,
                revision=description.revision,
            )
        )


def _require_keys(config: Config, description: Backup) -> None:
    ours = set(key_fingerprints(config.secret_keys).values())
    missing = [name for name, mark in description.keys.items() if mark not in ours]
    if missing:
        raise BackupError(say("operator.backup.key_missing", list=", ".join(missing)))


def _require_empty(url: str) -> None:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
    except OperationalError as error:
        reason = str(error.orig).strip().split("\n", 1)[0]
        raise BackupError(
            say("operator.backup.database_unreachable", reason=reason)
        ) from error
    finally:
        engine.dispose()
    if tables:
        raise BackupError(say("operator.backup.database_not_empty"))


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Wait until a file's contents, or a folder's entries, are written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
