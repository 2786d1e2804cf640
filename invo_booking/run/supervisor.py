"""Supervise programs: start them in order, restart and stop them.

This module does not depend on what the programs do; ``instance.py`` defines them.
"""

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Protocol, Self

import psutil

from invo_booking.config import PROJECT, make_data_dir
from invo_booking.run.leash import leash_command
from invo_booking.run.logs import open_log, shorten_log
from invo_booking.texts import say

Show = Callable[[str], None]

STOP_SECONDS = 28.0
"""Time limit in seconds within which all programs together must stop."""

STEADY_SECONDS = 60.0
"""Running time in seconds after which a program counts as healthy. A healthy program
that ends is restarted quickly."""

LONGEST_REST = 30.0
"""Longest wait in seconds before a program is started again."""

_MARK = "_INVO_BOOKING_RUN"
_LOOK_SECONDS = 0.2
_LOCK_SECONDS = 1.0
"""Time to wait for the lock of the data folder. Other commands hold this lock for a
moment to check whether the product runs.
"""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SupervisorError(Exception):
    """A program cannot be started; the message says why and what to do."""


class StopRequestedError(BaseException):
    """A stop was requested during the start."""


class SupervisedProgram(Protocol):
    """One program under supervision."""

    name: str
    stop_signal: signal.Signals
    grace: float
    """Seconds in which the program may stop by itself before it is killed."""

    @property
    def log(self) -> Path:
        """Path of the file for the program's output."""
        ...

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the program as the leader of a new process group."""
        ...

    def is_ready(self) -> bool:
        """Whether the program is ready."""
        ...


@dataclass(kw_only=True)
class CommandProgram:
    """A command line under supervision.

    Attributes:
        environment: All environment variables; none are inherited.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    grace: float = 5.0
    stop_signal: signal.Signals = signal.SIGTERM
    is_ready: Callable[[], bool] = field(default=lambda: True)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the program and append its output to its log."""
        shorten_log(self.log)
        command = leash_command(self.command, on_parent_death=self.stop_signal)
        with open_log(self.log) as log:
            return subprocess.Popen(  # noqa: S603 - our own command line
                command,
                env=dict(self.environment),
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@dataclass
class _Running:
    part: SupervisedProgram
    process: subprocess.Popen[bytes]
    since: float
    rest: float
    due: float | None = None
    announce: bool = False


class Supervisor:
    """Keeps programs running during its ``with`` block.

    If the supervisor itself is killed, Linux ends its programs. On other systems, the
    next start in the same folder kills the remaining programs.
    """

    def __init__(self, folder: Path, show: Show, *, first_rest: float = 1.0) -> None:
        self._folder = folder
        self._show = show
        self._first_rest = first_rest
        self._running: list[_Running] = []
        self._stop = threading.Event()
        self._starting = True
        self._lock: IO[str] | None = None
        self._handlers: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        make_data_dir(self._folder)
        self._lock = _lock_folder(self._folder)
        _clear_leftovers(self._folder)
        mark = secrets.token_hex(16)
        (self._folder / "run").write_text(mark, encoding="ascii")
        os.environ[_MARK] = mark
        for number in _SIGNALS:
            self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_error: object) -> None:
        self._starting = False
        self.stop()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        os.environ.pop(_MARK, None)
        if self._lock is not None:
            self._lock.close()

    def start(self, part: SupervisedProgram, *, patience: float = 30.0) -> None:
        """Start a program and wait until it is ready.

        Raises:
            SupervisorError: If the program is not ready within ``patience`` seconds, or
                any program ends meanwhile.
        """
        running = _Running(part, part.spawn(), time.monotonic(), self._first_rest)
        self._running.append(running)
        self.await_until(part.is_ready, patience, part.name)

    def await_until(
        self, is_reached: Callable[[], bool], patience: float, what: str
    ) -> None:
        """Wait for a condition while all programs keep running.

        Raises:
            SupervisorError: If the condition is not true within ``patience`` seconds,
                or a program ends meanwhile. The message contains ``what``, which names
                the condition.
        """
        deadline = time.monotonic() + patience
        while not is_reached():
            for running in self._running:
                if running.process.poll() is not None:
                    raise SupervisorError(
                        say(
                            "operator.start.ended_early",
                            name=running.part.name,
                            what=what,
                            exit=_exit_text(running.process),
                            last_words=_last_words(running.part.log),
                        )
                    )
            if time.monotonic() > deadline:
                raise SupervisorError(
                    say(
                        "operator.start.ready_timeout",
                        what=what,
                        patience=f"{patience:.0f}",
                        folder=self._folder,
                    )
                )
            self._stop.wait(_LOOK_SECONDS)

    def watch(self) -> None:
        """Restart programs that end, until this process gets a stop signal."""
        self._starting = False
        while not self._stop.wait(_LOOK_SECONDS):
            self.look()

    def look(self) -> None:
        """Check once which programs have ended, and start programs whose wait is over.

        Also shortens logs that have become too long.
        """
        for running in self._running:
            shorten_log(running.part.log)
            if running.due is not None:
                self._restart_if_due(running)
            elif running.process.poll() is not None:
                self._mourn(running)
            elif running.announce and running.part.is_ready():
                running.announce = False
                self._show(say("operator.start.runs_again", name=running.part.name))

    def processes(self) -> dict[str, int]:
        """Return the process ids of running programs, by name."""
        return {
            running.part.name: running.process.pid
            for running in self._running
            if running.process.poll() is None
        }

    def stop(self) -> None:
        """Stop all programs in reverse order; kill programs that stop too slowly."""
        deadline = time.monotonic() + STOP_SECONDS
        while self._running:
            running = self._running.pop()
            if running.process.poll() is None:
                self._show(say("operator.start.stopping", name=running.part.name))
                running.process.send_signal(running.part.stop_signal)
                left = min(running.part.grace, deadline - time.monotonic())
                with contextlib.suppress(subprocess.TimeoutExpired):
                    running.process.wait(max(left, 0.1))
            _kill_group(running.process)

    def _mourn(self, running: _Running) -> None:
        now = time.monotonic()
        _kill_group(running.process)
        if now - running.since > STEADY_SECONDS:
            running.rest = self._first_rest
        running.due = now + running.rest
        self._show(
            say(
                "operator.start.restarted",
                name=running.part.name,
                exit=_exit_text(running.process),
                rest=f"{running.rest:g}",
                log=running.part.log,
            )
        )
        running.rest = min(running.rest * 2, LONGEST_REST)

    def _restart_if_due(self, running: _Running) -> None:
        now = time.monotonic()
        if running.due is None or now < running.due:
            return
        try:
            running.process = running.part.spawn()
        except OSError as error:  # such as too little memory, or a full disk
            running.due = now + running.rest
            self._show(
                say(
                    "operator.start.not_restarted",
                    name=running.part.name,
                    why=error.strerror or error,
                    rest=f"{running.rest:g}",
                )
            )
            running.rest = min(running.rest * 2, LONGEST_REST)
            return
        running.since, running.due, running.announce = now, None, True

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._stop.set()
        if self._starting:
            self._starting = False
            raise StopRequestedError(signal.Signals(number).name)


def check_supervised_port(host: str, port: int, variable: str) -> None:
    """Check that a port is free.

    Args:
        host: Name or IP address of this machine on which to listen.
        port: Port from 1 to 65535.
        variable: Name of the environment variable of the port, for the message.

    Raises:
        SupervisorError: If the port is in use, or ``host`` is no address of this
            machine.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError as error:
        raise SupervisorError(
            say("operator.start.port_needs_root", port=port, variable=variable)
        ) from error
    except OSError as error:
        raise SupervisorError(
            say(
                "operator.start.port_unusable",
                port=port,
                host=host,
                strerror=error.strerror,
                variable=variable,
                value=port + 1,
            )
        ) from error


def _lock_folder(folder: Path) -> IO[str]:
    lock = (folder / "run.lock").open("w")
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(_LOOK_SECONDS)
                continue
            lock.close()
            raise SupervisorError(
                say("operator.start.already_running", folder=folder)
            ) from None
        return lock


def _clear_leftovers(folder: Path) -> None:
    """Kill processes left by a killed supervisor.

    An environment variable with an identifier shows which processes these are.
    PostgreSQL is left running, because ``embedded.py`` stops PostgreSQL gently.
    """
    note = folder / "run"
    mark = note.read_text(encoding="ascii") if note.exists() else ""
    for process in _marked_processes(mark) if mark else ():
        with contextlib.suppress(psutil.Error):
            process.kill()
            process.wait(5)


def _marked_processes(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(_MARK) == mark and process.name() != "postgres":
                yield process


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill all remaining processes of a program's process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _exit_text(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    if code is None:
        return say("operator.start.still_ending")
    return (
        say("operator.start.signal", value=-code)
        if code < 0
        else say("operator.start.exit_code", code=code)
    )


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")[-12:]
    return "\n".join(line[:500] for line in lines if line.strip())
