"""The common part of administrators' forms: draft, saving, review of effects."""

from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.web.admin.affected_state import AffectedReviewState, Dispositions
from invo_booking.web.core import guard
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow

A_WHILE = timedelta(seconds=30)
"""How long a page shows what was saved on the previous page, even after a reload."""


class AdminFormState(FormState, AffectedReviewState, mixin=True):
    """A form that is saved as a whole, after a review of the appointments it affects.

    Attributes:
        saves: Name of the part of the page that is saved; empty for the main form.
        is_editing: Whether the form is shown instead of the list.
        is_ready: Whether the stored data is loaded.
    """

    saves: str = ""
    is_editing: bool = False
    is_ready: bool = False

    _typed: dict[str, Any] = {}  # submitted fields, kept during the review
    _said: str = ""  # message for the page that opens next
    _said_on: str = ""  # address of that page
    _until: datetime = datetime.min.replace(tzinfo=UTC)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def reload_form(self) -> None:
        """Fill in the form with the stored data again."""
        self._succeed()
        await self._show_stored()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def submit_form(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the form, unless affected appointments must be reviewed first."""
        self._typed, self.saves = form, ""
        return await self._save_reviewed({})

    async def _save_reviewed(self, decided: Dispositions) -> EventSpec | None:
        self.answered += 1
        with self._catch_refusal():
            try:
                return await self._store_form(decided)
            except AffectedAppointmentsError as error:
                await self._review_affected(error)
        return None

    async def _review_affected(self, error: AffectedAppointmentsError) -> None:
        await self._list_affected(error)
        self._succeed()

    async def _is_kept(self) -> bool:
        """Whether an open page only reconnects, so that an open form must stay."""
        if not self.is_ready or not await is_reconnect(self):
            return False
        await self._load_catalogue(await guard.actor_of_page(self))
        return True

    async def _show_stored(self) -> None:
        """Show the stored data, without drafts and error messages."""
        self.problem, self.errors, self.affected = "", {}, []
        await self._load_catalogue(await guard.actor_of_page(self))
        await self._fill_form()
        self.is_ready = True

    async def _stay_on_page(self, sentence: str) -> None:
        """Show the stored data on this page, with a message about what was saved."""
        await self._show_stored()
        self.done = sentence

    def _leave_page(self, sentence: str, to: str) -> EventSpec:
        """Redirect to another page, which shows a message about what was saved."""
        self._said, self._said_on = sentence, to
        self._until = self._viewer("UTC").now + A_WHILE
        return rx.redirect(to)

    def _show_saved_notice(self) -> None:
        """Show the message of the previous page, if that page led to this one."""
        here = self.router.url
        is_here = self._said_on == f"{here.path}?{here.query}".rstrip("?")
        is_new = is_here and self._viewer("UTC").now < self._until
        self.done = self._said if is_new else ""

    def _new_form_key(self) -> str:
        """Return a new key, so that the browser draws the form again."""
        return f"{self._viewer('UTC').now.timestamp()}"

    def _refuse(self, error: InvoError, sentence: str = "") -> None:
        super()._refuse(error, sentence)
        self.affected = []

    @abstractmethod
    async def _fill_form(self) -> None:
        """Load the stored data into the form."""

    @abstractmethod
    async def _store_form(self, decided: Dispositions) -> EventSpec | None:
        """Save the form; return the redirect to the next page, or ``None`` to stay."""
