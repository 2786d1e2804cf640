"""The state of the form for a new appointment."""

from typing import Any

import reflex as rx

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import (
    CustomerBusyError,
    InvoError,
    NotAllowedError,
)
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.calendar import StaffCatalogue
from invo_booking.usecases.staff.catalogue import (
    appointment_catalogue_for,
    may_create_appointment,
)
from invo_booking.web.bookings import state as board
from invo_booking.web.bookings.appointment import (
    draft_view,
    drawer_state,
    drawer_view,
    forms,
    starts_state,
)
from invo_booking.web.bookings.appointment.draft_view import FirstValuesView
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.forms import submit_key
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.names import OptionView, channel_options


class DraftState(FormState, SessionState):
    """The options of the form for a new appointment, and its error messages."""

    is_open: bool = False
    is_customer_busy: bool = False
    start: FirstValuesView = FirstValuesView()
    answers: list[OptionView] = []
    queues: list[OptionView] = []
    languages: list[OptionView] = []
    channels: list[OptionView] = []
    branches: list[OptionView] = []  # empty if only one exists
    agents: list[OptionView] = []

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def open_from_address(self) -> None:
        """Open the empty form if the URL has ``new`` and this is no reconnect."""
        if await is_reconnect(self):
            return
        if not self.is_open:
            self._succeed()
        if self.router.url.query_parameters.get("new"):
            await self._open_draft("", "", "")

    @rx.event
    @allow(EventPolicy.STAFF)
    async def open_draft(self, start: str, end: str, lane: str) -> None:
        """Open the form; all arguments are empty unless a span was drawn.

        Args:
            start: Wall time.
            end: Wall time.
            lane: Id of the lane on which the span was drawn.
        """
        await self._open_draft(start, end, lane)

    async def _open_draft(self, start: str, end: str, lane: str) -> None:
        actor = await guard.actor_of_page(self)
        everything = await self._load_catalogue(actor)
        if not may_create_appointment(everything, actor):
            self.is_open = False
            self._refuse(NotAllowedError())
            return
        await drawer_state.close_appointment_drawer(self)
        catalogue = appointment_catalogue_for(everything, actor)
        viewer = self._viewer(catalogue.time_zone)
        where = await board.calendar_board_place(self, viewer)
        start = start or draft_view.proposed_appointment_start(where, catalogue, viewer)
        self.start = draft_view.appointment_start_view(
            start, end, lane, catalogue, viewer
        )
        self.answers = drawer_view.drawer_answer_options(catalogue)
        self.queues = [OptionView(str(q.id), q.name) for q in catalogue.queues]
        self.agents = drawer_view.drawer_agent_options(catalogue)
        self.branches = drawer_view.drawer_branch_options(catalogue)
        self._show_options(catalogue, self.start.answer)
        fields = draft_view.appointment_draft_fields(
            self.start, self.queues, self.languages, self.channels, self.branches
        )
        await starts_state.begin_appointment_form(self, fields)
        self._succeed()
        self.is_open, self.is_customer_busy = True, False

    @rx.event
    @allow(EventPolicy.STAFF)
    async def choose_answer(self, answer_id: str) -> None:
        """Choose a topic, and offer its languages, channels and length."""
        actor = await guard.actor_of_page(self)
        catalogue = appointment_catalogue_for(await self._load_catalogue(actor), actor)
        self._show_options(catalogue, answer_id)
        answer = forms.answer_of_appointment_form(catalogue, answer_id)
        self.start.answer = answer_id if answer else ""
        if answer:
            self.start.minutes = str(answer.duration_minutes)
        await starts_state.change_appointment_topic(
            self,
            {
                "answer": self.start.answer,
                "minutes": self.start.minutes,
                "channel": self.channels[0].value,
            },
            [one.value for one in self.languages],
        )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def close_draft(self) -> None:
        """Close the form."""
        self._succeed()
        self.is_open = False

    @rx.event
    @allow(EventPolicy.STAFF)
    async def submit_draft(self, form: dict[str, Any]) -> None:
        """Create the appointment, or show why it is refused."""
        catalogue = await self._load_catalogue(await guard.actor_of_page(self))
        viewer = self._viewer(catalogue.time_zone)
        try:
            async with self._create_once():
                draft = forms.appointment_draft_of_form(form, catalogue, viewer)
                actor, key = await guard.actor_of_page(self), submit_key(form)
                appointment = await ask(
                    appointments.create_appointment, actor, draft, key=key
                )
        except InvoError as error:
            self._refuse(error, words.explain_refusal(error, viewer))
            self.is_customer_busy = isinstance(error, CustomerBusyError)
            return
        self._succeed()
        self.is_open = False
        await board.refresh_calendar_board(self)
        await drawer_state.open_created_appointment(self, appointment, viewer)

    def _show_options(self, catalogue: StaffCatalogue, answer_id: str) -> None:
        answer = forms.answer_of_appointment_form(catalogue, answer_id)
        codes = answer.languages if answer else catalogue.languages
        self.languages = drawer_view.drawer_language_options(codes)
        self.channels = channel_options(answer.channels if answer else tuple(Channel))
