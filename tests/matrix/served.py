"""The whole web process, with a state of our own beside the product's."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from invo_booking.web.guard import Policy, allow


class Mark(rx.State):
    """Tells when everything that was sent before has been answered."""

    at: int = 0

    @rx.event
    @allow(Policy.PUBLIC)
    async def reach(self, number: int) -> None:
        self.at = number


def create() -> Callable[..., Any]:
    """Return the application; Granian calls this."""
    from invo_booking import serving  # noqa: PLC0415 - it reads the environment

    return serving.create()
