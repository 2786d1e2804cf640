"""Run one instance of Invo Booking with all its programs."""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from invo_booking.broker import MAIL_QUEUE, QUESTIONS, QUEUE
from invo_booking.config import PROJECT, Config
from invo_booking.run import frontend
from invo_booking.run.embedded import Postgres, Server, Valkey
from invo_booking.run.supervisor import (
    CommandProgram,
    Show,
    Supervisor,
    SupervisorError,
    check_supervised_port,
)
from invo_booking.texts import say

START_SECONDS = 300.0
"""Time limit of a start; long, because a busy machine is slow.

If a program ends before it is ready, the start fails at once.
"""

PATIENT_SECONDS = 15.0
WEB_GRACE = 12.0
WORKER_GRACE = 6.0
WORKER_PROCESSES = 5
"""Number of worker processes for everything but mail.

For minutes, one process may be reading calendars and another writing calendars.
Periodic tasks and questions of web processes then need further processes.
"""

MAIL_PROCESSES = 2
"""Number of mail processes, each sending one mail for up to half a minute."""

AWAITED = frozenset({"database", "worker", "mail worker"})
"""Checks of ``/readyz`` that a start waits for. A start does not wait for other checks:
people have to solve the problems that those checks find."""

_KNOWN = "ignore:You're running the worker with superuser privileges"
"""Python's filter for a warning that Celery prints before its logs are JSON."""

_SCHEDULER = "invo_booking.tasks.beat:OneWaitingScheduler"
_NOTE = "running.json"
_TOLD = (
    "INVO_DATABASE_URL",
    "INVO_REDIS_URL",
    "INVO_PORT",
    "INVO_PUBLIC_URL",
    "INVO_DEMO",
)


def run_instance(config: Config, show: Show, welcome: Callable[[Config], None]) -> None:
    """Start everything, print the address, and run until a stop signal.

    Args:
        config: Configuration. If no database or no Redis is configured, an embedded
            server is started instead.
        show: Called with a message at every step.
        welcome: Called when everything is ready.

    Raises:
        SupervisorError: If a program cannot start; the message says why.
        EmbeddedError: If an embedded server cannot run.
        FrontendError: If the pages cannot be built.
    """
    with contextlib.ExitStack() as afterwards:
        with Supervisor(config.data_dir, show) as supervisor:
            check_supervised_port(config.host, config.port, "INVO_PORT")
            if config.demo:
                check_supervised_port(
                    "127.0.0.1", config.demo_port, "INVO_DEMO_MAIL_PORT"
                )
            environment = _environment(
                config, _start_servers(config, supervisor, afterwards, show)
            )
            _write_running_environment(config, environment, afterwards)
            _prepare(config, environment, show)
            _start_programs(config, environment, supervisor, show)
            show(
                say(
                    "operator.start.ready",
                    public_url=config.public_url,
                )
            )
            welcome(config)
            supervisor.watch()
        show(say("operator.start.stopped"))


@contextlib.contextmanager
def open_database(config: Config) -> Iterator[str]:
    """Yield the address of the database.

    If no database is configured, the database of the instance running in the data
    folder is used. If no instance runs there, an embedded database runs until the
    ``with`` block ends. In both cases, ``INVO_DATABASE_URL`` of this process is set to
    the address.
    """
    if config.database_url:
        yield config.database_url
        return
    running = running_environment(config)
    with contextlib.ExitStack() as meanwhile:
        if running:
            os.environ.update(running)
        else:
            server = meanwhile.enter_context(Postgres(config.data_dir))
            os.environ["INVO_DATABASE_URL"] = server.url
        yield os.environ["INVO_DATABASE_URL"]


