"""How a state calls a use case."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from invo_booking import bootstrap
from invo_booking.usecases.deps import Deps

P = ParamSpec("P")
T = TypeVar("T")


async def ask(
    usecase: Callable[Concatenate[Deps, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a use case in a worker thread and return its answer.

    Reflex runs event handlers on the event loop that serves every visitor, so a
    handler that waited for the database itself would make all of them wait.
    """
    return await asyncio.to_thread(usecase, bootstrap.deps(), *args, **kwargs)
