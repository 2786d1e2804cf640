"""The fake Microsoft as a process, and what is waited for there."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from invo_booking.config import PROJECT
from tests.support.microsoft import Remote

T = TypeVar("T")
PATIENCE = 90.0
OFTEN = 0.2


@contextmanager
def running_microsoft(folder: Path) -> Iterator[Remote]:
    """Serve a fake Microsoft, with its certificates in a folder.

    ``INVO_TEST_MICROSOFT`` names one that runs already and that the running demo
    talks to; its certificate is at ``INVO_CA_FILE``.
    """
    if running := os.environ.get("INVO_TEST_MICROSOFT"):
        yield Remote(running, Path(os.environ["INVO_CA_FILE"]))
        return
    module = [sys.executable, "-m", "tests.support.microsoft"]
    process = subprocess.Popen(
        [*module, "--folder", str(folder)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = next(line for line in process.stdout if line.startswith("Serving at"))
        yield Remote(url.removeprefix("Serving at").strip(), folder / "ca.pem")
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def wait_for(found: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """Look often until something is there; return it."""
    ends, pause = time.monotonic() + patience, threading.Event()
    while (thing := found()) is None:
        assert time.monotonic() < ends, "it never came to be"
        pause.wait(OFTEN)
    return thing


def event_of(microsoft: Remote, group: str, customer: str) -> dict[str, Any] | None:
    """Return the event of a customer's appointment, if it is there."""
    events = microsoft.events(group)
    return next((one for one in events if customer in str(one)), None)


def begins(event: dict[str, Any]) -> datetime:
    """Return when an event begins, in UTC."""
    return datetime.fromisoformat(f"{event['start']['dateTime'][:19]}+00:00")
