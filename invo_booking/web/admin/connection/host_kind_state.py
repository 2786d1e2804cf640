"""Switch to another kind of host calendar, after its consequences are shown."""

from typing import Any

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.texts import say
from invo_booking.usecases.admin import host_switching
from invo_booking.web.admin.connection import state as connection_state
from invo_booking.web.admin.connection.switching_state import SwitchDialogState
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState


class HostKindState(SwitchDialogState, SessionState):
    """The dialog that switches the kind of host calendar, if one is connected."""

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
        self._show_consequences(consequences)
        self.is_open = bool(consequences.word)
        if not self.is_open:
            await self._switch(host_switching.switch_host, {}, "")

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def switch_host(self, form: dict[str, Any]) -> None:
        """Switch to the new kind if its name was typed."""
        done = say("connection.host_kind.done") if self.is_open else ""
        await self._switch(host_switching.switch_host, form, done)
