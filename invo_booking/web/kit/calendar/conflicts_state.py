"""Resolve conflicts with the host calendar."""

from collections.abc import Callable
from uuid import UUID

import reflex as rx

from invo_booking.domain.access.roles import Action, Actor
from invo_booking.texts import count, say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import host_conflicts
from invo_booking.web.core import guard, live
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.calendar import conflicts_view
from invo_booking.web.kit.calendar.conflicts_view import ConflictView
from invo_booking.web.kit.text import words

FIRST = 20
"""Number of conflicts shown at first; each click on *more* shows as many more."""

Decision = Callable[[Deps, Actor, UUID], None]
DecisionAboutAll = Callable[[Deps, Actor], int]


class ConflictsState(FormState, SessionState):
    """Appointments that conflict with the host calendar.

    Either the event of an appointment was moved or deleted in the host calendar and the
    appointment could not follow, or the host calendar refused the event.
    """

    conflicts: list[ConflictView] = []
    number: int = 0
    more: str = ""  # button that shows more; empty if all are shown
    may_decide: bool = False
    number_deleted: int = 0
    number_moved_at_once: int = 0
    moved_at_once: str = ""

    _most: int = FIRST

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def open_page(self) -> None:
        """Show the first conflicts and keep them up to date."""
        if not await is_reconnect(self):
            self._most = FIRST
            self._succeed()
        await self._refresh()
        live.watch_pages(self, self.router.url.path.rstrip("/"))

    @rx.event
    @allow(EventPolicy.STAFF)
    async def show_more(self) -> None:
        """Show more conflicts."""
        self._most = len(self.conflicts) + FIRST
        await self._refresh()

    @rx.event
    @allow(EventPolicy.STAFF)
    async def restore_in_host(self, appointment_id: str) -> None:
        """Move the event in the host calendar back to the time of the appointment."""
        notice = say("conflicts.done.put_back")
        await self._apply_decision(host_conflicts.restore_event, appointment_id, notice)

    @rx.event
    @allow(EventPolicy.STAFF)
    async def follow_host(self, appointment_id: str) -> None:
        """Move an appointment to the time of its event in the host calendar."""
        notice = say("conflicts.done.followed")
        await self._apply_decision(
            host_conflicts.follow_moved_event, appointment_id, notice
        )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def write_to_host(self, appointment_id: str) -> None:
        """Try again to write an appointment into the host calendar."""
        notice = say("conflicts.done.written")
        await self._apply_decision(host_conflicts.rewrite_event, appointment_id, notice)

    @rx.event
    @allow(EventPolicy.STAFF)
    async def write_all_to_host(self) -> None:
        """Write all events again that were deleted in the host calendar."""
        await self._decide_about_all(
            host_conflicts.rewrite_deleted_events, "conflicts.done.all_written"
        )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def follow_all(self) -> None:
        """Move all appointments whose events were moved at the same time."""
        await self._decide_about_all(
            host_conflicts.follow_events_moved_at_once, "conflicts.done.all_followed"
        )

    @rx.event
    @allow(EventPolicy.STAFF)
    async def restore_all_in_host(self) -> None:
        """Move all events back that were moved at the same time."""
        await self._decide_about_all(
            host_conflicts.restore_events_moved_at_once, "conflicts.done.all_put_back"
        )

    async def _decide_about_all(self, decide: DecisionAboutAll, notice: str) -> None:
        with self._catch_refusal():
            actor = await guard.actor_of_page(self)
            self._succeed(count(notice, await ask(decide, actor)))
        await self._refresh()

    async def _apply_decision(
        self, decision: Decision, appointment_id: str, notice: str
    ) -> None:
        with self._catch_refusal():
            actor = await guard.actor_of_page(self)
            await ask(decision, actor, words.parse_id(appointment_id))
            self._succeed(notice)
        await self._refresh()

    async def _refresh(self) -> None:
        actor = await guard.actor_of_page(self)
        catalogue = await self._load_catalogue(actor)
        self.may_decide = Action.EDIT in catalogue.allowed
        summary = await ask(host_conflicts.conflict_summary, actor, self._most)
        self.conflicts = conflicts_view.conflict_views(
            summary.first, self._viewer(catalogue.time_zone)
        )
        hidden = summary.number - len(summary.first)
        self.more = count("conflicts.more", min(hidden, FIRST)) if hidden else ""
        self.number, self.number_deleted = summary.number, summary.number_deleted
        self.number_moved_at_once = summary.number_moved_at_once
        self.moved_at_once = count(
            "conflicts.moved_at_once", summary.number_moved_at_once
        )
