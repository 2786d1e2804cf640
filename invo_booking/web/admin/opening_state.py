"""The opening hours that an administrator edits in a form."""

from collections.abc import Callable

import reflex as rx

from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.domain.opening import OpeningHours
from invo_booking.texts import say
from invo_booking.usecases.admin.opening_drafts import DrawnWeek, drawn_week
from invo_booking.web.admin.week_state import WeekEditorState
from invo_booking.web.admin.week_view import weekday_views
from invo_booking.web.core.session import SessionState


class OpeningState(WeekEditorState, SessionState):
    """Unsaved opening hours of the form around them."""

    is_limited: bool = False  # whether there are any hours
    _drawn: tuple[DrawnWeek, ...] = ()  # the draft, and the stored hours

    def _weeks(self) -> tuple[DrawnWeek, DrawnWeek] | None:
        return (self._drawn[0], self._drawn[1]) if self._drawn else None

    def _change_week(self, change: Callable[[DrawnWeek], DrawnWeek]) -> None:
        if not self._drawn:
            return
        now, stored = self._drawn
        try:
            self._drawn = change(now), stored
        except InvalidInputError as error:
            self._refuse(error)
            self.refused += 1
            return
        self._show_week()

    def _show_week(self) -> None:
        now, stored = self._drawn
        self.days = weekday_views(now, stored)
        self.is_limited = any(day.periods for day in self.days)
        self.is_changed = now != stored
        self._succeed()


async def show_opening_hours(state: rx.State, opening: OpeningHours) -> None:
    """Show stored opening hours on the page of ``state``."""
    editor, drawn = await state.get_state(OpeningState), drawn_week(opening)
    editor._drawn = drawn, drawn
    editor._show_week()


async def opening_hours_draft(state: rx.State) -> DrawnWeek:
    """Return the opening hours to save.

    Raises:
        NotFoundError: If no opening hours are loaded, for example because the page's
            state has expired.
    """
    drawn = (await state.get_state(OpeningState))._drawn
    if not drawn:
        raise NotFoundError(say("opening.out_of_date"))
    return drawn[0]


async def mark_opening_hours_saved(state: rx.State) -> None:
    """Mark the hours as saved; leaving the page then needs no confirmation."""
    (await state.get_state(OpeningState)).is_changed = False
