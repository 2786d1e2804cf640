"""The whole web process, with a state of our own beside the product's.

It also says when all that a client has sent is answered. To ask by events of a state
would double what the server has to do.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

from invo_booking.web.core.guard import EventPolicy, allow

NAMESPACE = "/_event"
OFTEN = 0.002
"""Seconds between two looks whether something still goes on."""


class Mark(rx.State):
    """Has an event that tells and changes nothing of the product's."""

    at: int = 0

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def reach(self, number: int) -> None:
        self.at = number


def create() -> Callable[..., Any]:
    """Return the application; Granian calls this."""
    from invo_booking.run import serving  # noqa: PLC0415 - it reads the environment

    served = serving.create()
    from invo_booking import app  # noqa: PLC0415 - made with what was read

    _tell_when_answered(app.app)
    return served


def _tell_when_answered(app: rx.App) -> None:
    """Let clients ask when all that they have sent is answered."""
    assert app.sio is not None
    server = app.sio

    async def answer(sid: str, number: int, how: Mapping[str, bool]) -> None:
        while _goes_on(app, sid, **how):  # noqa: ASYNC110 - Reflex does not tell
            await asyncio.sleep(OFTEN)
        await server.emit("answered", number, to=sid, namespace=NAMESPACE)

    def ask(sid: str, number: int, how: Mapping[str, bool]) -> None:
        server.start_background_task(answer, sid, number, how)

    server.on("when_answered", ask, namespace=NAMESPACE)


def _goes_on(app: rx.App, sid: str, *, with_background: bool) -> bool:
    """Whether an event of a client runs or waits, or one that it set off.

    Args:
        with_background: Whether this includes what runs beside the events after it.
    """
    assert app.event_namespace is not None
    processor, client = app.event_processor, app.event_namespace.sid_to_token.get(sid)
    queue = processor._queue  # noqa: SLF001 - there is no public way
    tasks = processor._tasks.values()  # noqa: SLF001
    names = [name for it in tasks if f"|{client}|" in (name := it.get_name())]
    if with_background and names:
        return True
    is_failing = any(name.startswith("reflex_backend_exception") for name in names)
    waits = client in processor._token_queues  # noqa: SLF001
    return waits or is_failing or (queue is not None and not queue.empty())
