"""Switch to another calendar provider, after its consequences are shown."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.settings import calendars
from invo_booking.texts import say
from invo_booking.usecases.admin import switching
from invo_booking.usecases.admin.host_switching import HostConsequences
from invo_booking.usecases.admin.switching import Consequences
from invo_booking.web.admin.connection import state as connection_state
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask, ask_outside
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms


class SwitchDialogState(FormState, mixin=True):
    """A dialog with the consequences of a switch, and the word that confirms it."""

    is_open: bool = False
    to: str = ""
    word: str = ""  # the word that must be typed
    sentences: list[str] = []  # the consequences
    has_events: bool = False  # whether the host calendar has appointments

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def cancel_switch(self) -> None:
        """Close the dialog; nothing is switched."""
        self.is_open, self.problem = False, ""

    def _show_consequences(self, consequences: Consequences | HostConsequences) -> None:
        self.to, self.word, self.problem = consequences.to, consequences.word, ""
        self.sentences = list(consequences.sentences)
        self.has_events = consequences.events > 0

    async def _switch(
        self, switch: Callable[..., str], form: dict[str, Any], done: str
    ) -> None:
        """Switch if the word was typed, and show ``done`` with what went wrong."""
        try:
            problem = await ask_outside(
                switch,
                await guard.actor_of_page(self),
                self.to,
                typed=forms.field_text(form, "typed"),
                cancel_events=forms.field_text(form, "events") == "remove",
            )
        except InvoError as error:
            self._refuse(error, str(error))
            return
        self.is_open, self.problem = False, ""
        await connection_state.show_connection_notice(self, f"{done} {problem}".strip())


class SwitchingState(SwitchDialogState, SessionState):
    """The dialog that switches the provider."""

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
    async def switch_provider(self, form: dict[str, Any]) -> None:
        """Switch to the new provider if its name was typed."""
        done = say("connection.switch.done", name=self.word)
        await self._switch(switching.switch_provider, form, done)

    async def _load_consequences(self, to: str) -> None:
        actor = await guard.actor_of_page(self)
        try:
            consequences = await ask(switching.switching_consequences, actor, to)
        except InvoError as error:
            self.problem = str(error)
        else:
            self._show_consequences(consequences)
