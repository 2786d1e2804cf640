"""The product's own processes, started for a test on free ports and stopped after it.

They run under the product's own supervisor, so that what a test kills comes back the
way it does in production. Pages are left out: the web process serves the API alone.
"""

import fcntl
import os
import secrets
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, Self

import httpx
import psutil
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from invo_booking.config import PROJECT, Config, load_config
from invo_booking.run import instance
from invo_booking.run.embedded import Postgres, Server, Valkey
from invo_booking.run.frontend import serve_command
from invo_booking.run.schema import migrate_schema
from invo_booking.run.supervisor import CommandProgram, Supervisor
from tests.support.keys import SECRET_KEYS

PATIENCE = 300.0
"""Seconds after which waiting for a process is given up."""

PORTS = range(20_000, 32_000)
"""Below those that Linux and macOS give to connections."""

_FRESH = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
"""Asks over a new connection each time; ``httpx.get`` reads all authorities, too."""

_WAIT = threading.Event()  # never set: a pause that needs no clock


def without_pages(folder: Path) -> dict[str, str]:
    """Return what lets a web process serve Reflex's events without the built pages.

    As after a build, the process does not draw all pages when it starts.

    Args:
        folder: Where Reflex keeps its files; nothing needs to be there.
    """
    built = folder / "web" / "backend"
    built.mkdir(parents=True)
    (built / "stateful_pages.json").write_text("[]", encoding="ascii")
    return {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_WEB_WORKDIR": str(folder / "web"),
        "REFLEX_STATES_WORKDIR": str(folder / "states"),
    }


def free_port() -> int:
    """Return a port of loopback nobody listens on at the moment.

    It is none of those that the system gives to connections, so that it is still free
    when a server listens there a minute later.
    """
    while True:
        port = secrets.choice(PORTS)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of loopback at the moment."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


_RESERVATIONS = Path("/tmp")  # noqa: S108 - whatever TMPDIR says: each run sets its own


@contextmanager
def reserved_port(wanted: int) -> Iterator[int]:
    """Yield a port that no other process reserves while the block lasts.

    Between looking whether a port is free and listening there, a product builds its
    pages, which takes a minute.

    Args:
        wanted: The port to yield, unless it is reserved or in use.
    """
    with ExitStack() as held:
        is_ours = _reserve(wanted, held)
        yield wanted if is_ours and is_free(wanted) else free_port()


def _reserve(port: int, held: ExitStack) -> bool:
    """Reserve a port; return whether nobody else has reserved it."""
    place = _RESERVATIONS / f"invo-booking-test-port-{port}"
    try:
        lock = held.enter_context(place.open("a"))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # reserved, or the file of another user
        return False
    return True


