"""The page of queues: the list, and the forms of one."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.admin import queues
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.web.admin.affected_view import (
    DisplacedView,
    displaced_views,
    fates_of,
)
from invo_booking.web.admin.answers.state import A_WHILE, PUT_RIGHT
from invo_booking.web.admin.queues import view as presenter
from invo_booking.web.admin.queues.view import QueueForm, QueueRow
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import Policy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms, words


class QueuesState(SessionState):
    """Lines of business, and the one being edited."""

    rows: list[QueueRow] = []
    form: QueueForm = QueueForm()
    is_editing: bool = False
    is_ready: bool = False
    displaced: list[DisplacedView] = []
    done: str = ""
    problem: str = ""
    people_problem: str = ""
    errors: dict[str, str] = {}

    _said: str = ""  # to be shown once the list is there again
    _until: datetime = datetime.min.replace(tzinfo=UTC)
    _people: list[str] = []  # who shall serve the queue, while the effects are shown

    @rx.event
    @allow(Policy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the list, or the form of the queue the address names."""
        await self._show()
        if self.is_editing:
            self._said = ""
        self.done = self._said if self._viewer("UTC").now < self._until else ""
        live.watch(self, routes.QUEUES)

    @rx.event
    @allow(Policy.ADMIN)
    async def look_again(self) -> None:
        """Fill the forms with the queue as it is now."""
        await self._show()

    @rx.event
    @allow(Policy.ADMIN)
    async def submit(self, form: dict[str, Any]) -> EventSpec | None:
        """Save name, assignment and whether it is on offer; go back to the list."""
        self.answered += 1
        actor, draft, seen = (
            await guard.actor(self),
            presenter.draft_of(form),
            self.form,
        )
        try:
            if seen.id:
                wanted = UUID(seen.id)
                made = await ask(
                    queues.change, actor, wanted, draft, version=seen.version
                )
            else:
                key = forms.submit_key(form)
                async with self._making():
                    made = await ask(queues.create, actor, draft, key=key)
        except InvoError as error:
            self._refuse(error)
            return None
        return self._leave(f"“{made.name}” is saved.")

    @rx.event
    @allow(Policy.ADMIN)
    async def submit_people(self, form: dict[str, Any]) -> EventSpec | None:
        """Save who serves the queue, unless appointments have to be looked at first."""
        self._people = [str(person_id) for person_id in presenter.ticked_people(form)]
        return await self._serve({})

    @rx.event
    @allow(Policy.ADMIN)
    async def keep_displaced(self) -> EventSpec | None:
        """Save who serves the queue; the appointments shown stay as they are."""
        return await self._serve(fates_of(self.displaced, Disposition.KEEP))

    @rx.event
    @allow(Policy.ADMIN)
    async def hand_over(self) -> EventSpec | None:
        """Save who serves the queue; colleagues get the appointments shown."""
        return await self._serve(fates_of(self.displaced, Disposition.REASSIGN))

    @rx.event
    @allow(Policy.ADMIN)
    async def go_back(self) -> None:
        """Leave who serves the queue as it is."""
        self.displaced = []

    @rx.event
    @allow(Policy.ADMIN)
    async def dismiss(self) -> None:
        """Take the sentence about a problem away."""
        self.problem = ""

    async def _serve(self, fates: dict[UUID, Disposition]) -> EventSpec | None:
        try:
            await ask(
                queues.serve,
                await guard.actor(self),
                words.identifier(self.form.id),
                [UUID(one) for one in self._people],
                seen=[UUID(one) for one in self.form.seen],
                fates=fates,
            )
        except AffectedAppointmentsError as error:
            zone = (await self._catalogue(await guard.actor(self))).time_zone
            viewer = self._viewer(zone)
            self.displaced = displaced_views(error.displaced, viewer, handing_over=True)
        except InvoError as error:
            self.people_problem, self.displaced = str(error), []
        else:
            return self._leave(f"Who serves “{self.form.heading}” is saved.")
        return None

    async def _refresh(self) -> None:
        desk = await ask(queues.queue_desk, await guard.actor(self))
        self.rows = presenter.queue_rows(desk)

    async def _show(self) -> None:
        actor = await guard.actor(self)
        await self._catalogue(actor)
        desk = await ask(queues.queue_desk, actor)
        asked = self.router.url.query_parameters
        stamp = f"{self._viewer('UTC').now.timestamp()}"
        found = presenter.form_of(desk, asked.get("edit", ""), stamp)
        if found is None and "new" in asked:
            found = presenter.blank_form(stamp)
        self.form, self.is_editing = found or QueueForm(), found is not None
        self.rows = presenter.queue_rows(desk)
        self.problem = self.people_problem = ""
        self.errors, self.displaced = {}, []
        self.is_ready = True

    def _refuse(self, error: InvoError) -> None:
        self.errors = forms.errors(error)
        self.problem = PUT_RIGHT if self.errors else str(error)
        self.displaced = []

    def _leave(self, said: str) -> EventSpec:
        self._said, self._until = said, self._viewer("UTC").now + A_WHILE
        return rx.redirect(routes.QUEUES)
