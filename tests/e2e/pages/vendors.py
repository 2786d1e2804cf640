"""Fake vendors as processes, and what is waited for there."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tests.support.vendor.control import Remote
from tests.support.vendor.process import running_process

T = TypeVar("T")
PATIENCE = 90.0
OFTEN = 0.2


@contextmanager
def running_vendor(name: str, folder: Path) -> Iterator[Remote]:
    """Serve the fake of a vendor, with its certificates in a folder.

    ``INVO_TEST_MICROSOFT``, ``INVO_TEST_GOOGLE`` and ``INVO_TEST_EXCHANGE`` name fakes
    that run already and that the running demo talks to; their certificates are at
    ``INVO_CA_FILE``.
    """
    if running := os.environ.get(f"INVO_TEST_{name.upper()}"):
        remote = Remote(running, Path(os.environ["INVO_CA_FILE"]))
        yield remote
        remote.close()
        return
    with running_process(f"tests.support.{name}", folder) as remote:
        yield remote


def trust(file: Path, *vendors: Remote) -> str:
    """Write a file with the certificate authorities of all; return its path."""
    file.write_text("".join(one.ca_file.read_text() for one in vendors))
    return str(file)


def wait_for(found: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """Look often until something is there; return it."""
    ends, pause = time.monotonic() + patience, threading.Event()
    while (thing := found()) is None:
        assert time.monotonic() < ends, "it never came to be"
        pause.wait(OFTEN)
    return thing
