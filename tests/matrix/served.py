"""The whole web process, with a state of our own beside the product's."""

import asyncio
from collections.abc import Callable
from typing import Any

import reflex as rx

from invo_booking.web.core.guard import EventPolicy, allow


class Mark(rx.State):
    """Tells when everything that was sent before has been answered."""

    at: int = 0

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def reach(self, number: int) -> None:
        self.at = number

    @rx.event(background=True)
    @allow(EventPolicy.PUBLIC)
    async def settle(self, number: int) -> None:
        """Tell when what goes on in the background has ended as well."""
        while others := _background_of(self.router.session.client_token):
            await asyncio.wait(others)
        async with self:
            self.at = number


def _background_of(client: str) -> list[asyncio.Task[Any]]:
    """Return what goes on for a client but for our own, by Reflex's names of tasks."""
    return [
        task
        for task in asyncio.all_tasks()
        for name in (task.get_name(),)
        if name.startswith("reflex_") and f"|{client}|" in name
        if "____mark." not in name
    ]


def create() -> Callable[..., Any]:
    """Return the application; Granian calls this."""
    from invo_booking.run import serving  # noqa: PLC0415 - it reads the environment

    return serving.create()
