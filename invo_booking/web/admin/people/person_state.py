"""One person, while an administrator changes them."""

from typing import Any
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.errors import InvoError, NotFoundError
from invo_booking.usecases.admin import inviting, staffing
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from invo_booking.usecases.admin.staffing import PersonFile
from invo_booking.web.admin.affected_view import DisplacedView, displaced_views
from invo_booking.web.admin.answers.state import PUT_RIGHT
from invo_booking.web.admin.people import view
from invo_booking.web.admin.people.view import PersonForm
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.core import guard, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import Policy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms, words


class PersonState(SessionState):
    """The form of one person, and what saving it means for appointments."""

    form: PersonForm = PersonForm()
    is_editing: bool = False
    displaced: list[DisplacedView] = []
    rounds: int = 0  # how often all of them were decided at once
    done: str = ""
    problem: str = ""
    errors: dict[str, str] = {}

    _typed: dict[str, Any] = {}  # the form, while its effects are shown
    _switches: bool = False  # whether the account itself is switched on or off
    _said: str = ""  # what is said once the page is there again

    @rx.event
    @allow(Policy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the form of the person the address names, if it names one."""
        self.done, self._said = self._said, ""
        await self._show()

    @rx.event
    @allow(Policy.ADMIN)
    async def look_again(self) -> None:
        """Fill the form with the person as they are now."""
        self.done = ""
        await self._show()

    @rx.event
    @allow(Policy.ADMIN)
    async def submit(self, form: dict[str, Any]) -> EventSpec | None:
        """Save, unless appointments have to be looked at first."""
        self.answered += 1
        self._typed, self._switches = form, False
        return await self._save()

    @rx.event
    @allow(Policy.ADMIN)
    async def switch_account(self) -> EventSpec | None:
        """Keep the person out, or let them in again; nothing else is saved."""
        self._switches = True
        return await self._save()

    @rx.event
    @allow(Policy.ADMIN)
    async def decide(self, appointment_id: str, moves: str) -> None:
        """Say for an appointment whether it goes to somebody else."""
        for one in self.displaced:
            if str(appointment_id) in {one.id, "all"}:
                one.moves = str(moves) == "yes"
        self.rounds += int(str(appointment_id) == "all")

    @rx.event
    @allow(Policy.ADMIN)
    async def save_decided(self) -> EventSpec | None:
        """Save, and do with the appointments as was decided."""
        fates = {
            UUID(one.id): Disposition.REASSIGN if one.moves else Disposition.KEEP
            for one in self.displaced
        }
        return await self._save(fates)

    @rx.event
    @allow(Policy.ADMIN)
    async def go_back(self) -> None:
        """Go back to the form without saving."""
        self.displaced = []

    @rx.event
    @allow(Policy.ADMIN)
    async def send_link(self) -> None:
        """Mail the person a link to set a password."""
        try:
            wanted = words.identifier(self.form.id)
            address = await ask(inviting.send_link, await guard.actor(self), wanted)
        except InvoError as error:
            self.problem, self.done = str(error), ""
        else:
            await self._show()
            self.done = f"A link to set a password is on its way to {address}."

    @rx.event
    @allow(Policy.ADMIN)
    async def dismiss(self) -> None:
        """Take the sentence about a problem away."""
        self.problem = ""

    async def _save(
        self, fates: dict[UUID, Disposition] | None = None
    ) -> EventSpec | None:
        try:
            if not self.form.id:
                return await self._hire()
            saved = await self._change(fates or {})
        except AffectedAppointmentsError as error:
            await self._ask_first(error)
        except InvoError as error:
            self._refuse(error)
        else:
            await self._show()
            self.done = f"{saved.person.name} is saved."
        return None

    async def _change(self, fates: dict[UUID, Disposition]) -> PersonFile:
        actor, wanted = await guard.actor(self), words.identifier(self.form.id)
        version = self.form.version
        if self._switches:
            return await ask(
                staffing.set_active,
                actor,
                wanted,
                active=not self.form.is_active,
                version=version,
                fates=fates,
            )
        draft = view.draft_of(self._typed, await self._drawn())
        return await ask(
            staffing.save, actor, wanted, draft, version=version, fates=fates
        )

    async def _hire(self) -> EventSpec:
        draft = view.draft_of(self._typed, await self._drawn())
        actor, key = await guard.actor(self), forms.submit_key(self._typed)
        async with self._making():
            made = await ask(staffing.create_person, actor, draft, key=key)
        self._said = view.hired(draft.name, is_invited=made.is_invited)
        (await self.get_state(WeekState)).is_changed = False
        return rx.redirect(f"{routes.PEOPLE}?edit={made.person_id}")

    async def _drawn(self) -> PersonDraft:
        drafts = (await self.get_state(WeekState))._drafts
        if not drafts:
            raise NotFoundError("This form is out of date. Open the person again.")
        return drafts[0]

    async def _show(self) -> None:
        self.problem, self.errors, self.displaced = "", {}, []
        self.form, self.is_editing = PersonForm(), False
        asked = self.router.url.query_parameters
        await self._catalogue(await guard.actor(self))
        try:
            if "new" in asked:
                await self._fill(None)
            elif "edit" in asked:
                await self._fill(words.identifier(asked["edit"]))
        except InvoError as error:
            self.problem = str(error)

    async def _fill(self, person_id: UUID | None) -> None:
        actor = await guard.actor(self)
        desk = await ask(staffing.people_desk, actor)
        viewer = self._viewer(desk.institution.zone.key)
        if person_id is None:
            draft, self.form = view.blank_draft(desk), view.blank_form(desk, viewer)
        else:
            file = await ask(staffing.person_file, actor, person_id)
            draft, self.form = file.draft, view.form_of(desk, file, viewer)
        drawn = await self.get_state(WeekState)
        drawn._begin(draft, desk.institution.zone.key, tuple(sorted(desk.holidays)))
        self.is_editing = True

    async def _ask_first(self, error: AffectedAppointmentsError) -> None:
        zone = (await self._catalogue(await guard.actor(self))).time_zone
        self.displaced = displaced_views(error.displaced, self._viewer(zone))
        self.problem, self.errors, self.done, self.rounds = "", {}, "", 0

    def _refuse(self, error: InvoError) -> None:
        self.errors = forms.errors(error)
        self.problem = PUT_RIGHT if self.errors else str(error)
        self.displaced, self.done = [], ""
