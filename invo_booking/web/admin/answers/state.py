"""The state of the page of Answers: the list, and the form of one Answer."""

from functools import partial
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import answers
from invo_booking.usecases.admin.catalogue.answers import AnswersOverview
from invo_booking.web.admin.affected_state import Dispositions
from invo_booking.web.admin.answers import view as presenter
from invo_booking.web.admin.answers.view import AnswerForm, AnswerRowView
from invo_booking.web.admin.catalogue_state import CatalogueState
from invo_booking.web.core import guard, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.text import words


class AnswersState(CatalogueState, SessionState):
    """The Answers, and the Answer that is being edited."""

    rows: list[AnswerRowView] = []
    archived: list[AnswerRowView] = []
    form: AnswerForm = AnswerForm()
    asks_to_archive: bool = False

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the list, or the form of the Answer that the URL names."""
        await self._show_page(routes.ANSWERS)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def ask_to_archive(self) -> None:
        """Show the consequences of archiving, and ask for a confirmation."""
        self.asks_to_archive = True

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def cancel_archive(self) -> None:
        """Cancel the archiving."""
        self.asks_to_archive = False

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def archive_answer(self) -> EventSpec | None:
        """Archive the Answer being edited."""
        self.asks_to_archive = False
        with self._catch_refusal():
            actor, form = await guard.actor_of_page(self), self.form
            answer_id = words.parse_id(form.id)
            await ask(answers.archive_answer, actor, answer_id, version=form.version)
            return self._leave_page(
                say("answers.done.archived", title=form.heading), routes.ANSWERS
            )
        return None

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def restore_answer(self, answer_id: str, version: int) -> None:
        """Return an archived Answer to the list."""
        with self._catch_refusal():
            actor, answer = await guard.actor_of_page(self), words.parse_id(answer_id)
            shown = words.version_of_form(version)
            await ask(answers.restore_answer, actor, answer, version=shown)
            self._succeed(say("answers.done.restored"))
        await self._refresh()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def move_answer_up(self, answer_id: str) -> None:
        """Move an Answer up by one place."""
        await self._move_answer(answer_id, -1)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def move_answer_down(self, answer_id: str) -> None:
        """Move an Answer down by one place."""
        await self._move_answer(answer_id, 1)

    async def _move_answer(self, answer_id: str, step: int) -> None:
        order = presenter.answer_order_after(self.rows, answer_id, step)
        with self._catch_refusal():
            await ask(
                answers.arrange_answers,
                await guard.actor_of_page(self),
                [UUID(one) for one in order],
                seen=[UUID(row.id) for row in self.rows],
            )
            self._succeed()
        await self._refresh()

    async def _store_form(self, decided: Dispositions) -> EventSpec:
        stored = await self._change_or_create(
            self.form,
            presenter.answer_draft_of_form(self._typed),
            change=partial(answers.change_answer, dispositions=decided),
            create=answers.create_answer,
        )
        return self._leave_page(say("admin.saved", title=stored.title), routes.ANSWERS)

    async def _fill_form(self) -> None:
        overview, key = await self._refresh(), self._new_form_key()
        form = self._form_of_address(
            lambda answer_id: presenter.answer_form_of(overview, answer_id, key),
            lambda: presenter.blank_answer_form(overview, key),
        )
        self.form, self.is_editing = form or AnswerForm(), form is not None
        self.asks_to_archive = False

    async def _refresh(self) -> AnswersOverview:
        overview = await ask(answers.answers_overview, await guard.actor_of_page(self))
        self.rows = presenter.answer_rows(overview, archived=False)
        self.archived = presenter.answer_rows(overview, archived=True)
        return overview
