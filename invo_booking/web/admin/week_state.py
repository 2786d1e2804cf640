"""The week of working or opening hours that an administrator edits."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import reflex as rx

from invo_booking.usecases.admin.opening_drafts import DrawnWeek
from invo_booking.web.admin import week_view
from invo_booking.web.admin.week_view import UsualDayView
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.forms import form_entry_id
from invo_booking.web.kit.parsing import whole_number
from invo_booking.web.kit.text.names import OptionView

WEEKDAYS, EVERY_DAY = "weekdays", "all"
_LAST_START, _LATEST = 22, "24:00"


class WeekEditorState(FormState, SessionState, mixin=True):
    """The unsaved week."""

    days: list[UsualDayView] = []
    is_changed: bool = False
    refused: int = 0  # rises when fields must show the draft again
    places: list[OptionView] = []  # branches that a period may name

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def draw_period(self, day: str, index: str, begins: str, ends: str) -> None:
        """Change one period; empty times remove the period."""
        place, number = _whole_number(day, 7), _whole_number(index, 100)
        if place is not None and number is not None:
            words = str(begins), str(ends)
            self._change_week(
                lambda it: week_view.week_with_period(it, place, number, *words)
            )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def type_edge(self, day: str, index: str, edge: str, clock: str) -> None:
        """Set the start or the end of one period to a typed time."""
        place, number = _whole_number(day, 7), _whole_number(index, 100)
        if place is not None and number is not None and clock:
            words = str(edge), str(clock)
            self._change_week(
                lambda it: week_view.week_with_edge(it, place, number, *words)
            )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def place_period(self, day: str, index: str, branch: str) -> None:
        """Set the branch for visits during a period, or allow all branches."""
        place, number = _whole_number(day, 7), _whole_number(index, 100)
        if place is not None and number is not None:
            chosen = form_entry_id(str(branch))
            self._change_week(
                lambda it: week_view.week_with_place(it, place, number, chosen)
            )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def add_period(self, day: str) -> None:
        """Add a period after the last period of a day."""
        place, weeks = _whole_number(day, 7), self._weeks()
        if place is None or weeks is None:
            return
        known = week_view.periods_of_weekday(weeks[0], place)
        begins, ends = ("09:00", "17:00") if not known else _next_period(known[-1][1])
        self._change_week(
            lambda it: week_view.week_with_period(it, place, len(known), begins, ends)
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def copy_day(self, day: str, to: str) -> None:
        """Copy the hours of one day to other days."""
        place, target = _whole_number(day, 7), _whole_number(to, 7)
        days = {WEEKDAYS: range(5), EVERY_DAY: range(7)}.get(str(to), ())
        chosen = [target] if target is not None else list(days)
        if place is not None and chosen:
            self._change_week(
                lambda it: week_view.week_with_day(
                    it, chosen, week_view.periods_of_weekday(it, place)
                )
            )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def restore_day(self, day: str) -> None:
        """Restore the stored hours of a day."""
        place, weeks = _whole_number(day, 7), self._weeks()
        if place is not None and weeks is not None:
            stored = week_view.periods_of_weekday(weeks[1], place)
            self._change_week(lambda it: week_view.week_with_day(it, [place], stored))

    @abstractmethod
    def _weeks(self) -> tuple[DrawnWeek, DrawnWeek] | None:
        """Return the draft and the stored week; ``None`` before a week is loaded."""

    @abstractmethod
    def _change_week(self, change: Callable[[DrawnWeek], DrawnWeek]) -> None:
        """Change the draft, or show why the change is refused."""


def _whole_number(typed: object, past: int) -> int | None:
    number = whole_number(typed)
    return number if number is not None and number < past else None


def _next_period(ends: Any) -> tuple[str, str]:
    """Return start and end: up to two hours from the full hour after ``ends``."""
    begins = min(ends.hour + 1 if ends.hour else 23, 23)
    return (
        f"{begins:02d}:00",
        f"{begins + 2:02d}:00" if begins < _LAST_START else _LATEST,
    )
