"""The languages on offer, on the page of queues."""

from typing import Any

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.admin import languages
from invo_booking.web.admin.queues import view as presenter
from invo_booking.web.admin.queues.view import LanguageRow
from invo_booking.web.appointment.drawer_view import OptionView
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import Policy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms
from invo_booking.web.kit.forms import text


class LanguagesState(SessionState):
    """In which languages appointments are held.

    Attributes:
        renaming: Code of the language whose name is being changed; empty if none.
        key: Another text after every success, so that the form is empty again.
    """

    rows: list[LanguageRow] = []
    to_add: list[OptionView] = []
    renaming: str = ""
    seen: str = ""
    key: str = ""
    done: str = ""
    problem: str = ""
    errors: dict[str, str] = {}

    @rx.event
    @allow(Policy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the languages."""
        self.renaming = self.done = self.problem = ""
        self.errors = {}
        await self._refresh()
        live.watch(self, routes.QUEUES)

    @rx.event
    @allow(Policy.ADMIN)
    async def add(self, form: dict[str, Any]) -> None:
        """Offer another language."""
        code, name, key = (text(form, it) for it in ("code", "name", "submit_key"))
        actor = await guard.actor(self)
        try:
            async with self._making():
                await ask(languages.add, actor, code, name, key=key)
        except InvoError as error:
            self._refuse(error)
        else:
            await self._succeed("The language is offered.")

    @rx.event
    @allow(Policy.ADMIN)
    async def begin_to_rename(self, code: str) -> None:
        """Open the field for another name."""
        self.seen = next((row.name for row in self.rows if row.code == code), "")
        self.renaming = code if self.seen else ""
        self.problem, self.errors = "", {}

    @rx.event
    @allow(Policy.ADMIN)
    async def rename(self, form: dict[str, Any]) -> None:
        """Call a language something else."""
        actor, name = await guard.actor(self), text(form, "new_name")
        try:
            await ask(languages.rename, actor, self.renaming, name, seen=self.seen)
        except InvoError as error:
            self._refuse(error)
            if self.errors:
                self.errors = {"new_name": str(error)}
        else:
            await self._succeed(f"“{self.seen}” has a new name.")

    @rx.event
    @allow(Policy.ADMIN)
    async def leave_name(self) -> None:
        """Close the field for another name."""
        self.renaming = ""

    @rx.event
    @allow(Policy.ADMIN)
    async def remove(self, code: str) -> None:
        """Offer a language no longer, or say what uses it."""
        try:
            await ask(languages.remove, await guard.actor(self), str(code))
        except InvoError as error:
            self._refuse(error)
            self.problem = str(error)
        else:
            await self._succeed("The language is no longer offered.")

    @rx.event
    @allow(Policy.ADMIN)
    async def dismiss(self) -> None:
        """Take the sentence about a problem away."""
        self.problem = ""

    async def _refresh(self) -> None:
        desk = await ask(languages.language_desk, await guard.actor(self))
        self.rows = presenter.language_rows(desk)
        self.to_add = presenter.languages_to_add(desk)

    async def _succeed(self, said: str) -> None:
        self.done, self.problem, self.errors, self.renaming = said, "", {}, ""
        self.key = f"{self._viewer('UTC').now.timestamp()}"
        await self._refresh()

    def _refuse(self, error: InvoError) -> None:
        self.errors, self.done = forms.errors(error), ""
        self.problem = "" if self.errors else str(error)
