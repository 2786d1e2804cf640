"""Moving, resizing and assigning by dragging, with ten seconds to think again."""

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.usecases import appointments, calendar
from invo_booking.web import guard
from invo_booking.web.ask import ask
from invo_booking.web.guard import Policy, allow
from invo_booking.web.presenters import drag, place, staff
from invo_booking.web.presenters.staff import EventView, Eyes
from invo_booking.web.states.bookings import BookingsState
from invo_booking.web.states.session import SessionState


class DragState(SessionState):
    """What may be dropped where, what was refused, and what may be undone."""

    openings: dict[str, list[list[str]]] = {}
    problem: str = ""
    done: str = ""  # what can be undone, in words; empty if nothing
    revision: int = 0  # rises after every drop: the grid draws what is true

    _undo: dict[str, str] = {}

    @rx.event
    @allow(Policy.STAFF)
    async def grab(self, appointment_id: str) -> None:
        """Say where an appointment may be dropped, before it is."""
        self.openings = {}
        board = await self.get_state(BookingsState)
        eyes = self._eyes(board._zone)
        shown = place.window(board._current_place(eyes), eyes.zone, eyes.locale)
        try:
            wanted = staff.identifier(appointment_id)
            actor = await guard.actor(self)
            found = await ask(calendar.openings, actor, wanted, shown)
        except InvoError:
            return  # the drop itself will be refused, with its reason
        self.openings = staff.opening_views(found, eyes)

    @rx.event
    @allow(Policy.STAFF)
    async def move(self, appointment_id: str, start: str, end: str, lane: str) -> None:
        """Move, resize or assign by dragging; an empty lane keeps the agent."""
        board = await self.get_state(BookingsState)
        eyes = self._eyes(board._zone)
        old = next((one for one in board.events if one.id == appointment_id), None)
        if old is None:
            return
        try:
            await self._change(old, drag.Drop(start, end, lane), eyes)
        except InvoError as error:
            self.problem, self.done = staff.explain(error, eyes), ""
        await board._refresh()
        self.openings = {}
        self.revision += 1

    @rx.event
    @allow(Policy.STAFF)
    async def undo(self) -> None:
        """Put back what was dragged last."""
        undo, self._undo, self.done = self._undo, {}, ""
        board = await self.get_state(BookingsState)
        eyes = self._eyes(board._zone)
        try:
            if undo:
                await self._put_back(undo, eyes)
        except InvoError as error:
            self.problem = staff.explain(error, eyes)
        await board._refresh()

    @rx.event
    @allow(Policy.STAFF, is_activity=False)
    async def let_go(self) -> None:
        """End the time in which something can be undone."""
        self.done, self._undo = "", {}

    @rx.event
    @allow(Policy.STAFF)
    async def dismiss(self) -> None:
        """Take the sentence about a problem away."""
        self.problem = ""

    async def _change(self, old: EventView, drop: drag.Drop, eyes: Eyes) -> None:
        change = drag.change_of(old, drop, eyes)
        actor, wanted = await guard.actor(self), staff.identifier(old.id)
        await ask(appointments.change, actor, wanted, change, version=old.version)
        self.problem = ""
        self._undo = drag.undo_of(old, drop)
        self.done = drag.done(old, drop, eyes)

    async def _put_back(self, undo: dict[str, str], eyes: Eyes) -> None:
        change = drag.change_back(undo, eyes)
        actor, wanted = await guard.actor(self), staff.identifier(undo["id"])
        await ask(appointments.change, actor, wanted, change)
