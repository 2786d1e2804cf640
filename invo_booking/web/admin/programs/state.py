"""Show programs and everybody's tokens. New tokens go past it, by plain forms."""

from uuid import UUID

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.accounts import programs, tokens
from invo_booking.web.admin.answers.state import PUT_RIGHT
from invo_booking.web.admin.programs import view as presenter
from invo_booking.web.admin.programs.view import ProgramForm, ProgramRow
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import Policy, allow
from invo_booking.web.core.outcome import TOKEN_REVOKED, OutcomeMixin
from invo_booking.web.core.session import SessionState
from invo_booking.web.profile.view import TokenView


class ProgramsState(OutcomeMixin, SessionState):
    """Programs, everybody's tokens, and a form.

    Attributes:
        asking: Id of the program about to be revoked, while that is asked again.
    """

    rows: list[ProgramRow] = []
    tokens: list[TokenView] = []
    form: ProgramForm = ProgramForm()
    is_editing: bool = False
    is_ready: bool = False
    asking: str = ""
    errors: dict[str, str] = {}

    @rx.event
    @allow(Policy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the list, or the form the address asks for."""
        query = dict(self.router.url.query_parameters)
        desk = await self._refresh()
        found = presenter.form_of(desk, query)
        self.form, self.is_editing = found or ProgramForm(), found is not None
        self.errors = presenter.errors(query)
        self.problem = PUT_RIGHT if self.errors else presenter.problem(query)
        self.done = ""
        self.is_ready = True

    @rx.event
    @allow(Policy.ADMIN)
    async def ask_to_revoke(self, program: str) -> None:
        """Ask again before a program is revoked for good."""
        self.asking = str(program)
        self.done = self.problem = ""

    @rx.event
    @allow(Policy.ADMIN)
    async def keep(self) -> None:
        """Revoke nothing."""
        self.asking = ""

    @rx.event
    @allow(Policy.ADMIN)
    async def revoke(self) -> None:
        """Take the program that was asked about out of use, with its tokens."""
        try:
            program_id = UUID(self.asking)
            account = await ask(programs.revoke, await guard.actor(self), program_id)
        except (InvoError, ValueError) as error:
            known = isinstance(error, InvoError)
            self.done, self.problem = "", str(error) if known else presenter.GONE
        else:
            self.done = f"“{account.name}” is revoked. Its tokens work no more."
            self.problem = ""
        self.asking = ""
        await self._refresh()

    @rx.event
    @allow(Policy.ADMIN)
    async def revoke_token(self, key: str) -> None:
        """Take a person's token out of use."""
        await self._do(TOKEN_REVOKED, tokens.revoke_anybodys, str(key))
        await self._refresh()

    async def _refresh(self) -> programs.ProgramDesk:
        actor = await guard.actor(self)
        viewer = self._viewer((await self._catalogue(actor)).time_zone)
        desk = await ask(programs.program_desk, actor)
        self.rows = presenter.program_rows(desk, viewer)
        self.tokens = presenter.token_rows(
            await ask(tokens.of_everybody, actor), viewer
        )
        return desk
