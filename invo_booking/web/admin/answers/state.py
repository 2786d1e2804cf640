"""The page of Answers: the list, and the form of one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.admin import answers
from invo_booking.usecases.admin.answers import AnswerDesk
from invo_booking.web.admin.answers import view as presenter
from invo_booking.web.admin.answers.view import AnswerForm, AnswerRow
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import Policy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms, words


class AnswersState(SessionState):
    """What can be booked, and the Answer being edited."""

    rows: list[AnswerRow] = []
    archived: list[AnswerRow] = []
    form: AnswerForm = AnswerForm()
    is_editing: bool = False
    is_ready: bool = False
    asks_to_archive: bool = False
    done: str = ""
    problem: str = ""
    errors: dict[str, str] = {}

    _said: str = ""  # to be shown once the list is there again
    _until: datetime = datetime.min.replace(tzinfo=UTC)

    @rx.event
    @allow(Policy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the list, or the form of the Answer the address names."""
        await self._show(await self._read())
        if self.is_editing:
            self._said = ""
        self.done = self._said if self._viewer("UTC").now < self._until else ""
        live.watch(self, routes.ANSWERS)

    @rx.event
    @allow(Policy.ADMIN)
    async def look_again(self) -> None:
        """Fill the form with the Answer as it is now."""
        await self._show(await self._read())

    @rx.event
    @allow(Policy.ADMIN)
    async def submit(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the form, and go back to the list."""
        self.answered += 1
        actor = await guard.actor(self)
        try:
            draft = presenter.draft_of(form)
            if self.form.id:
                made = await ask(
                    answers.change,
                    actor,
                    UUID(self.form.id),
                    draft,
                    version=self.form.version,
                )
            else:
                key = forms.submit_key(form)
                async with self._making():
                    made = await ask(answers.create, actor, draft, key=key)
        except InvoError as error:
            return self._refuse(error)
        return self._leave(f"“{made.title}” is saved.")

    @rx.event
    @allow(Policy.ADMIN)
    async def ask_to_archive(self) -> None:
        """Say what archiving means before it is done."""
        self.asks_to_archive = True

    @rx.event
    @allow(Policy.ADMIN)
    async def keep(self) -> None:
        """Do not archive after all."""
        self.asks_to_archive = False

    @rx.event
    @allow(Policy.ADMIN)
    async def archive(self) -> EventSpec | None:
        """Archive the Answer being edited."""
        actor, wanted = await guard.actor(self), self.form
        try:
            answer_id = words.identifier(wanted.id)
            await ask(answers.archive, actor, answer_id, version=wanted.version)
        except InvoError as error:
            return self._refuse(error)
        return self._leave(f"“{wanted.heading}” is archived.")

    @rx.event
    @allow(Policy.ADMIN)
    async def restore(self, answer_id: str, version: int) -> None:
        """Put an archived Answer back on the list."""
        try:
            await ask(
                answers.restore,
                await guard.actor(self),
                words.identifier(answer_id),
                version=version,
            )
        except InvoError as error:
            self.problem = str(error)
        else:
            self.done = "It is back at the end of the list, not open to customers yet."
        await self._refresh()

    @rx.event
    @allow(Policy.ADMIN)
    async def move_up(self, answer_id: str) -> None:
        """Put an Answer one place further up."""
        await self._move(answer_id, -1)

    @rx.event
    @allow(Policy.ADMIN)
    async def move_down(self, answer_id: str) -> None:
        """Put an Answer one place further down."""
        await self._move(answer_id, 1)

    @rx.event
    @allow(Policy.ADMIN)
    async def dismiss(self) -> None:
        """Take the sentence about a problem away."""
        self.problem = ""

    async def _move(self, answer_id: str, step: int) -> None:
        order = presenter.order_after(self.rows, answer_id, step)
        try:
            await ask(
                answers.arrange,
                await guard.actor(self),
                [UUID(one) for one in order],
                seen=[UUID(row.id) for row in self.rows],
            )
        except InvoError as error:
            self.problem = str(error)
        await self._refresh()

    async def _refresh(self) -> None:
        desk = await self._read()
        self.rows = presenter.rows(desk, archived=False)
        self.archived = presenter.rows(desk, archived=True)

    async def _read(self) -> AnswerDesk:
        actor = await guard.actor(self)
        await self._catalogue(actor)
        return await ask(answers.answer_desk, actor)

    async def _show(self, desk: AnswerDesk) -> None:
        asked = self.router.url.query_parameters
        stamp = f"{self._viewer('UTC').now.timestamp()}"
        found = presenter.form_of(desk, asked.get("edit", ""), stamp)
        if found is None and "new" in asked:
            found = presenter.blank_form(desk, stamp)
        self.form, self.is_editing = found or AnswerForm(), found is not None
        self.rows = presenter.rows(desk, archived=False)
        self.archived = presenter.rows(desk, archived=True)
        self.problem, self.errors, self.asks_to_archive = "", {}, False
        self.is_ready = True

    def _refuse(self, error: InvoError) -> None:
        self.errors = forms.errors(error)
        self.problem = PUT_RIGHT if self.errors else str(error)
        self.asks_to_archive = False

    def _leave(self, said: str) -> EventSpec:
        self._said, self._until = said, self._viewer("UTC").now + A_WHILE
        return rx.redirect(routes.ANSWERS)


A_WHILE = timedelta(seconds=30)
"""How long a list says what was just saved, even if the page is loaded again."""

PUT_RIGHT = "Nothing is saved yet. Put right what is marked below."
