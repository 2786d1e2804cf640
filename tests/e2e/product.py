"""The whole product in a process of its own, as ``make run`` starts it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from invo_booking.config import PROJECT
from invo_booking.run.embedded import scratch_folder
from tests.e2e.shared_pages import PORT, lend
from tests.support.servers import free_port

PATIENCE = 600


@dataclass(frozen=True)
class House:
    """A running Invo Booking with its demo institution.

    Attributes:
        said: What the start printed, line by line.
        folder: Its data folder; ``None`` if it is not known.
    """

    url: str
    said: list[str]
    folder: Path | None = None


@contextmanager
def running_house(port: int, variables: Mapping[str, str]) -> Iterator[House]:
    """Start the product with one command and stop it with one signal.

    Args:
        port: Where it listens.
        variables: Further configuration, by full names such as ``INVO_RATE_LIMITS``.
    """
    with scratch_folder() as folder:
        environment = {
            **os.environ,
            "INVO_PORT": str(port),
            "INVO_DATA_DIR": str(folder),
            "INVO_DEMO": "1",
            "INVO_DEMO_MAIL_PORT": str(free_port()),
            **variables,
        }
        if port != PORT:
            lend({**environment, "INVO_PORT": str(PORT)}, environment)
        process = subprocess.Popen(
            [sys.executable, "-m", "invo_booking.cli", "run"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said: list[str] = []
        ready = threading.Event()
        reader = threading.Thread(target=_read, args=(process, said, ready))
        reader.start()
        try:
            started = ready.wait(PATIENCE) and process.poll() is None
            assert started, "".join(said) + _logs(folder)
            yield House(f"http://localhost:{port}", said, folder)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            reader.join()
            if process.stdout:
                process.stdout.close()


def _read(
    process: subprocess.Popen[str], said: list[str], ready: threading.Event
) -> None:
    for line in process.stdout or ():
        said.append(line)
        if "Ctrl-C stops everything" in line:
            ready.set()
    ready.set()


def _logs(folder: Path) -> str:
    found = sorted(folder.rglob("*.log"))
    return "\n".join(f"== {path.name}\n{path.read_text()[-2000:]}" for path in found)
