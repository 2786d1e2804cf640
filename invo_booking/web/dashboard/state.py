"""The state of the dashboard: the next, today's and unassigned appointments."""

import reflex as rx

from invo_booking.domain.errors import ConflictError, NotAllowedError
from invo_booking.texts import say
from invo_booking.usecases.calendars.outside_agents import own_calendar_problem
from invo_booking.usecases.calendars.personal.sign_in import (
    offered_personal_calendars,
)
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.usecases.upkeep.attention import work_trouble
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.dashboard import view
from invo_booking.web.dashboard.view import (
    AppointmentRowView,
    LateView,
    NextView,
    WaitView,
)
from invo_booking.web.kit.calendar.personal_view import (
    PersonalView,
    personal_warning_view,
)
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.moments import MomentView, moment_view


class DashboardState(FormState, SessionState):
    """The day of one agent."""

    greeting: str = ""
    today_line: str = ""
    calendar_problem: str = ""  # why the agent's own calendar cannot be read
    work_trouble: list[str] = []  # periodic work that is not done; for administrators
    next_up: NextView = NextView()
    today: list[AppointmentRowView] = []
    late: list[LateView] = []
    waiting: list[WaitView] = []
    waiting_count: int = 0
    personal: PersonalView = PersonalView()
    unplaced: list[WaitView] = []
    unplaced_count: int = 0
    undelivered: list[WaitView] = []
    moment: MomentView = MomentView()
    undo_number: int = 0  # rises with every action that can be undone
    is_ready: bool = False

    _taken_id: str = ""
    _taken_version: int = 0

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def open_page(self) -> None:
        """Show the day, and keep the page up to date."""
        if not await is_reconnect(self):
            self._succeed()
            if routes.REFUSED in self.router.url.query_parameters:
                self.problem = str(NotAllowedError())
        await self._refresh()
        live.watch_pages(self, routes.DASHBOARD)

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def refresh_page(self) -> None:
        """Reload the page after the passing of time has changed its content."""
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def take_appointment(self, appointment_id: str, version: int) -> None:
        """Assign an appointment, if still as displayed, to the signed-in person."""
        with self._catch_refusal():
            actor = await guard.actor_of_page(self)
            appointment, shown = (
                words.parse_id(appointment_id),
                words.version_of_form(version),
            )
            got = await ask(
                appointments.take_appointment, actor, appointment, version=shown
            )
            self._taken_id, self._taken_version = appointment_id, got.version
            self.undo_number += 1
            self._succeed(
                say("dashboard.took", title=got.title, name=got.customer.name)
            )
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def undo_take(self) -> None:
        """Unassign the appointment that was just taken."""
        taken_id, self._taken_id, self.done = self._taken_id, "", ""
        with self._catch_refusal():
            if not taken_id:
                raise ConflictError(say("bookings.undo.over"))
            actor = await guard.actor_of_page(self)
            appointment_id, shown = words.parse_id(taken_id), self._taken_version
            await ask(
                appointments.give_back_appointment, actor, appointment_id, version=shown
            )
            self._succeed()
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def end_undo(self, number: int) -> None:
        """Remove the offer to undo the action with this number, which has expired."""
        if number == self.undo_number:
            self.done, self._taken_id = "", ""

    @rx.event
    @allow(EventPolicy.STAFF)
    async def keep_waiting(self, appointment_id: str, version: int) -> None:
        """Keep the appointment and continue waiting for a late customer."""
        with self._catch_refusal():
            actor = await guard.actor_of_page(self)
            appointment, shown = (
                words.parse_id(appointment_id),
                words.version_of_form(version),
            )
            await ask(
                appointments.keep_waiting_for_customer,
                actor,
                appointment,
                version=shown,
            )
            self._succeed()
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def cancel_as_late(self, appointment_id: str, version: int) -> None:
        """Cancel the appointment because the customer did not come."""
        with self._catch_refusal():
            actor = await guard.actor_of_page(self)
            appointment, shown = (
                words.parse_id(appointment_id),
                words.version_of_form(version),
            )
            cancel = appointments.cancel_appointment
            await ask(cancel, actor, appointment, "", late=True, version=shown)
            self._succeed()
        await self._refresh()

    async def _refresh(self) -> None:
        actor = await guard.actor_of_page(self)
        catalogue = await self._load_catalogue(actor)
        viewer = self._viewer(catalogue.time_zone)
        dashboard = await ask(calendar.own_dashboard, actor)
        self.greeting = view.dashboard_greeting(self.person, viewer)
        self.today_line = view.dashboard_today_summary(dashboard, viewer)
        self.calendar_problem = view.dashboard_calendar_problem(
            await ask(own_calendar_problem, actor), viewer
        )
        trouble = await ask(work_trouble, actor)
        self.work_trouble = view.dashboard_work_trouble(trouble, viewer)
        self.next_up = view.dashboard_next_view(dashboard.next, catalogue, viewer)
        self.today = view.dashboard_today_rows(dashboard, viewer)
        self.late = view.dashboard_late_views(dashboard.late, viewer)
        self.waiting = view.dashboard_wait_views(dashboard.unassigned, viewer)
        self.waiting_count = len(dashboard.unassigned)
        self.personal = personal_warning_view(
            actor,
            await ask(offered_personal_calendars),
            dashboard.unassigned,
            viewer,
        )
        self.unplaced = view.dashboard_wait_views(dashboard.unplaced, viewer)
        self.unplaced_count = len(dashboard.unplaced)
        self.undelivered = view.dashboard_wait_views(dashboard.undelivered, viewer)
        self.moment = moment_view(
            view.dashboard_changes_at(dashboard, viewer), viewer.now
        )
        self.is_ready = True