def until(is_reached: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Look ten times a second until something is so.

    Raises:
        TimeoutError: If it is not so after ``patience`` seconds.
    """
    for _ in range(int(patience * 10)):
        if is_reached():
            return
        _WAIT.wait(0.1)
    raise TimeoutError(f"not reached within {patience:.0f} seconds")


class House:
    """A running Invo Booking, of as many programs as the test starts.

    Args:
        folder: Of logs and the embedded Valkey.
        database_url: A migrated database; empty if one of our own is started.
        smtp_port: Where mail goes.
        web_workers: Web processes behind the one port.
        variables: Further configuration, by full names such as ``INVO_DEMO``.
    """

    def __init__(
        self,
        folder: Path,
        database_url: str = "",
        *,
        smtp_port: int = 9,
        web_workers: int = 1,
        **variables: str,
    ) -> None:
        self.said: list[str] = []
        self.superuser_url = ""
        self._supervisor = Supervisor(folder, self.said.append, first_rest=0.3)
        self._afterwards = ExitStack()
        self._folder = folder
        self._variables = {
            "INVO_DATABASE_URL": database_url,
            "INVO_DATA_DIR": str(folder),
            "INVO_SECRET_KEYS": SECRET_KEYS,
            "INVO_RATE_LIMITS": "off",
            "INVO_SMTP_PORT": str(smtp_port),
            "INVO_SMTP_HOST": "127.0.0.1",
            "INVO_SMTP_SECURITY": "none",
            "INVO_MAIL_FROM": "appointments@harbor.example",
            "INVO_PORT": str(free_port()),
            "INVO_WEB_WORKERS": str(web_workers),
            "INVO_LOG_LEVEL": "warning",
            **variables,
        }

    def __enter__(self) -> Self:
        self._supervisor.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._supervisor.__exit__(*error)
        self._afterwards.close()

    @property
    def config(self) -> Config:
        """The deployment's configuration, as its processes read it."""
        return load_config(self._variables)

    @property
    def url(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.config.port}"

    def start_web(
        self,
        factory: str = "tests.support.api_alone:create",
        is_ready: Callable[[], bool] | None = None,
    ) -> None:
        """Start the API and wait until it takes bookings.

        Args:
            factory: Makes the application, as ``module:function``.
            is_ready: What to wait for instead.
        """
        command = [*serve_command(self.config)[:-1], factory]
        self._start("web", command, is_ready or self.is_up)

    def start_postgres(self) -> str:
        """Start a database of our own, migrated, and return the product's address."""
        server = Postgres(self._folder)
        self._start_server(server, "INVO_DATABASE_URL")
        server.settle()
        self.superuser_url = server.superuser_url
        migrate_schema(server.url)
        return server.url

    def start_valkey(self) -> None:
        """Start a separate broker; later processes use it."""
        self._start_server(Valkey(self._folder), "INVO_REDIS_URL")

    def start_worker(self) -> None:
        """Start a worker, and one for mail; each is ready when it first works."""
        self._start("worker", instance.worker_command(self.config))
        self._start("mail", instance.mail_worker_command(self.config))

    def start_beat(self) -> None:
        """Start the clock of the periodic tasks."""
        self._start("beat", instance.beat_command(self.config))

    def is_up(self) -> bool:
        """Whether bookings can be taken."""
        try:
            return _FRESH.get(f"{self.url}/readyz", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def kill(self, name: str) -> None:
        """``kill -9`` a program and all its children, as a power cut would."""
        leader = psutil.Process(self._supervisor.processes()[name])
        for process in [*leader.children(recursive=True), leader]:
            with suppress(psutil.NoSuchProcess):  # it ended by itself meanwhile
                process.kill()

    def tell(self, name: str, number: signal.Signals) -> None:
        """Send a program a signal."""
        os.kill(self._supervisor.processes()[name], number)

    def process_id(self, name: str) -> int:
        """Return a running program's process id."""
        return self._supervisor.processes()[name]

    def during(
        self, work: Callable[[], Any], disturb: Callable[[], None] = lambda: None
    ) -> Any:
        """Return what ``work`` returns; what dies meanwhile is started again.

        Args:
            work: Runs in a thread of its own.
            disturb: Called ten times a second meanwhile.
        """
        with ThreadPoolExecutor(1) as pool:
            future: Future[Any] = pool.submit(work)
            while not future.done():
                disturb()
                self._supervisor.look()
                _WAIT.wait(0.1)
            return future.result()

    def await_until(self, is_reached: Callable[[], bool]) -> None:
        """Wait for something while what dies is started again."""

        def look() -> bool:
            self._supervisor.look()
            return is_reached()

        until(look)

    def _start_server(self, server: Server, variable: str) -> None:
        server.prepare()
        self._afterwards.callback(server.release)
        self._supervisor.start(server)
        self._variables[variable] = server.url

    def _start(
        self, name: str, command: list[str], is_ready: Callable[[], bool] = lambda: True
    ) -> None:
        program = CommandProgram(
            name=name,
            command=command,
            environment=self.environment,
            log=self._folder / f"{name}.log",
            is_ready=is_ready,
        )
        self._supervisor.start(program, patience=PATIENCE)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of each program."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("INVO_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return inherited | self._variables | {"PATH": path, "PYTHONPATH": str(PROJECT)}


class MailSink:
    """A mail server on loopback that keeps what it takes.

    Attributes:
        refusals: SMTP answer to a recipient, by address, instead of taking the mail.
        on_arrival: Called with a mail in hand, before the sender is answered.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.refusals: dict[str, str] = {}
        self.messages: list[Any] = []
        self.on_arrival: Callable[[], None] = lambda: None
        self._controller: Controller | None = None

    def open(self) -> None:
        """Take mail."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Refuse connections, as a mail server that is down."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def ids(self) -> Counter[str]:
        """Return how often each Message-ID was taken."""
        return Counter(message["Message-ID"] for message in self.messages)

    def recipients(self) -> Counter[str]:
        """Return how many mails each address got."""
        return Counter(message["To"] for message in self.messages)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name and arguments
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take the recipient, or refuse as told."""
        del server, session, options
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail."""
        del server, session
        content = envelope.original_content or b""
        self.messages.append(message_from_bytes(content, policy=default))
        self.on_arrival()
        return "250 Taken"


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """Yield a mail server that takes mail."""
    sink = MailSink()
    sink.open()
    try:
        yield sink
    finally:
        sink.close()
