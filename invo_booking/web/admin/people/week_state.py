"""The working hours that an administrator edits for a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx

from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.texts import say
from invo_booking.usecases.admin import staffing
from invo_booking.usecases.admin.opening_drafts import DrawnWeek
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from invo_booking.usecases.admin.staffing import PeopleOverview
from invo_booking.web.admin.people import week_view
from invo_booking.web.admin.people.view import BRANCH
from invo_booking.web.admin.people.week_view import MarkView, OffView
from invo_booking.web.admin.week_state import WeekEditorState
from invo_booking.web.admin.week_view import weekday_views
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.forms import form_entry_id
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import OptionView


class WeekState(WeekEditorState, SessionState):
    """Unsaved working hours, exceptions and time off."""

    offs: list[OffView] = []
    marks: list[MarkView] = []
    months: list[str] = []
    days_added: int = 0  # a new number empties the form that adds a date
    offs_added: int = 0  # likewise for time off

    _drafts: tuple[PersonDraft, ...] = ()  # the draft, and the stored hours
    _branches: frozenset[UUID] = frozenset()  # of a new person
    _is_new: bool = False
    _names: dict[UUID, str] = {}  # of branches, if several
    _holidays: tuple[date, ...] = ()
    _zone: str = "UTC"  # the institution's time zone

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def add_exception(self, form: dict[str, Any]) -> None:
        """Add an exception: other hours on one date, or none."""
        if self._change_draft(lambda it: week_view.hours_with_exception(it, form)):
            self.days_added += 1

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def add_time_off(self, form: dict[str, Any]) -> None:
        """Add time off from one date to another."""
        if self._change_draft(
            lambda it: week_view.hours_with_time_off(it, form, ZoneInfo(it.time_zone))
        ):
            self.offs_added += 1

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def remove_exception(self, key: str) -> None:
        """Remove an exception or time off."""
        self._change_draft(lambda it: week_view.hours_without_exception(it, str(key)))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def tick_branch(self, name: str, on: bool) -> None:  # noqa: FBT001
        """Propose hours for a new person: the opening hours of the selected branches.

        Hours that the administrator has already changed are not replaced.
        """
        branch = form_entry_id(str(name).removeprefix(BRANCH))
        if not self._is_new or not self._drafts or branch is None:
            return
        ticked = {branch} if on is True else set[UUID]()
        self._branches = frozenset((self._branches - {branch}) | ticked)
        now, stored = self._drafts
        if now.week == stored.week:
            week = await ask(
                staffing.open_week, await guard.actor_of_page(self), self._branches
            )
            self._drafts = replace(now, week=week), replace(stored, week=week)
            self._show_draft()

    def _weeks(self) -> tuple[DrawnWeek, DrawnWeek] | None:
        return (self._drafts[0].week, self._drafts[1].week) if self._drafts else None

    def _change_week(self, change: Callable[[DrawnWeek], DrawnWeek]) -> None:
        self._change_draft(lambda it: replace(it, week=change(it.week)))

    def _change_draft(self, change: Callable[[PersonDraft], PersonDraft]) -> bool:
        """Change the draft; return whether the change was accepted."""
        if not self._drafts:
            return False
        now, stored = self._drafts
        try:
            self._drafts = change(now), stored
        except InvalidInputError as error:
            self._refuse(error)
            self.refused += 1
            return False
        self._show_draft()
        return True

    def _show_draft(self) -> None:
        now, stored = self._drafts
        viewer, zone = self._viewer(self._zone), times.browser_zone_of(now.time_zone)
        self.days = weekday_views(now.week, stored.week, self._names)
        self.offs = week_view.hours_exception_views(now, zone, viewer, self._names)
        self.marks = week_view.hours_year_marks(now, zone, viewer, self._holidays)
        self.months = week_view.hours_month_names(viewer)
        self.is_changed = now != stored
        self._succeed()


async def show_person_week(
    state: rx.State, stored: PersonDraft, overview: PeopleOverview
) -> None:
    """Show the stored hours of a person on the page of ``state``."""
    week = await state.get_state(WeekState)
    week._drafts, week._zone = (stored, stored), overview.institution.zone.key
    week._branches, week._is_new = frozenset(), not stored.email
    week._names = overview.branches if len(overview.branches) > 1 else {}
    anywhere = [OptionView("", say("hours.anywhere"))] if week._names else []
    week.places = anywhere + [
        OptionView(str(key), name) for key, name in week._names.items()
    ]
    week._holidays = tuple(sorted(overview.holidays))
    week._show_draft()


async def person_hours_draft(state: rx.State) -> PersonDraft:
    """Return the hours to save.

    Raises:
        NotFoundError: If no person's hours are loaded, for example because the page's
            state has expired.
    """
    drafts = (await state.get_state(WeekState))._drafts
    if not drafts:
        raise NotFoundError(say("hours.out_of_date"))
    return drafts[0]


async def mark_person_hours_saved(state: rx.State) -> None:
    """Mark the hours as saved; leaving the page then needs no confirmation."""
    (await state.get_state(WeekState)).is_changed = False
