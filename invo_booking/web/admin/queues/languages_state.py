"""The state of the panel of languages on the page of queues."""

from typing import Any

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import languages
from invo_booking.web.admin.queues import view as presenter
from invo_booking.web.admin.queues.view import LanguageRowView
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.text.names import OptionView


class LanguagesState(FormState, SessionState):
    """The languages in which appointments are held.

    Attributes:
        renaming: Code of the language that is being renamed; empty if none.
        key: A new value, set after a language is added, empties the form for new
            languages.
    """

    rows: list[LanguageRowView] = []
    to_add: list[OptionView] = []
    renaming: str = ""
    seen: str = ""
    key: str = "0"

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the languages."""
        if not await is_reconnect(self):
            self.renaming = ""
            self._succeed()
        await self._refresh()
        live.watch_pages(self, routes.QUEUES)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def add_language(self, form: dict[str, Any]) -> None:
        """Add a language in which appointments can be held."""
        code, name, key = (
            field_text(form, it) for it in ("code", "name", "submit_key")
        )
        actor = await guard.actor_of_page(self)
        with self._catch_refusal():
            async with self._create_once():
                await ask(languages.add_language, actor, code, name, key=key)
            self.key = f"{int(self.key) + 1}"
            await self._reload_with_notice(say("languages.done.added"))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def open_rename(self, code: str) -> None:
        """Open the field for the new name of a language."""
        self.seen = next((row.name for row in self.rows if row.code == code), "")
        self.renaming = code if self.seen else ""
        self._succeed()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def rename_language(self, form: dict[str, Any]) -> None:
        """Change the name of a language."""
        actor, name = await guard.actor_of_page(self), field_text(form, "new_name")
        with self._catch_refusal():
            await ask(
                languages.rename_language, actor, self.renaming, name, seen=self.seen
            )
            self.renaming = ""
            await self._reload_with_notice(
                say("languages.done.renamed", name=self.seen)
            )
        if self.errors:
            self.errors = {"new_name": next(iter(self.errors.values()))}

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def close_rename(self) -> None:
        """Close the field for the new name."""
        self.renaming = ""

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def remove_language(self, code: str) -> None:
        """Remove a language, or show what still uses it."""
        try:
            await ask(
                languages.remove_language, await guard.actor_of_page(self), str(code)
            )
        except InvoError as error:
            self._refuse(error, str(error))
        else:
            await self._reload_with_notice(say("languages.done.removed"))

    async def _refresh(self) -> None:
        managed = await ask(
            languages.managed_languages, await guard.actor_of_page(self)
        )
        self.rows = presenter.language_rows(managed)
        self.to_add = presenter.languages_to_add(managed)

    async def _reload_with_notice(self, notice: str) -> None:
        self._succeed(notice)
        await self._refresh()
