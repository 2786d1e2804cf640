"""Back up the database into a folder, and restore it into an empty database.

A backup is a folder with a dump and a description of the dump. The folder gets its
final name when both files are complete. The name ends with an identifier of the
database, because installations may share the folder of all backups. Each installation
counts and deletes only its own backups.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretBytes, ValidationError
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from invo_booking.config import Config
from invo_booking.persistence.upkeep.identity import DatabaseIdentity
from invo_booking.run import schema
from invo_booking.run.dumps import BackupError, dump_database, load_dump
from invo_booking.texts import say

_CLOCKS_APART = timedelta(hours=1)
"""How far the clock of the machine that made a backup may have been ahead."""

DUMP, DESCRIPTION = "database.dump", "backup.json"
_PREFIX = "invo-booking-"
_PART = ".part"
_CHUNK = 1 << 20
_KEY_LABEL = b"invo-booking backup key "


class BackupBusyError(BackupError):
    """Another backup of this database is being made in this folder."""


class Backup(BaseModel):
    """The description of a backup.

    Attributes:
        product: Version of Invo Booking that made the backup.
        revision: Revision of the database's schema.
        taken_at: Start of the backup, in UTC. The backup contains the data of this
            instant or of a few seconds later.
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
    """Make a consistent backup while customers and staff use the database.

    Args:
        config: Configuration; the description holds fingerprints of its secret keys.
        url: Address of the database.
        folder: Folder of all backups; created if missing, and then accessible only to
            the user of this process.
        now: The current instant in UTC, from which the backup gets its name.
        keep: How many backups of this database to keep, including the new backup; older
            backups are deleted.

    Returns:
        The folder of the new backup.

    Raises:
        BackupError: If another backup is being made, or the new backup fails: then
            there is no new folder, and earlier backups are unchanged. Also raised if
            the new backup is complete, but an older backup cannot be deleted.
    """
    mark = database_mark(url)
    with _one_at_a_time(folder, mark):
        return _take(config, url, folder / _name(mark, now), now, keep)


def restore_backup(
    config: Config, url: str, backup: Path, *, without_keys: bool = False
) -> Backup:
    """Restore a backup into an empty database and mark the database as a copy.

    No periodic task works on a copy. So no mail is sent and no calendar is written to
    until an operator releases the copy. One transaction restores everything; then the
    schema is migrated to the newest revision.

    Args:
        config: Configuration; its secret keys must include the keys of the backup.
        url: Address of the empty database.
        backup: Folder of the backup.
        without_keys: Whether to restore even if a key is missing.

    Raises:
        BackupError: If the backup is incomplete, damaged, or from a newer version, a
            key is missing, or the database is not empty. In all these cases nothing is
            changed.
    """
    description = read_backup(backup)
    _require_undamaged(backup, description)
    _require_known_revision(description)
    if not without_keys:
        _require_keys(config, description)
    _require_empty(url)
    load_dump(url, backup / DUMP, description.taken_at)
    schema.migrate_schema(url)
    return description


def back_up_if_due(config: Config, now: datetime) -> Path | None:
    """Back up the configured database if its newest backup is old enough.

    Returns:
        The folder of the new backup; ``None`` if no backup is due, another process is
        making a backup, or no folder for backups is configured.

    Raises:
        BackupError: If the backup fails.
    """
    folder = config.backup_dir
    if folder is None:
        return None
    url, mark = config.database_url, database_mark(config.database_url)
    try:
        with _one_at_a_time(folder, mark):
            newest = newest_backup(folder, now, mark)
            if newest and now - newest.taken_at < timedelta(hours=config.backup_hours):
                return None
            new = folder / _name(mark, now)
            return _take(config, url, new, now, config.backups_kept)
    except BackupBusyError:
        return None


