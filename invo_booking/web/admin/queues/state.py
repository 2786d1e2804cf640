"""The state of the page of queues: the list, and the forms of one queue."""

from functools import partial
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import queues
from invo_booking.usecases.admin.catalogue.queues import QueuesOverview
from invo_booking.web.admin import opening_state
from invo_booking.web.admin.affected_state import Dispositions
from invo_booking.web.admin.catalogue_state import CatalogueState
from invo_booking.web.admin.queues import view as presenter
from invo_booking.web.admin.queues.view import QueueForm, QueueRowView
from invo_booking.web.core import guard, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.text import words

PEOPLE = "people"


class QueuesState(CatalogueState, SessionState):
    """The queues, and the queue that is being edited."""

    rows: list[QueueRowView] = []
    form: QueueForm = QueueForm()

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the list, or the forms of the queue that the URL names."""
        await self._show_page(routes.QUEUES)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def submit_people(self, form: dict[str, Any]) -> EventSpec | None:
        """Save who serves the queue, unless affected appointments need a review."""
        self._typed, self.saves = form, PEOPLE
        return await self._save_reviewed({})

    async def _store_form(self, decided: Dispositions) -> EventSpec:
        if self.saves == PEOPLE:
            return await self._serve(decided)
        stored = await self._change_or_create(
            self.form,
            presenter.queue_draft_of_form(
                self._typed, await opening_state.opening_hours_draft(self)
            ),
            change=partial(queues.change_queue, dispositions=decided),
            create=queues.create_queue,
        )
        await opening_state.mark_opening_hours_saved(self)
        return self._leave_page(say("admin.saved", title=stored.name), routes.QUEUES)

    async def _serve(self, decided: Dispositions) -> EventSpec:
        await ask(
            queues.set_queue_people,
            await guard.actor_of_page(self),
            words.parse_id(self.form.id),
            presenter.ticked_queue_people(self._typed),
            seen=[UUID(one) for one in self.form.seen],
            dispositions=decided,
        )
        return self._leave_page(
            say("queues.people.saved", name=self.form.heading), routes.QUEUES
        )

    async def _fill_form(self) -> None:
        overview, key = await self._refresh(), self._new_form_key()
        form = self._form_of_address(
            lambda queue_id: presenter.queue_form_of(overview, queue_id, key),
            lambda: presenter.blank_queue_form(key),
        )
        self.form, self.is_editing = form or QueueForm(), form is not None
        stored = {str(it.queue.id): it.queue for it in overview.queues}
        queue = stored.get(self.form.id)
        await opening_state.show_opening_hours(
            self, queue.opening_hours if queue else ()
        )

    async def _refresh(self) -> QueuesOverview:
        overview = await ask(queues.queues_overview, await guard.actor_of_page(self))
        self.rows = presenter.queue_rows(overview)
        return overview
