"""Choose the options of the calendar grid: days, hours and step."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from invo_booking.domain.interval import Interval
from invo_booking.usecases.slots.availability import days_of
from invo_booking.usecases.staff.calendar import Board, StaffCatalogue
from invo_booking.web.kit.calendar import place
from invo_booking.web.kit.calendar.place import Place
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.wall_times import (
    calendar_grid_hours,
    clip_calendar_spans,
)
from invo_booking.web.kit.text.words import ViewerContext


@dataclass
class GridView:
    """Options of the calendar grid; with an empty ``view``, the list is shown.

    Attributes:
        first: Full hour at which the grid begins; the grid ends at ``last``.
        opens: Hour to which the grid scrolls when it is opened.
    """

    view: str = ""
    day: str = ""
    hidden_days: list[int] = field(default_factory=list[int])
    first: str = "08:00"
    last: str = "18:00"
    opens: str = "08:00"
    step: str = "00:15"
    offset: str = "+00:00"
    locale: str = "en-US"
    first_day: int = 1


def calendar_grid_view(
    where: Place, board: Board, catalogue: StaffCatalogue, viewer: ViewerContext
) -> GridView:
    """Return the options of the grid; closed weekdays without contents are hidden."""
    window = place.calendar_window_of(where, viewer.zone, viewer.locale)
    worked = [span for lane in board.lanes for span in lane.duty]
    booked = [Interval(event.starts_at, event.ends_at) for event in board.events]
    first, last = calendar_grid_hours(worked + booked, window, viewer.zone)
    minutes = catalogue.step_minutes
    return GridView(
        view=where.grid,
        day=where.day.isoformat(),
        hidden_days=_hidden_weekdays(
            where, worked + booked, catalogue.closed_weekdays, viewer
        ),
        first=f"{first:02d}:00",
        last=f"{last:02d}:00",
        opens=f"{_opening_hour(worked, booked, window, viewer):02d}:00",
        step=f"{minutes // 60:02d}:{minutes % 60:02d}",
        offset=words.utc_offset(viewer),
        locale=str(viewer.locale).replace("_", "-"),
        first_day=_sunday_first(viewer.locale.first_week_day),
    )


def _opening_hour(
    worked: Sequence[Interval],
    booked: Sequence[Interval],
    window: Interval,
    viewer: ViewerContext,
) -> int:
    """Return the hour to which the grid scrolls when it is opened.

    This is the earliest hour of an appointment or of a shift that begins in the window.
    Without any such appointment or shift, shifts that began earlier count too.
    """
    begun = [span for span in worked if window.start < span.start < window.end]
    return calendar_grid_hours([*begun, *booked] or worked, window, viewer.zone)[0]


def _hidden_weekdays(
    where: Place,
    spans: Sequence[Interval],
    closed: Sequence[int],
    viewer: ViewerContext,
) -> list[int]:
    window = place.calendar_window_of(where, viewer.zone, viewer.locale)
    used = {
        day.weekday()
        for span in clip_calendar_spans(spans, window)
        for day in days_of(span, viewer.zone)
    }
    used.add(where.day.weekday())
    return [_sunday_first(day) for day in closed if day not in used]


def _sunday_first(weekday: int) -> int:
    """Return a weekday counted from Sunday as 0, as in the calendar library."""
    return (weekday + 1) % 7