def database_mark(url: str) -> str:
    """Return the identifier in the names of a database's backups, in hexadecimal.

    Raises:
        BackupError: If the database cannot be reached.
    """
    engine = create_engine(url, connect_args={"connect_timeout": 5})
    try:
        with Session(engine) as session:
            return DatabaseIdentity(session).backup_mark()
    except OperationalError as error:
        raise BackupError(_unreachable(error)) from error
    finally:
        engine.dispose()


def backup_deadline(config: Config, newest: Backup) -> datetime:
    """Return when a new backup is overdue: two intervals after the newest backup."""
    return newest.taken_at + 2 * timedelta(hours=config.backup_hours)


def newest_backup(folder: Path, now: datetime, mark: str = "*") -> Backup | None:
    """Return the description of the newest readable backup, or ``None``.

    A backup whose time is in the future is ignored: when the backup was made, the clock
    was wrong.

    Args:
        folder: Folder of all backups.
        now: The current instant.
        mark: Identifier of the database whose backups count; by default, the backups of
            all databases count.
    """
    for backup in complete_backups(folder, mark):
        with suppress(BackupError):
            description = read_backup(backup)
            if description.taken_at <= now + _CLOCKS_APART:
                return description
    return None


def complete_backups(folder: Path, mark: str = "*") -> list[Path]:
    """Return the complete backups of one database or of all, newest first.

    Old versions of the product did not put the database's identifier into the name;
    their backups belong to no database.
    """
    ending = "*" if mark == "*" else f"*-{mark}"
    described = folder.glob(f"{_PREFIX}{ending}/{DESCRIPTION}")
    complete = (it.parent for it in described if not it.parent.name.endswith(_PART))
    return sorted(complete, key=lambda it: it.name, reverse=True)


def read_backup(backup: Path) -> Backup:
    """Return the description of a backup.

    Raises:
        BackupError: If the folder contains no complete backup.
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
def _one_at_a_time(folder: Path, mark: str) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / f".lock-{mark}").open("w")
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


def _name(mark: str, now: datetime) -> str:
    return f"{_PREFIX}{now:%Y%m%dT%H%M%SZ}-{mark}"


def _take(config: Config, url: str, backup: Path, now: datetime, keep: int) -> Path:
    try:
        _write_new(config, url, backup, now)
    except OSError as error:
        sentence = say("operator.backup.not_written", reason=_reason(error))
        raise BackupError(sentence) from error
    try:
        for old in _superfluous(backup, keep):
            shutil.rmtree(old)
    except OSError as error:
        reason = _reason(error)
        sentence = say("operator.backup.not_deleted", backup=backup, reason=reason)
        raise BackupError(sentence) from error
    return backup


def _superfluous(newest: Path, keep: int) -> list[Path]:
    """Return the backups to delete; backups dated after ``newest`` are kept."""
    own = complete_backups(newest.parent, _mark_of(newest))
    return [it for it in own if it.name <= newest.name][keep:]


def _mark_of(backup: Path) -> str:
    return backup.name.rpartition("-")[2]


def _reason(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


def _write_new(config: Config, url: str, backup: Path, now: datetime) -> None:
    folder = backup.parent
    for leftover in folder.glob(f"{_PREFIX}*-{_mark_of(backup)}{_PART}"):
        shutil.rmtree(leftover)
    draft = backup.with_name(f"{backup.name}{_PART}")
    draft.mkdir(mode=0o700)
    try:
        _write_backup(config, url, draft, now)
        draft.rename(backup)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _sync(folder)


def _write_backup(config: Config, url: str, draft: Path, now: datetime) -> None:
    revision = schema.current_schema_revision(url)
    if revision is None:
        raise BackupError(say("operator.backup.database_empty"))
    dump = draft / DUMP
    dump.touch(mode=0o600)
    dump_database(url, dump)
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
        raise BackupError(_unreachable(error)) from error
    finally:
        engine.dispose()
    if tables:
        raise BackupError(say("operator.backup.database_not_empty"))


def _unreachable(error: OperationalError) -> str:
    reason = str(error.orig).strip().split("\n", 1)[0]
    return say("operator.backup.database_unreachable", reason=reason)


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
