"""The week in which hours are drawn; see ``week_grid.jsx`` beside it."""

import reflex as rx

from invo_booking.web.admin.week_view import UsualDayView
from invo_booking.web.scripts import script

Word = rx.Var[str]


def _period_spec(
    day: Word, index: Word, begins: Word, ends: Word
) -> tuple[Word, Word, Word, Word]:
    return day, index, begins, ends


class WeekGrid(rx.NoSSRComponent):
    """Periods of each weekday as bars, in wall times."""

    library = script(__name__, "week_grid.jsx")
    tag = "WeekGrid"

    days: rx.Var[list[UsualDayView]]
    locked: rx.Var[bool]
    """Whether it may only be looked at."""

    empty: rx.Var[str]
    """Said of a weekday without periods."""

    on_draw: rx.EventHandler[_period_spec]
    """Weekday, place among its periods, begin and end; both empty to remove it."""


week_grid = WeekGrid.create