def running_environment(config: Config) -> dict[str, str]:
    """Return the environment variables of the instance running in the data folder.

    The variables include the addresses of the instance's servers. The result is empty
    if no instance runs.
    """
    try:
        with (config.data_dir / "run.lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_running_environment(config.data_dir / _NOTE)
    except FileNotFoundError:
        return {}
    return {}


def _read_running_environment(note: Path) -> dict[str, str]:
    """Return the stored variables; empty while the instance starts or stops."""
    try:
        return json.loads(note.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def local_address(config: Config) -> str:
    """Return the URL at which other processes of this machine reach the web process."""
    anyone = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
    host = anyone.get(config.host, config.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{config.port}"


def worker_command(config: Config) -> list[str]:
    """Return the command line of the Celery worker for everything but mail."""
    return _worker(config, [QUEUE, QUESTIONS], WORKER_PROCESSES)


def mail_worker_command(config: Config) -> list[str]:
    """Return the command line of the Celery worker for mail only."""
    return _worker(config, [MAIL_QUEUE], MAIL_PROCESSES)


def _worker(config: Config, queues: list[str], processes: int) -> list[str]:
    return [
        *_celery("worker", config),
        f"--queues={','.join(queues)}",
        f"--hostname={queues[0]}@%h",
        f"--concurrency={processes}",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]


def beat_command(config: Config) -> list[str]:
    """Return the command line of Celery beat, with options to store nothing on disk."""
    return [*_celery("beat", config), f"--scheduler={_SCHEDULER}", "--pidfile="]


def _celery(kind: str, config: Config) -> list[str]:
    application = "--app=invo_booking.broker:celery"
    level = f"--loglevel={config.log_level}"
    python = [sys.executable, "-W", _KNOWN, "-m", "celery"]
    return [*python, application, "--quiet", kind, level]


def _start_servers(
    config: Config, supervisor: Supervisor, afterwards: contextlib.ExitStack, show: Show
) -> dict[str, str]:
    """Start an embedded server for each server that is not configured.

    Returns:
        The addresses of all servers by environment variable.
    """
    addresses: dict[str, str] = {}
    embedded: list[tuple[str, str, Server]] = [
        ("INVO_DATABASE_URL", config.database_url, Postgres(config.data_dir)),
        ("INVO_REDIS_URL", config.redis_url, Valkey(config.data_dir)),
    ]
    for variable, address, server in embedded:
        if address:
            addresses[variable] = address
            continue
        show(
            say(
                "operator.start.embedded",
                name=server.name,
                folder=server.folder,
            )
        )
        server.prepare()
        afterwards.callback(server.release)
        supervisor.start(server)
        server.settle()
        addresses[variable] = server.url
    return addresses


def _write_running_environment(
    config: Config, environment: Mapping[str, str], afterwards: contextlib.ExitStack
) -> None:
    """Store this instance's environment variables for other commands."""
    note = config.data_dir / _NOTE
    draft = note.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    variables = {name: environment[name] for name in _TOLD}
    draft.write_text(json.dumps(variables), encoding="utf-8")
    draft.replace(note)  # atomic: other commands read the whole file or none
    afterwards.callback(note.unlink, missing_ok=True)


def _environment(config: Config, addresses: Mapping[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        **addresses,
        "INVO_DATA_DIR": str(config.data_dir.resolve()),
        "INVO_PORT": str(config.port),
        "INVO_PUBLIC_URL": config.public_url,
        "INVO_DEMO": str(int(config.demo)),
        "PYTHONUNBUFFERED": "1",
    }


def _prepare(config: Config, environment: Mapping[str, str], show: Show) -> None:
    show(say("operator.start.migrating"))
    command = [sys.executable, "-m", "invo_booking.cli", "prepare"]
    ended = subprocess.run(  # noqa: S603 - our own command line
        command, env=dict(environment), cwd=PROJECT, check=False
    )
    if ended.returncode:
        raise SupervisorError(say("operator.start.migrate_failed"))
    if frontend.has_built_pages(config):
        show(say("operator.start.built"))
        return
    show(say("operator.start.building"))
    frontend.build_pages(config, environment, lambda line: show(f"  {line}"))


def _start_programs(
    config: Config, environment: dict[str, str], supervisor: Supervisor, show: Show
) -> None:
    logs = config.data_dir / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    for program in _programs(config, environment, logs):
        show(say("operator.start.starting", name=program.name))
        supervisor.start(program, patience=START_SECONDS)
    show(say("operator.start.waiting"))
    supervisor.await_until(_Green(config, show).look, START_SECONDS, "everything")


def _programs(
    config: Config, environment: dict[str, str], logs: Path
) -> Iterator[CommandProgram]:
    if config.demo:
        yield CommandProgram(
            name="demo mailbox",
            command=[sys.executable, "-m", "invo_booking.mail.demo_smtp"],
            environment=environment,
            log=logs / "mailbox.log",
            grace=2,
        )
    yield CommandProgram(
        name="beat",
        command=beat_command(config),
        environment=environment,
        log=logs / "beat.log",
        grace=2,
    )
    yield CommandProgram(
        name="worker",
        command=worker_command(config),
        environment=environment,
        log=logs / "worker.log",
        grace=WORKER_GRACE,
    )
    yield CommandProgram(
        name="mail",
        command=mail_worker_command(config),
        environment=environment,
        log=logs / "mail.log",
        grace=WORKER_GRACE,
    )
    yield CommandProgram(
        name="web",
        command=frontend.serve_command(config),
        environment={**environment, **frontend.serve_environment(config)},
        log=logs / "web.log",
        grace=WEB_GRACE,
        is_ready=lambda: ask_web_process(config, "/healthz") is not None,
    )


class _Green:
    """Checks whether the instance is ready; reports each missing part once."""

    def __init__(self, config: Config, show: Show) -> None:
        self._config = config
        self._show = show
        self._said: set[str] = set()
        self._patient_until = time.monotonic() + PATIENT_SECONDS

    def look(self) -> bool:
        """Whether everything that a start waits for is ready."""
        answer = ask_web_process(self._config, "/readyz")
        if answer is None:
            return False
        missing = [check for check in answer["checks"] if not check["ok"]]
        for check in missing:
            late = time.monotonic() > self._patient_until
            if late and check["name"] not in self._said:
                self._said.add(check["name"])
                self._show(f"  {check['sentence']}")
        return not any(check["name"] in AWAITED for check in missing)


def ask_web_process(config: Config, path: str) -> Any:
    """Return the web server's JSON response with any status, or ``None``."""
    try:
        return httpx.get(
            f"{local_address(config)}{path}", timeout=3, trust_env=False
        ).json()
    except (httpx.HTTPError, ValueError):
        return None
