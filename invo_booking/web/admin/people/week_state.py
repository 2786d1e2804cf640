"""When a person works, while an administrator draws it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.texts import say
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from invo_booking.usecases.admin.staffing import PeopleOverview
from invo_booking.web.admin.people import week_view
from invo_booking.web.admin.people.week_view import MarkView, OffView, UsualDayView
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.parsing import whole_number
from invo_booking.web.kit.text import times

WEEKDAYS, EVERY_DAY = "weekdays", "all"
_LAST_START, _LATEST = 22, "24:00"


class WeekState(FormState, SessionState):
    """Hours, exceptions and time off as they would be saved."""

    days: list[UsualDayView] = []
    offs: list[OffView] = []
    marks: list[MarkView] = []
    months: list[str] = []
    is_changed: bool = False
    refused: int = 0  # rises when fields have to show again what is true

    _drafts: tuple[PersonDraft, ...] = ()  # as it would be, and as it is stored
    _holidays: tuple[date, ...] = ()
    _zone: str = "UTC"  # the institution's

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def draw_period(self, day: str, index: str, begins: str, ends: str) -> None:
        """Change one period; without an end it is removed."""
        place, number = _whole_number(day, 7), _whole_number(index, 100)
        if place is not None and number is not None:
            words = str(begins), str(ends)
            self._change_draft(
                lambda it: week_view.week_with_period(it, place, number, *words)
            )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def type_edge(self, day: str, index: str, edge: str, clock: str) -> None:
        """Type when one period begins or ends; the other edge stays."""
        place, number = _whole_number(day, 7), _whole_number(index, 100)
        if place is not None and number is not None and clock:
            words = str(edge), str(clock)
            self._change_draft(
                lambda it: week_view.week_with_edge(it, place, number, *words)
            )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def add_period(self, day: str) -> None:
        """Add a period behind the last one of a day."""
        place = _whole_number(day, 7)
        if place is None or not self._drafts:
            return
        known = week_view.periods_of_weekday(self._drafts[0], place)
        begins, ends = ("09:00", "17:00") if not known else _next_period(known[-1][1])
        self._change_draft(
            lambda it: week_view.week_with_period(it, place, len(known), begins, ends)
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def copy_day(self, day: str, to: str) -> None:
        """Give other days the hours of one."""
        place, target = _whole_number(day, 7), _whole_number(to, 7)
        days = {WEEKDAYS: range(5), EVERY_DAY: range(7)}.get(str(to), ())
        chosen = [target] if target is not None else list(days)
        if place is not None and chosen:
            self._change_draft(
                lambda it: week_view.week_with_day(
                    it, chosen, week_view.periods_of_weekday(it, place)
                )
            )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def restore_day(self, day: str) -> None:
        """Give a day the hours that are stored."""
        place = _whole_number(day, 7)
        if place is not None and self._drafts:
            stored = week_view.periods_of_weekday(self._drafts[1], place)
            self._change_draft(lambda it: week_view.week_with_day(it, [place], stored))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def add_exception(self, form: dict[str, Any]) -> None:
        """Give a date hours of its own, or none."""
        self._change_draft(lambda it: week_view.hours_with_exception(it, form))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def add_time_off(self, form: dict[str, Any]) -> None:
        """Add time off of some days."""
        self._change_draft(
            lambda it: week_view.hours_with_time_off(it, form, ZoneInfo(it.time_zone))
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def remove_exception(self, key: str) -> None:
        """Take an exception or time off away."""
        self._change_draft(lambda it: week_view.hours_without_exception(it, str(key)))

    def _change_draft(self, change: Callable[[PersonDraft], PersonDraft]) -> None:
        if not self._drafts:
            return
        now, stored = self._drafts
        try:
            self._drafts = change(now), stored
        except InvalidInputError as error:
            self._refuse(error)
            self.refused += 1
            return
        self._show_draft()

    def _show_draft(self) -> None:
        now, stored = self._drafts
        viewer, zone = self._viewer(self._zone), times.browser_zone_of(now.time_zone)
        self.days = week_view.weekday_views(now, stored)
        self.offs = week_view.hours_exception_views(now, zone, viewer)
        self.marks = week_view.hours_year_marks(now, zone, viewer, self._holidays)
        self.months = week_view.hours_month_names(viewer)
        self.is_changed = now != stored
        self._succeed()


async def show_person_week(
    state: rx.State, stored: PersonDraft, overview: PeopleOverview
) -> None:
    """Show the hours of a person on the page of ``state``, as they are stored."""
    week = await state.get_state(WeekState)
    week._drafts, week._zone = (stored, stored), overview.institution.zone.key
    week._holidays = tuple(sorted(overview.holidays))
    week._show_draft()


async def person_hours_draft(state: rx.State) -> PersonDraft:
    """Return the hours as they would be saved.

    Raises:
        NotFoundError: If no person's hours are open, such as after a long time.
    """
    drafts = (await state.get_state(WeekState))._drafts
    if not drafts:
        raise NotFoundError(say("hours.out_of_date"))
    return drafts[0]


async def mark_person_hours_saved(state: rx.State) -> None:
    """Note that the hours are saved: they are not asked about on leaving."""
    (await state.get_state(WeekState)).is_changed = False


def _whole_number(typed: object, past: int) -> int | None:
    number = whole_number(typed)
    return number if number is not None and number < past else None


def _next_period(ends: Any) -> tuple[str, str]:
    """Return an hour later to two hours after that, or the end of the day."""
    begins = min(ends.hour + 1 if ends.hour else 23, 23)
    return (
        f"{begins:02d}:00",
        f"{begins + 2:02d}:00" if begins < _LAST_START else _LATEST,
    )
