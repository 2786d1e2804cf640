"""Switch to another kind of host calendar, after its consequences are shown."""

from typing import Any

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.texts import say
from invo_booking.usecases.admin import host_switching
from invo_booking.web.admin.connection import state as connection_state
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask, ask_outside
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms


class HostKindState(FormState, SessionState):
    """The dialog that switches the kind of host calendar.

    If a host calendar is connected, the name of the new kind must be typed.
    """

    is_open: bool = False
    to: str = ""
    word: str = ""  # the word that must be typed
    sentences: list[str] = []  # the consequences
    has_events: bool = False  # whether the host calendar has appointments

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def choose_kind(self, to: str) -> None:
        """Show the consequences of a switch; without a connection, switch at once."""
        actor = await guard.actor_of_page(self)
        try:
            consequences = await ask(host_switching.host_consequences, actor, str(to))
        except InvoError as error:
            await connection_state.show_connection_problem(self, error)
            return
        self.to, self.word, self.problem = consequences.to, consequences.word, ""
        self.sentences, self.has_events = (
            list(consequences.sentences),
            consequences.events > 0,
        )
        self.is_open = bool(consequences.word)
        if not self.is_open:
            await self._switch("", removes=False)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def cancel_switch(self) -> None:
        """Close the dialog and keep the current kind."""
        self.is_open, self.problem = False, ""

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def switch_host(self, form: dict[str, Any]) -> None:
        """Switch to the new kind if its name was typed."""
        removes = forms.field_text(form, "events") == "remove"
        await self._switch(forms.field_text(form, "typed"), removes=removes)

    async def _switch(self, typed: str, *, removes: bool) -> None:
        actor = await guard.actor_of_page(self)
        try:
            problem = await ask_outside(
                host_switching.switch_host,
                actor,
                self.to,
                typed=typed,
                cancel_events=removes,
            )
        except InvoError as error:
            self._refuse(error, str(error))
            return
        done = say("connection.host_kind.done") if self.is_open else ""
        self.is_open, self.problem = False, ""
        await connection_state.show_connection_notice(self, f"{done} {problem}".strip())
