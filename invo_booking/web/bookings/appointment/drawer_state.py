"""The state of the drawer: one appointment to read, assign, edit and cancel."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import reflex as rx

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import ConflictError, InvoError, NotFoundError
from invo_booking.texts import say
from invo_booking.usecases.staff import (
    appointments,
    detail,
    host_conflicts,
    sending_again,
)
from invo_booking.web.bookings import state as board
from invo_booking.web.bookings.appointment import drawer_view, forms, starts_state
from invo_booking.web.bookings.appointment import meanwhile_view as meanwhile
from invo_booking.web.bookings.appointment.drawer_view import DetailView
from invo_booking.web.bookings.appointment.meanwhile_view import FieldDifferenceView
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.calendar.conflicts_view import ConflictView, conflict_views
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.forms import form_version as shown
from invo_booking.web.kit.text import times, words
from invo_booking.web.kit.text.moments import MomentView, moment_view
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.words import ViewerContext

_FORMS = frozenset({"edit", "cancel"})


class DrawerState(FormState, SessionState):
    """The open appointment; ``mode`` says what the drawer shows."""

    mode: str = ""  # "" if closed; else "view", "edit" or "cancel"
    seen: DetailView = DetailView()
    base: DetailView = DetailView()  # the appointment when the form was opened
    meanwhile: str = ""  # changes by others since then, in words
    differences: list[FieldDifferenceView] = []
    branches: list[OptionView] = []  # empty if only one exists
    press_key: str = ""  # idempotency key for the next press
    moment: MomentView = MomentView()
    conflicts: list[ConflictView] = []  # with the host calendar; at most one

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def open_from_address(self) -> None:
        """Open the appointment named in the URL, or reload the open appointment.

        On a reconnect, the appointment in the URL is not opened again.
        """
        appointment_id = self.router.url.query_parameters.get("a", "")
        if appointment_id and not await is_reconnect(self):
            await self._open_appointment(appointment_id)
        elif self.seen.id:
            await self._refresh()
            live.watch_pages(self, routes.BOOKINGS)

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def refresh_page(self) -> None:
        """Reload the whole page after the passing of time has changed its content."""
        await board.refresh_calendar_board(self)
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def open_appointment(self, appointment_id: str) -> None:
        """Open an appointment."""
        await self._open_appointment(appointment_id)

    @rx.event
    @allow(EventPolicy.STAFF)
    async def close_drawer(self) -> None:
        """Close the drawer."""
        self._close_drawer()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def switch_mode(self, mode: str) -> None:
        """Switch the drawer to ``"view"``, ``"edit"`` or ``"cancel"``."""
        if not self.mode or mode not in {"view", "edit", "cancel"}:
            return
        self.mode = mode
        self._succeed()
        self.base, self.meanwhile, self.differences = self.seen, "", []
        if mode == "edit":
            catalogue = await self._load_catalogue(await guard.actor_of_page(self))
            self.branches = drawer_view.drawer_branch_options(catalogue)
            await starts_state.begin_appointment_form(
                self, drawer_view.appointment_edit_fields(self.seen, self.branches)
            )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def assign_agent(self, agent_id: str, version: int) -> None:
        """Assign the appointment to an agent; an empty id removes the agent."""
        with self._catch_refusal():
            agent = words.parse_id(agent_id) if agent_id else None
            await self._change_appointment(
                appointments.assign_appointment,
                agent,
                version=words.version_of_form(version),
            )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def take_appointment(self, version: int) -> None:
        """Assign the open, unassigned appointment to the signed-in person."""
        await self._change_appointment(
            appointments.take_appointment, version=words.version_of_form(version)
        )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def save_appointment(self, form: dict[str, Any]) -> None:
        """Save only the fields that were edited.

        Other people's changes to other fields are kept. The form sends the displayed
        version, so that the change is refused if another person has changed the same
        field.
        """
        viewer = await self._board_viewer()
        with self._catch_refusal():
            change = forms.appointment_change_of_form(form, self.base, viewer)
            await self._change_appointment(
                appointments.change_appointment, change, version=shown(form)
            )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def cancel_appointment(self, form: dict[str, Any]) -> None:
        """Cancel the appointment with a reason."""
        reason = field_text(form, "reason")
        await self._change_appointment(
            appointments.cancel_appointment, reason, version=shown(form)
        )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def cancel_as_late(self, version: int) -> None:
        """Cancel the appointment because the customer did not come."""
        version = words.version_of_form(version)
        await self._change_appointment(
            appointments.cancel_appointment, "", late=True, version=version
        )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def keep_waiting(self, version: int) -> None:
        """Keep the appointment and continue waiting for a late customer."""
        await self._change_appointment(
            appointments.keep_waiting_for_customer,
            version=words.version_of_form(version),
        )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def send_confirmation(self, key: str) -> None:
        """Send the confirmation to the customer again."""
        await self._change_appointment(sending_again.send_confirmation, key=str(key))
        if not self.problem and self.seen.id:
            self.done = say("drawer.sent_again", address=self.seen.email)

    async def _change_appointment(
        self, usecase: Callable[..., Any], *args: Any, **more: Any
    ) -> None:
        appointment_id = self.seen.id
        if not appointment_id:
            return
        try:
            actor = await guard.actor_of_page(self)
            await ask(usecase, actor, words.parse_id(appointment_id), *args, **more)
        except ConflictError as error:
            self._refuse(error)
            await self._refresh()
            return
        except InvoError as error:
            self._refuse(error)
            return
        await self._open_appointment(appointment_id)
        await board.refresh_calendar_board(self)

    async def _open_appointment(self, appointment_id: str) -> None:
        try:
            await self._load_appointment(appointment_id)
        except InvoError as error:
            self.seen, self.mode = DetailView(), "view"
            self._refuse(error)
            return
        self.mode, self.press_key = "view", secrets.token_urlsafe(16)
        self._succeed()
        self.base, self.meanwhile, self.differences = self.seen, "", []
        live.watch_pages(self, routes.BOOKINGS)

    async def _load_appointment(self, appointment_id: str) -> None:
        actor = await guard.actor_of_page(self)
        wanted = words.parse_id(appointment_id)
        appointment = await ask(detail.appointment_detail, actor, wanted)
        conflict = await ask(host_conflicts.conflict_of, actor, wanted)
        viewer = await self._board_viewer()
        self.seen = drawer_view.appointment_detail_view(
            appointment, times.zone_city(viewer.zone.key), viewer
        )
        self.conflicts = conflict_views([conflict] if conflict else [], viewer)
        self.moment = moment_view(
            drawer_view.drawer_changes_at(appointment, viewer.now), viewer.now
        )

    async def _refresh(self) -> None:
        """Reload the open appointment; what was typed into its form stays."""
        if not self.seen.id:
            return
        try:
            await self._load_appointment(self.seen.id)
        except NotFoundError:
            self._show_missing()
        if self.mode in _FORMS:
            self.meanwhile = (
                meanwhile.appointment_events_since(self.base, self.seen)
                or self.meanwhile
            )
            self.differences = meanwhile.appointment_field_differences(
                self.base, self.seen
            )

    def _show_missing(self) -> None:
        """Show that this person cannot see the appointment now; an open form stays."""
        gone = say("drawer.gone")
        if self.mode in _FORMS:
            self.seen = replace(self.seen, may_edit=False, may_cancel=False)
            self.meanwhile = gone
            return
        self.seen, self.base, self.moment = DetailView(), DetailView(), MomentView()
        self.conflicts = []
        self.done, self.problem = "", f"{self.problem} {gone}".strip()

    async def _board_viewer(self) -> ViewerContext:
        return self._viewer(await board.calendar_board_zone(self))

    def _refuse(self, error: InvoError, sentence: str = "") -> None:
        super()._refuse(error, sentence or str(error))

    def _close_drawer(self) -> None:
        self.mode, self.seen, self.moment = "", DetailView(), MomentView()
        self.conflicts = []
        self._succeed()
        self.base, self.meanwhile, self.differences = DetailView(), "", []


async def close_appointment_drawer(state: rx.State) -> None:
    """Close the drawer on the page of ``state``."""
    (await state.get_state(DrawerState))._close_drawer()


async def open_created_appointment(
    state: rx.State, appointment: Appointment, viewer: ViewerContext
) -> None:
    """Open the new appointment, or show that the actor is not allowed to open it."""
    drawer = await state.get_state(DrawerState)
    await drawer._open_appointment(str(appointment.id))
    if not drawer.seen.id:
        drawer._succeed(drawer_view.appointment_created_notice(appointment, viewer))
