"""State that all staff forms share: success message, problem, errors of fields."""

from collections.abc import Iterator
from contextlib import contextmanager

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.texts import say
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.kit import forms


class FormState(rx.State, mixin=True):
    """The outcome of the latest action in a staff form.

    Attributes:
        done: Message that says what was done; empty if nothing was done.
        problem: Message that says why something was not done; empty if all is well.
        errors: Error messages by field name.
    """

    done: str = ""
    problem: str = ""
    errors: dict[str, str] = {}

    @rx.event
    @allow(EventPolicy.STAFF)
    async def dismiss_notices(self) -> None:
        """Remove the messages; an open form stays open."""
        self.done = self.problem = ""

    @contextmanager
    def _catch_refusal(self) -> Iterator[None]:
        """Show the reason if an action within the context is refused."""
        try:
            yield
        except InvoError as error:
            self._refuse(error)

    def _succeed(self, sentence: str = "") -> None:
        self.done, self.problem, self.errors = sentence, "", {}

    def _refuse(self, error: InvoError, sentence: str = "") -> None:
        """Show why an action was refused, beside the fields at fault if there are any.

        Args:
            error: The error raised by the use case.
            sentence: Message to show instead of the error's own.
        """
        self.done, self.errors = "", forms.field_errors(error)
        self.problem = sentence or (say("kit.put_right") if self.errors else str(error))
