"""A fake vendor as a process, and the process as a test starts it."""

import argparse
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from invo_booking.config import PROJECT
from tests.support.vendor.control import Remote

SERVING = "Serving at "


class Fake(Protocol):
    """A fake vendor that is being served."""

    url: str

    def config_env(self) -> dict[str, str]: ...


def serve(
    running_fake: Callable[[Path | None, int], AbstractContextManager[Fake]],
) -> None:
    """Serve until a stop signal; print the variables the product needs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with running_fake(given.folder, given.port) as fake:
        for name, value in fake.config_env().items():
            print(f"{name}={value}", flush=True)  # noqa: T201
        print(f"{SERVING}{fake.url}", flush=True)  # noqa: T201
        stopped.wait()


@contextmanager
def running_process(module: str, folder: Path) -> Iterator[Remote]:
    """Start a fake by the name of its module, with its certificates in a folder."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--folder", str(folder)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = next(line for line in process.stdout if line.startswith(SERVING))
        remote = Remote(url.removeprefix(SERVING).strip(), folder / "ca.pem")
        yield remote
        remote.close()
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
