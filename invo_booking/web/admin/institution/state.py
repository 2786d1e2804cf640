"""Who the institution is, on its page."""

from typing import Any
from uuid import UUID

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.admin import institution
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.web.admin.affected_view import (
    DisplacedView,
    displaced_views,
    fates_of,
)
from invo_booking.web.admin.answers.state import PUT_RIGHT
from invo_booking.web.admin.institution import view as presenter
from invo_booking.web.admin.institution.view import InstitutionForm
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import Policy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms


class InstitutionState(SessionState):
    """What the institution says of itself."""

    form: InstitutionForm = InstitutionForm()
    is_ready: bool = False
    displaced: list[DisplacedView] = []
    done: str = ""
    problem: str = ""
    errors: dict[str, str] = {}

    _typed: dict[str, Any] = {}  # the form, while its effects are shown

    @rx.event
    @allow(Policy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Fill the form with what is stored."""
        self.done = ""
        await self._show()

    @rx.event
    @allow(Policy.ADMIN)
    async def submit(self, form: dict[str, Any]) -> None:
        """Save, unless appointments have to be looked at first."""
        self._typed = form
        await self._save({})

    @rx.event
    @allow(Policy.ADMIN)
    async def keep_displaced(self) -> None:
        """Save; the appointments shown stay as they are."""
        await self._save(fates_of(self.displaced, Disposition.KEEP))

    @rx.event
    @allow(Policy.ADMIN)
    async def hand_over(self) -> None:
        """Save; colleagues who can get the appointments shown."""
        await self._save(fates_of(self.displaced, Disposition.REASSIGN))

    @rx.event
    @allow(Policy.ADMIN)
    async def go_back(self) -> None:
        """Go back to the form without saving."""
        self.displaced = []

    async def _save(self, fates: dict[UUID, Disposition]) -> None:
        actor = await guard.actor(self)
        zone = (await self._catalogue(actor)).time_zone
        try:
            await ask(
                institution.change,
                actor,
                presenter.draft_of(self._typed),
                version=self.form.version,
                fates=fates,
            )
        except AffectedAppointmentsError as error:
            viewer = self._viewer(zone)
            self.displaced = displaced_views(error.displaced, viewer, handing_over=True)
            self.problem, self.errors, self.done = "", {}, ""
        except InvoError as error:
            self.errors, self.displaced, self.done = forms.errors(error), [], ""
            self.problem = PUT_RIGHT if self.errors else str(error)
        else:
            self.done = "The institution's details are saved."
            await self._show()

    async def _show(self) -> None:
        actor = await guard.actor(self)
        await self._catalogue(actor)
        managed = await ask(institution.institution_desk, actor)
        stamp = f"{self._viewer('UTC').now.timestamp()}"
        self.form = presenter.form_of(managed, stamp)
        self.problem, self.errors, self.displaced = "", {}, []
        self.is_ready = True
