"""The state of the form with the details of the institution."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.usecases.admin import institution
from invo_booking.web.admin import opening_state
from invo_booking.web.admin.affected_state import Dispositions
from invo_booking.web.admin.form_state import AdminFormState
from invo_booking.web.admin.institution import view as presenter
from invo_booking.web.admin.institution.view import InstitutionForm
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState


class InstitutionState(AdminFormState, SessionState):
    """The details of the institution."""

    form: InstitutionForm = InstitutionForm()

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Fill in the form with the stored details."""
        if not await self._is_kept():
            await self._stay_on_page("")

    async def _store_form(self, decided: Dispositions) -> None:
        await ask(
            institution.change_institution,
            await guard.actor_of_page(self),
            presenter.institution_draft_of_form(
                self._typed, await opening_state.opening_hours_draft(self)
            ),
            version=self.form.version,
            dispositions=decided,
        )
        await self._stay_on_page(say("institution.saved"))

    async def _fill_form(self) -> None:
        managed = await ask(
            institution.managed_institution, await guard.actor_of_page(self)
        )
        self.form = presenter.institution_form_of(managed, self._new_form_key())
        await opening_state.show_opening_hours(self, managed.institution.opening_hours)
