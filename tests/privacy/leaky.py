"""The whole web process, with handlers and a route that fail over what is sent."""

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

import reflex as rx

from invo_booking.usecases.accounts import sessions
from invo_booking.web.core.guard import EventPolicy, allow
from tests.matrix import served


class Leaky(rx.State):
    """Says what it is sent in every way there is."""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def fail(self, text: str) -> None:
        raise ValueError(text)

    @rx.event(background=True)
    @allow(EventPolicy.PUBLIC)
    async def fail_behind(self, text: str) -> None:
        raise RuntimeError(text) from KeyError(text)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def count(self, number: int) -> None:
        del number

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def say(self, text: str) -> None:
        library = logging.getLogger("library.of.others")
        library.propagate = False
        library.addHandler(logging.StreamHandler())
        try:
            _raise(text)
        except ValueError:
            library.exception("it was %s", text, extra={"payload": text})
            logging.getLogger("another").exception(text)
            logging.getLogger("_granian").exception("it failed")
        warnings.warn(text, stacklevel=1)
        print(text)  # noqa: T201 - as a library may
        sys.stderr.write(f"{text}\n")
        threading.Thread(target=_raise, args=(text,)).start()
        self._task = asyncio.create_task(_raise_later(text))

    _task: Any = None


def _raise(text: str) -> NoReturn:
    raise ValueError(text)


async def _raise_later(text: str) -> NoReturn:
    raise ValueError(text)


def _fail_to_sign_in(_deps: Any, email: str, password: str, **_more: Any) -> NoReturn:
    raise RuntimeError(f"{email} {password}")


def create() -> Callable[..., Any]:
    """Return the application; Granian calls this."""
    sessions.sign_in = _fail_to_sign_in
    return served.create()
