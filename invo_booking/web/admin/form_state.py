"""The frame of a form of administrators: a draft, a save call, a review before it."""

from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.web.admin.affected_state import AffectedReviewState, Dispositions
from invo_booking.web.core import guard
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow

A_WHILE = timedelta(seconds=30)
"""How long a page says what was saved on the one before, even if it is reloaded."""


class AdminFormState(FormState, AffectedReviewState, mixin=True):
    """A form that is saved whole, once it is known which appointments it concerns.

    Attributes:
        saves: Which part is saved; empty for the form itself.
        is_editing: Whether the form is shown, and not the list it belongs to.
        is_ready: Whether what is stored was read.
    """

    saves: str = ""
    is_editing: bool = False
    is_ready: bool = False

    _typed: dict[str, Any] = {}  # the form, while its effects are reviewed
    _said: str = ""  # on the page that is opened next
    _said_on: str = ""  # which one
    _until: datetime = datetime.min.replace(tzinfo=UTC)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def reload_form(self) -> None:
        """Fill the form with what is stored now."""
        self._succeed()
        await self._show_stored()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def submit_form(self, form: dict[str, Any]) -> EventSpec | None:
        """Save, unless appointments have to be reviewed first."""
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

    async def _show_stored(self) -> None:
        """Show what is stored, and nothing of what was typed or refused."""
        self.problem, self.errors, self.affected = "", {}, []
        await self._load_catalogue(await guard.actor_of_page(self))
        await self._fill_form()
        self.is_ready = True

    async def _stay_on_page(self, sentence: str) -> None:
        """Go on with what is stored now, and say what was saved."""
        await self._show_stored()
        self.done = sentence

    def _leave_page(self, sentence: str, to: str) -> EventSpec:
        """Go to another page, which says what was saved."""
        self._said, self._said_on = sentence, to
        self._until = self._viewer("UTC").now + A_WHILE
        return rx.redirect(to)

    def _show_saved_notice(self) -> None:
        """Say what was saved on the page before, if this is where it led."""
        here = self.router.url
        is_here = self._said_on == f"{here.path}?{here.query}".rstrip("?")
        is_new = is_here and self._viewer("UTC").now < self._until
        self.done = self._said if is_new else ""

    def _new_form_key(self) -> str:
        """Return another text each time, so that a form is drawn again."""
        return f"{self._viewer('UTC').now.timestamp()}"

    def _refuse(self, error: InvoError, sentence: str = "") -> None:
        super()._refuse(error, sentence)
        self.affected = []

    @abstractmethod
    async def _fill_form(self) -> None:
        """Read what is stored into the form."""

    @abstractmethod
    async def _store_form(self, decided: Dispositions) -> EventSpec | None:
        """Save what was typed; return where that leads, ``None`` to stay."""
