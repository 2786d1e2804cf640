"""The component in which the hours of a week are drawn; see ``week_grid.jsx``."""

import reflex as rx

from invo_booking.web.admin.week_view import UsualDayView
from invo_booking.web.scripts import script

Word = rx.Var[str]


def _period_spec(
    day: Word, index: Word, begins: Word, ends: Word
) -> tuple[Word, Word, Word, Word]:
    return day, index, begins, ends


class WeekGrid(rx.NoSSRComponent):
    """The periods of each weekday as bars, in wall times."""

    library = script(__name__, "week_grid.jsx")
    tag = "WeekGrid"

    days: rx.Var[list[UsualDayView]]
    locked: rx.Var[bool]
    """Whether the hours cannot be changed."""

    empty: rx.Var[str]
    """Text of a weekday without periods."""

    on_draw: rx.EventHandler[_period_spec]
    """Weekday, index of the period, start and end; empty times remove the period."""


week_grid = WeekGrid.create
