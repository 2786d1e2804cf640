"""End a web process without losing what runs in it.

On SIGTERM the process answers ``/readyz`` with 503, refuses new websockets, closes each
connection after its next answer, and asks its pages, one after the other, to reconnect;
the proxy leads them to another machine. A page is asked when none of its events runs.
When all have left, the server gets SIGINT: it closes its port, answers the requests
that still run, and ends.
"""

import asyncio
import logging
import math
import os
import signal
import threading
from collections.abc import Callable
from typing import Protocol

SECONDS = 7.0
"""Time for the pages to leave; the rest reconnect when their sockets are closed."""

SPREAD_SECONDS = 3.0
"""Time over which pages are asked, so that other machines are not overrun."""

_LOOK_SECONDS = 0.05
_FEWEST_AT_ONCE = 10
_log = logging.getLogger(__name__)


class Draining:
    """Whether this process is ending."""

    def __init__(self) -> None:
        self.is_on = False


DRAINING = Draining()
"""That of this process."""


class OpenPages(Protocol):
    """The pages whose websockets this process holds."""

    def open_sockets(self) -> list[str]:
        """Return the ids of the sockets."""
        ...

    def runs_event(self, sid: str | None = None) -> bool:
        """Whether an event of this page runs or waits; by default, of any page."""
        ...

    async def ask_to_reconnect(self, sid: str) -> None:
        """Ask a page to close its socket and open another one."""
        ...


async def drain_at_sigterm(
    pages: OpenPages,
    draining: Draining = DRAINING,
    stop: Callable[[], None] | None = None,
) -> None:
    """Wait for SIGTERM, then drain this process and stop its server.

    The server must have installed its own handlers before; that of SIGINT is kept.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # a server inside a test
    must_end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, must_end.set)
    await must_end.wait()
    await drain(pages, draining)
    (stop or _interrupt_server)()


async def drain(
    pages: OpenPages, draining: Draining = DRAINING, seconds: float = SECONDS
) -> None:
    """Take no new pages and let the open ones leave, for at most ``seconds``."""
    draining.is_on = True
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    requests_sent = set[str]()
    count = len(pages.open_sockets())
    at_once = max(_FEWEST_AT_ONCE, math.ceil(count * _LOOK_SECONDS / SPREAD_SECONDS))
    _log.info("draining: %d pages are asked to reconnect", count)
    while loop.time() < ends and (pages.open_sockets() or pages.runs_event()):
        idle = [
            sid
            for sid in pages.open_sockets()
            if sid not in requests_sent and not pages.runs_event(sid)
        ]
        for sid in idle[:at_once]:
            requests_sent.add(sid)
            await pages.ask_to_reconnect(sid)
        await asyncio.sleep(_LOOK_SECONDS)
    _log.info("drained: %d pages are left", len(pages.open_sockets()))


def _interrupt_server() -> None:
    os.kill(os.getpid(), signal.SIGINT)
