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

import httpx
import psutil

from invo_booking.config import PROJECT, load_config
from invo_booking.run import frontend
from tests.e2e.product import House
from tests.support.servers import free_port, until

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

    def is_up(self) -> bool:
        """Whether it answers."""
        assert self.is_running(), "the second machine ended"
        try:
            return _WEB.get(f"http://127.0.0.1:{self.port}/healthz").is_success
        except httpx.HTTPError:
            return False


@contextmanager
def running_machine(house: House, folder: Path) -> Iterator[WebMachine]:
    """Run a further web machine for the same institution.

    Args:
        house: The product with its servers, workers and first web machine.
        folder: An empty data folder of the machine's own.
    """
    assert house.folder is not None
    if (key := house.folder / "secret.key").exists():
        shutil.copy(key, folder)
    known = json.loads((house.folder / "running.json").read_text(encoding="utf-8"))
    pages = frontend.web_dir(load_config(known))
    port = free_port()
    environment = {
        **os.environ,
        **known,
        "INVO_PORT": str(port),
        "INVO_DATA_DIR": str(folder),
        "INVO_RATE_LIMITS": "off",
        "REFLEX_WEB_WORKDIR": pages.name,
    }
    command = [sys.executable, "-m", "invo_booking.cli", "web"]
    with (folder / "web.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=log, stderr=log
        )
    machine = WebMachine(port, process)
    try:
        until(machine.is_up)
        yield machine
    finally:
        if machine.is_running():
            machine.kill()
