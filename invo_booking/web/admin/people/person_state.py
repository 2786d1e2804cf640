"""The state of the form of one person."""

from typing import Any
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.errors import InvoError, PasswordNeededError
from invo_booking.texts import say
from invo_booking.usecases.accounts.reauthentication import with_password
from invo_booking.usecases.admin import inviting, staffing
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.staffing import PersonFile
from invo_booking.web.admin.affected_state import Dispositions
from invo_booking.web.admin.form_state import AdminFormState
from invo_booking.web.admin.people import view, week_state
from invo_booking.web.admin.people.view import PersonForm
from invo_booking.web.core import guard, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms
from invo_booking.web.kit.text import words

ACCOUNT = "account"


class PersonState(AdminFormState, SessionState):
    """The form of one person, and the effects of saving it on appointments."""

    form: PersonForm = PersonForm()
    rounds: int = 0  # how often all appointments were decided at once
    is_asking: bool = False  # whether the administrator's password is required
    password_problem: str = ""

    _decided: Dispositions = {}  # decisions to save after the password is given
    _links: bool = False  # a link, not the form, waits for the password
    _link_key: str = ""  # idempotency key of this link

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the form of the person that the URL names, if any."""
        if not await self._is_kept():
            self._show_saved_notice()
            await self._show_stored()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def toggle_account(self) -> EventSpec | None:
        """Disable or enable the account of the person; saves nothing else."""
        self.saves = ACCOUNT
        return await self._save_reviewed({})

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def decide_appointment(self, appointment_id: str, moves: str) -> None:
        """Decide whether an appointment goes to another agent."""
        for one in self.affected:
            if str(appointment_id) in {one.id, "all"}:
                one.moves = str(moves) == "yes" and one.instead != ""
        self.rounds += int(str(appointment_id) == "all")

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def save_decisions(self) -> EventSpec | None:
        """Save the form with the decisions about appointments."""
        decided = {
            UUID(one.id): Disposition.REASSIGN if one.moves else Disposition.KEEP
            for one in self.affected
        }
        return await self._save_reviewed(decided)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def send_link(self, key: str) -> None:
        """Mail the person a link to set a password."""
        self._links, self._link_key = True, str(key)
        await self._send_link()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def submit_own_password(self, form: dict[str, Any]) -> EventSpec | None:
        """Continue the action that waits for the administrator's password."""
        if not self.is_asking:
            return None
        typed, self.password_problem = forms.password_of_form(form), ""
        try:
            guard.replace_actor_of_page(
                await ask(with_password, await guard.actor_of_page(self), typed)
            )
        except InvoError as error:
            self.password_problem = str(error)
            return None
        if not self._links:
            return await self._save_reviewed(self._decided)
        await self._send_link()
        return None

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def cancel_own_password(self) -> None:
        """Cancel the action that waits for the administrator's password."""
        self.is_asking, self.password_problem = False, ""

    async def _send_link(self) -> None:
        with self._catch_refusal():
            actor = await guard.actor_of_page(self)
            person_id = words.parse_id(self.form.id)
            async with self._create_once():
                address = await ask(
                    inviting.send_password_link, actor, person_id, key=self._link_key
                )
            await self._stay_on_page(say("people.done.link", address=address))

    async def _store_form(self, decided: Dispositions) -> EventSpec | None:
        self._decided, self._links = decided, False
        if not self.form.id:
            return await self._create_person()
        saved = await self._change_person(decided)
        await self._stay_on_page(say("people.done.saved", name=saved.person.name))
        return None

    async def _change_person(self, decided: Dispositions) -> PersonFile:
        actor, person_id = await guard.actor_of_page(self), words.parse_id(self.form.id)
        version = self.form.version
        if self.saves == ACCOUNT:
            return await ask(
                staffing.set_person_active,
                actor,
                person_id,
                active=not self.form.is_active,
                version=version,
                dispositions=decided,
            )
        draft = view.person_draft_of_form(
            self._typed, await week_state.person_hours_draft(self)
        )
        return await ask(
            staffing.save_person,
            actor,
            person_id,
            draft,
            version=version,
            dispositions=decided,
        )

    async def _create_person(self) -> EventSpec:
        draft = view.person_draft_of_form(
            self._typed, await week_state.person_hours_draft(self)
        )
        actor, key = await guard.actor_of_page(self), forms.submit_key(self._typed)
        async with self._create_once():
            person = await ask(staffing.create_person, actor, draft, key=key)
        await week_state.mark_person_hours_saved(self)
        self.is_asking = False
        notice = view.person_created_notice(draft.name, is_invited=person.is_invited)
        return self._leave_page(notice, f"{routes.PEOPLE}?edit={person.person_id}")

    async def _fill_form(self) -> None:
        self.form, self.is_editing = PersonForm(), False
        self.is_asking, self.password_problem = False, ""
        query = self.router.url.query_parameters
        with self._catch_refusal():
            if "new" in query:
                await self._open_person(None)
            elif "edit" in query:
                await self._open_person(words.parse_id(query["edit"]))

    async def _open_person(self, person_id: UUID | None) -> None:
        actor = await guard.actor_of_page(self)
        overview = await ask(staffing.people_overview, actor)
        viewer = self._viewer(overview.institution.zone.key)
        if person_id is None:
            week = await ask(staffing.open_week, actor, ())
            draft = view.blank_hours_draft(overview, week)
            self.form = view.blank_person_form(overview, viewer)
        else:
            file = await ask(staffing.person_file, actor, person_id)
            draft, self.form = file.draft, view.person_form_of(overview, file, viewer)
        await week_state.show_person_week(self, draft, overview)
        self.is_editing = True

    async def _review_affected(self, error: AffectedAppointmentsError) -> None:
        await super()._review_affected(error)
        self.rounds, self.is_asking = 0, False

    def _refuse(self, error: InvoError, sentence: str = "") -> None:
        if isinstance(error, PasswordNeededError):
            self._succeed()
            self.password_problem = str(error) if self.is_asking else ""
            self.is_asking = True
            return
        super()._refuse(error, sentence)
        self.is_asking = False
