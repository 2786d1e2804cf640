"""Run use cases that call other servers in threads of their own.

A call to a provider that does not answer lasts a minute. If it used the threads of
pages and routes, a few of them would stop a whole process. So there are few threads for
such calls, a call is refused if none is free, and nobody waits longer than a deadline.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.texts import say

T = TypeVar("T")

THREADS: Final = 4
"""Most calls at the same time in one process; few people administer connections."""

SECONDS: Final = 30.0
"""Longest wait for a result. The call then continues without anybody waiting."""

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="outside")
_free = threading.BoundedSemaphore(THREADS)


async def run_outside(work: Callable[[], T], *, seconds: float = SECONDS) -> T:
    """Run ``work`` in one of these threads and return its result.

    Args:
        work: Calls a use case that calls another server.
        seconds: Longest wait for the result.

    Raises:
        ProviderDownError: If all threads are in use, or the wait is over. In the second
            case ``ambiguous``: the work goes on, and may succeed.
        InvoError: As raised by ``work``.
    """
    if not _free.acquire(blocking=False):
        raise ProviderDownError(say("connections.outside_threads.all_in_use"))
    future = _threads.submit(contextvars.copy_context().run, work)
    future.add_done_callback(lambda _: _free.release())
    waiting = asyncio.wrap_future(future)
    done, _ = await asyncio.wait({waiting}, timeout=seconds)
    if not done:
        raise ProviderDownError(
            say("connections.outside_threads.slow", seconds=round(seconds)),
            ambiguous=True,
        )
    return waiting.result()
