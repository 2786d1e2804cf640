"""Show programs and all tokens; plain forms, not this state, request new tokens."""

from uuid import UUID

import reflex as rx

from invo_booking.texts import say
from invo_booking.usecases.accounts import programs, tokens
from invo_booking.web.admin.programs import view as presenter
from invo_booking.web.admin.programs.view import ProgramForm, ProgramRowView
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.text.tokens import TokenView


class ProgramsState(FormState, SessionState):
    """Programs, all tokens, and the form that is open.

    Attributes:
        asking: Id of the program whose revocation awaits a confirmation.
    """

    rows: list[ProgramRowView] = []
    tokens: list[TokenView] = []
    form: ProgramForm = ProgramForm()
    is_editing: bool = False
    is_ready: bool = False
    asking: str = ""

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the list, or the form that the URL names."""
        query = dict(self.router.url.query_parameters)
        overview = await self._refresh()
        if self.is_ready and await is_reconnect(self):
            return
        form = presenter.program_form_of(overview, query)
        self.form, self.is_editing = form or ProgramForm(), form is not None
        self.done, self.errors = "", presenter.program_form_errors(query)
        self.problem = (
            say("kit.put_right")
            if self.errors
            else presenter.program_form_problem(query)
        )
        self.is_ready = True

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def ask_to_revoke(self, program: str) -> None:
        """Ask for a confirmation before a program is revoked for good."""
        self.asking = str(program)
        self._succeed()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def cancel_revoke(self) -> None:
        """Cancel the revocation."""
        self.asking = ""

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def revoke_program(self) -> None:
        """Revoke the program whose revocation was confirmed, with its tokens."""
        asking, self.asking = self.asking, ""
        if asking not in {row.id for row in self.rows}:
            self.problem = presenter.GONE
            return
        with self._catch_refusal():
            account = await ask(
                programs.revoke_program, await guard.actor_of_page(self), UUID(asking)
            )
            self._succeed(say("programs.done.revoked", name=account.name))
        await self._refresh()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def revoke_token(self, key: str) -> None:
        """Revoke a person's token."""
        with self._catch_refusal():
            await ask(
                tokens.revoke_any_api_token, await guard.actor_of_page(self), str(key)
            )
            self._succeed(say("tokens.revoked"))
        await self._refresh()

    async def _refresh(self) -> programs.ProgramsOverview:
        actor = await guard.actor_of_page(self)
        viewer = self._viewer((await self._load_catalogue(actor)).time_zone)
        overview = await ask(programs.programs_overview, actor)
        self.rows = presenter.program_rows(overview, viewer)
        self.tokens = presenter.program_token_rows(
            await ask(tokens.all_api_tokens, actor), viewer
        )
        return overview
