"""Move, resize and assign by dragging; each drop can be undone for ten seconds."""

import reflex as rx

from invo_booking.domain.errors import ConflictError, InvoError, NotFoundError
from invo_booking.texts import say
from invo_booking.usecases.appointment import as_seen
from invo_booking.usecases.appointment.as_seen import SeenVersion
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.web.bookings import drag_view
from invo_booking.web.bookings import state as board
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.words import EventView, ViewerContext


class DragState(FormState, SessionState):
    """Targets of a drag, the latest error message, and the latest drop, to undo it."""

    openings: dict[str, list[list[str]]] = {}
    revision: int = 0  # rises after every drop, so that the grid is redrawn
    undo_number: int = 0  # rises with every drop that can be undone

    _undo: drag_view.Undo | None = None
    _undo_version: int = 0  # version after the drop, which the undo expects

    @rx.event
    @allow(EventPolicy.STAFF)
    async def show_openings(self, appointment_id: str) -> None:
        """Show where an appointment can be dropped."""
        self.openings = {}
        viewer = self._viewer(await board.calendar_board_zone(self))
        try:
            wanted, shown = (
                words.parse_id(appointment_id),
                await board.calendar_board_window(self, viewer),
            )
            actor = await guard.actor_of_page(self)
            openings = await ask(calendar.drop_openings, actor, wanted, shown)
        except InvoError:
            return  # the drop itself will show the reason
        self.openings = words.opening_views(openings, viewer)

    @rx.event
    @allow(EventPolicy.STAFF)
    async def move_appointment(
        self, appointment_id: str, version: int, start: str, end: str, lane: str
    ) -> None:
        """Move, resize or assign by dragging; if ``lane`` is empty, the agent stays.

        ``version`` is the version on the screen when the drag began, so that newer
        changes by others are noticed.
        """
        viewer = self._viewer(await board.calendar_board_zone(self))
        gone = EventView(id=appointment_id, start=start, end=end)
        # For an appointment that is gone, the use case below shows the reason.
        old = await board.shown_calendar_event(self, appointment_id) or gone
        drop = drag_view.DropPlace(start, end, lane)
        try:
            await self._change_for_drop(
                old, words.version_of_form(version), drop, viewer
            )
        except InvoError as error:
            self._refuse(error, words.explain_refusal(error, viewer))
        await board.refresh_calendar_board(self)
        self.openings = {}
        self.revision += 1

    @rx.event
    @allow(EventPolicy.STAFF)
    async def undo_drag(self) -> None:
        """Undo the last drop."""
        undo, self._undo, self.done = self._undo, None, ""
        viewer = self._viewer(await board.calendar_board_zone(self))
        try:
            if undo is None:
                raise ConflictError(say("bookings.undo.over"))
            await self._restore_appointment(undo)
            self._succeed()
        except InvoError as error:
            self._refuse(error, words.explain_refusal(error, viewer))
        await board.refresh_calendar_board(self)

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def end_undo(self, number: int) -> None:
        """Remove the offer to undo the drop with this number, which has expired."""
        if number == self.undo_number:
            self.done, self._undo = "", None

    async def _change_for_drop(
        self,
        old: EventView,
        version: int,
        drop: drag_view.DropPlace,
        viewer: ViewerContext,
    ) -> None:
        period = await board.period_of_calendar_event(self, old.id)
        change = drag_view.drag_change_of(old, period, drop, viewer)
        actor, appointment_id = await guard.actor_of_page(self), words.parse_id(old.id)
        saved = await ask(
            appointments.change_appointment,
            actor,
            appointment_id,
            change,
            version=version,
        )
        self._undo = drag_view.drag_undo_of(old, period, drop, saved)
        self._undo_version = saved.version
        self.undo_number += 1
        self._succeed(drag_view.drag_drop_notice(old, saved, drop, viewer))
        live.watch_pages(self, routes.BOOKINGS)

    async def _restore_appointment(self, undo: drag_view.Undo) -> None:
        actor, version = await guard.actor_of_page(self), self._undo_version
        change, appointment_id = drag_view.drag_change_back(undo), undo.appointment_id
        await ask(
            appointments.undo_change, actor, appointment_id, change, version=version
        )

    async def _refresh(self) -> None:
        """Remove the offer to undo when a newer change has been made."""
        if not self._undo:
            return
        actor, appointment_id = (
            await guard.actor_of_page(self),
            self._undo.appointment_id,
        )
        seen = SeenVersion(appointment_id, self._undo_version)
        try:
            fact = await ask(as_seen.overtaken_sentence, actor, seen)
        except NotFoundError as error:
            fact = str(error)
        if fact:
            self.done, self._undo = "", None
            self.problem = say("bookings.undo.gone", fact=fact)
