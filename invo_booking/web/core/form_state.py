"""What every form of staff has: done, problem, a sentence for each field at fault."""

from collections.abc import Iterator
from contextlib import contextmanager

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.texts import say
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.kit import forms


class FormState(rx.State, mixin=True):
    """What came of the last press; ``kit.unsaved`` asks before a form is left.

    Attributes:
        done: What was done, in a sentence.
        problem: Why something was not done.
        errors: A sentence for each field that was refused.
    """

    done: str = ""
    problem: str = ""
    errors: dict[str, str] = {}

    @rx.event
    @allow(EventPolicy.STAFF)
    async def dismiss_notices(self) -> None:
        """Take the sentences away; what is open stays open."""
        self.done = self.problem = ""

    @contextmanager
    def _catch_refusal(self) -> Iterator[None]:
        """Say why what is tried inside was refused."""
        try:
            yield
        except InvoError as error:
            self._refuse(error)

    def _succeed(self, sentence: str = "") -> None:
        self.done, self.problem, self.errors = sentence, "", {}

    def _refuse(self, error: InvoError, sentence: str = "") -> None:
        """Say why not; where fields are at fault, beside them.

        Args:
            error: The refusal.
            sentence: Said instead of the error's own.
        """
        self.done, self.errors = "", forms.field_errors(error)
        self.problem = sentence or (say("kit.put_right") if self.errors else str(error))
