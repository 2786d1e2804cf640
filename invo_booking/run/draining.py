"""End a web process without losing the requests and events that run in it.

After SIGTERM, the process answers ``/readyz`` with 503, refuses new websockets, and
closes each connection after the next response. It asks its pages, a few at a time, to
reconnect, so that the proxy connects them to another machine. A page with a running
event is asked after the event has ended. When no pages are left, or after the time
limit, the server gets SIGINT: it closes its port, answers the requests that still run,
and ends.
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
"""Time in which pages can connect to another process before this process ends."""

SPREAD_SECONDS = 3.0
"""Time over which the requests to reconnect are spread, to spare other machines."""

_LOOK_SECONDS = 0.05
_FEWEST_AT_ONCE = 10
_log = logging.getLogger(__name__)


class Draining:
    """A flag that says whether a process is ending."""

    def __init__(self) -> None:
        self.is_on = False


DRAINING = Draining()
"""Whether this process is ending."""


class OpenPages(Protocol):
    """The pages whose websockets this process holds."""

    def open_sockets(self) -> list[str]:
        """Return the ids of the pages' sockets."""
        ...

    def runs_event(self, sid: str | None = None) -> bool:
        """Whether an event of the page (by default, of any page) runs or waits."""
        ...

    async def ask_to_reconnect(self, sid: str) -> None:
        """Ask a page to close its socket and open a new socket."""
        ...


async def drain_at_sigterm(
    pages: OpenPages,
    draining: Draining = DRAINING,
    stop: Callable[[], None] | None = None,
) -> None:
    """Wait for SIGTERM, then drain this process and stop its server.

    Must be called after the server has installed its signal handlers: this function
    replaces the handler of SIGTERM, and keeps the handler of SIGINT.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # a test runs the server in a thread, which cannot handle signals
    must_end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, must_end.set)
    await must_end.wait()
    await drain(pages, draining)
    (stop or _interrupt_server)()


async def drain(
    pages: OpenPages, draining: Draining = DRAINING, seconds: float = SECONDS
) -> None:
    """Accept no new pages, and wait up to ``seconds`` until open pages have left."""
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
