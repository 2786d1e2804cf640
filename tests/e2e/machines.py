"""A second web machine beside the product: own process, port and data folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx
import psutil
from redis import Redis

from invo_booking.config import PROJECT, load_config
from invo_booking.run import frontend
from tests.e2e.product import House
from tests.support.servers import free_port, until

WRONG_CLOCK = PROJECT / "tests" / "support" / "wrong_clock"
_WEB = httpx.Client(timeout=10)


@dataclass(frozen=True)
class WebMachine:
    """A web process with its workers."""

    port: int
    process: subprocess.Popen[bytes]

    def is_running(self) -> bool:
        """Whether it was not killed and has not ended."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would."""
        leader = psutil.Process(self.process.pid)
        for process in [*leader.children(recursive=True), leader]:
            process.kill()
        self.process.wait(30)

    def end(self) -> float:
        """End it as a process manager would; return how many seconds it took."""
        began = monotonic()
        self.process.terminate()
        self.process.wait(60)
        return monotonic() - began

    def is_up(self) -> bool:
        """Whether it answers."""
        assert self.is_running(), "the second machine ended"
        try:
            return _WEB.get(f"http://127.0.0.1:{self.port}/healthz").is_success
        except httpx.HTTPError:
            return False


@contextmanager
def running_machine(
    house: House,
    folder: Path,
    *,
    port: int = 0,
    limits: bool = False,
    seconds_ahead: int = 0,
) -> Iterator[WebMachine]:
    """Run a further web machine for the same institution.

    Args:
        house: The product with its servers, workers and first web machine.
        folder: An empty data folder of the machine's own.
        port: Where it listens; by default, a free port.
        limits: Whether requests are limited, by the address that a proxy names.
        seconds_ahead: How far its clock is ahead of the true time.
    """
    environment, log_path = _environment(house, folder), folder / "web.log"
    port = port or free_port()
    environment |= {"INVO_PORT": str(port), "SECONDS_AHEAD": str(seconds_ahead)}
    if seconds_ahead:
        environment["PYTHONPATH"] = str(WRONG_CLOCK)
    if limits:
        environment |= {"INVO_RATE_LIMITS": "on", "INVO_TRUSTED_PROXY_HOPS": "1"}
    machine = WebMachine(port, _start(["web"], environment, log_path))
    try:
        until(machine.is_up)
        yield machine
    finally:
        if machine.is_running():
            machine.kill()


@contextmanager
def running_worker(house: House, folder: Path, *options: str) -> Iterator[None]:
    """Run a further worker of the same institution on a machine of its own.

    Args:
        house: The product with its servers.
        folder: An empty data folder of the machine's own.
        options: Of the command, such as ``--beat``.
    """
    words = ["worker", *options]
    process = _start(words, _environment(house, folder), folder / "worker.log")
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def empty_redis(house: House) -> None:
    """Let the Redis server lose all its data, as a restart of it does."""
    assert house.folder is not None
    known = json.loads((house.folder / "running.json").read_text(encoding="utf-8"))
    with Redis.from_url(known["INVO_REDIS_URL"]) as server:
        server.flushall()


def _environment(house: House, folder: Path) -> dict[str, str]:
    """Return the variables of another machine with the house's servers and pages."""
    assert house.folder is not None
    if (key := house.folder / "secret.key").exists():
        shutil.copy(key, folder)
    known = json.loads((house.folder / "running.json").read_text(encoding="utf-8"))
    return {
        **os.environ,
        **known,
        "INVO_DATA_DIR": str(folder),
        "INVO_RATE_LIMITS": "off",
        "REFLEX_WEB_WORKDIR": frontend.web_dir(load_config(known)).name,
    }


def _start(
    words: list[str], environment: dict[str, str], log_path: Path
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "invo_booking.cli", *words]
    with log_path.open("w") as log:
        return subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=log, stderr=log
        )
