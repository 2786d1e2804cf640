"""How the calendar grid is set up for a place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from invo_booking.usecases.calendar import Board, Catalogue
from invo_booking.web.presenters import staff
from invo_booking.web.presenters.place import Place
from invo_booking.web.presenters.staff import Eyes


@dataclass
class GridView:
    """Options of the calendar grid; an empty ``view`` means the list is shown."""

    view: str = ""
    day: str = ""
    hidden_days: list[int] = field(default_factory=list[int])
    first: str = "08:00"
    last: str = "18:00"
    step: str = "00:15"
    offset: str = "+00:00"
    locale: str = "en-US"
    first_day: int = 1


def grid_view(where: Place, board: Board, catalogue: Catalogue, eyes: Eyes) -> GridView:
    """Return the set-up of the grid; days nobody works are left out when empty."""
    first, last = staff.working_hours(board, eyes)
    minutes = catalogue.step_minutes
    return GridView(
        view=where.grid,
        day=where.day.isoformat(),
        hidden_days=_hidden(where, board, catalogue.closed_weekdays, eyes),
        first=first,
        last=last,
        step=f"{minutes // 60:02d}:{minutes % 60:02d}",
        offset=staff.offset(eyes),
        locale=str(eyes.locale).replace("_", "-"),
        first_day=_sunday_first(eyes.locale.first_week_day),
    )


def _hidden(where: Place, board: Board, closed: Sequence[int], eyes: Eyes) -> list[int]:
    used = {eyes.day(event.starts_at).weekday() for event in board.events}
    used.add(where.day.weekday())
    return [_sunday_first(day) for day in closed if day not in used]


def _sunday_first(weekday: int) -> int:
    """Return a weekday counted from Sunday as 0, as the calendar counts."""
    return (weekday + 1) % 7
