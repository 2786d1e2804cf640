"""Call use cases from states."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Concatenate, ParamSpec, TypeVar

from invo_booking import bootstrap
from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.outside_threads import run_outside

P = ParamSpec("P")
T = TypeVar("T")

OURSELVES = Caller(interface=Interface.PAGE)
"""Caller of use cases if no event is handled, as when open pages are refreshed."""

current_caller: ContextVar[Caller] = ContextVar("caller", default=OURSELVES)
"""The sender of the current event; set by ``guard.allow``."""


async def ask(
    usecase: Callable[Concatenate[Deps, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a use case in a worker thread and return its result.

    Reflex runs event handlers on the event loop that serves all visitors, so a handler
    that waited for the database would block all of them.
    """
    parts = bootstrap.deps().for_caller(current_caller.get())
    return await asyncio.to_thread(usecase, parts, *args, **kwargs)


async def ask_outside(
    usecase: Callable[Concatenate[Deps, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a use case that calls a provider, in a thread reserved for such calls.

    Raises:
        ProviderDownError: If no reserved thread is free, or the provider takes too
            long.
        InvoError: As raised by the use case.
    """
    parts = bootstrap.deps().for_caller(current_caller.get())
    return await run_outside(lambda: usecase(parts, *args, **kwargs))
