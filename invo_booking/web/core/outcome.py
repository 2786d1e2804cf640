"""Say what came of a press: done, or why not."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

import reflex as rx

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import InvoError
from invo_booking.usecases.shared.deps import Deps
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import Policy, allow

P = ParamSpec("P")

TOKEN_REVOKED = "The token is revoked and works no more."  # noqa: S105  (a sentence)


class OutcomeMixin(rx.State, mixin=True):
    """One sentence about what was done, or about the problem."""

    done: str = ""
    problem: str = ""

    @rx.event
    @allow(Policy.STAFF)
    async def dismiss(self) -> None:
        """Take the sentence about a problem away."""
        self.problem = ""

    async def _do(
        self,
        done: str,
        usecase: Callable[Concatenate[Deps, Actor, P], object],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Carry out a use case of the signed-in person, and say what came of it."""
        actor = await guard.actor(self)
        try:
            await ask(usecase, actor, *args, **kwargs)
        except InvoError as error:
            self.done, self.problem = "", str(error)
        else:
            self.done, self.problem = done, ""
