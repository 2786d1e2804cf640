"""Use separate threads to run use cases that call other servers.

If a provider does not respond, a call takes a minute. If such calls used the threads of
pages and routes, a few calls would block a whole process. So calls to other servers
have a few separate threads. If all these threads are in use, a call is refused. A
caller waits for the result only until a deadline.
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
"""Maximum number of calls at the same time in one process. A small number is enough,
because few people administer connections."""

SECONDS: Final = 30.0
"""Longest wait for a result. The call then continues without anybody waiting."""

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="outside")
_free = threading.BoundedSemaphore(THREADS)


async def run_outside(work: Callable[[], T], *, seconds: float = SECONDS) -> T:
    """Run ``work`` in a thread for calls to other servers, and return its result.

    Args:
        work: Calls a use case that calls another server.
        seconds: Longest wait for the result.

    Raises:
        ProviderDownError: If all threads are in use, or there is no result in time. If
            the time has run out, the error is ``ambiguous``, because the work continues
            and may succeed.
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
