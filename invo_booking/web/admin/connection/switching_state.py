"""Switch to another calendar provider, after its consequences are shown."""

from typing import Any

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.settings import calendars
from invo_booking.texts import say
from invo_booking.usecases.admin import switching
from invo_booking.usecases.admin.switching import Consequences
from invo_booking.web.admin.connection import state as connection_state
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask, ask_outside
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms


class SwitchingState(FormState, SessionState):
    """The dialog that switches the provider; the new provider's name must be typed."""

    is_open: bool = False
    to: str = ""
    word: str = ""  # the word that must be typed
    sentences: list[str] = []  # the consequences
    has_events: bool = False  # whether the host calendar has appointments

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def ask_for_provider(self) -> None:
        """Open the dialog, in which the new provider is chosen."""
        await self._load_consequences(calendars.NO_PROVIDER)
        self.is_open = bool(self.word)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def choose_provider(self, to: str) -> None:
        """Show the consequences of switching to a provider."""
        await self._load_consequences(str(to))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def cancel_switch(self) -> None:
        """Close the dialog and keep the current provider."""
        self.is_open, self.problem = False, ""

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def switch_provider(self, form: dict[str, Any]) -> None:
        """Switch to the new provider if its name was typed."""
        removes = forms.field_text(form, "events") == "remove"
        typed = forms.field_text(form, "typed")
        try:
            actor = await guard.actor_of_page(self)
            problem = await ask_outside(
                switching.switch_provider,
                actor,
                self.to,
                typed=typed,
                cancel_events=removes,
            )
        except InvoError as error:
            self._refuse(error, str(error))
            return
        self.is_open, self.problem = False, ""
        done = say("connection.switch.done", name=self.word)
        await connection_state.show_connection_notice(self, f"{done} {problem}".strip())

    async def _load_consequences(self, to: str) -> None:
        try:
            consequences = await ask(
                switching.switching_consequences, await guard.actor_of_page(self), to
            )
        except InvoError as error:
            self.problem = str(error)
        else:
            self._show_consequences(consequences)

    def _show_consequences(self, consequences: Consequences) -> None:
        self.to, self.word, self.problem = consequences.to, consequences.word, ""
        self.sentences = list(consequences.sentences)
        self.has_events = consequences.events > 0
