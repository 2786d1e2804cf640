"""The calendar grid as a Reflex component; see ``event_calendar.jsx``."""

import reflex as rx

from invo_booking.web.kit.rows import RowsChange, RowsView
from invo_booking.web.kit.text.words import LaneView
from invo_booking.web.scripts import script

CORE = "@event-calendar/core@5.15.0"


# event_calendar.jsx imports these scripts
for beside in ("month.js", "popup.js", "reasons.js", "shown.js", "tidy.js"):
    script(__name__, beside)

Word = rx.Var[str]


def _move_spec(
    appointment: Word, version: rx.Var[int], start: Word, end: Word, lane: Word
) -> tuple[Word, rx.Var[int], Word, Word, Word]:
    return appointment, version, start, end, lane


def _selection_spec(start: Word, end: Word, lane: Word) -> tuple[Word, Word, Word]:
    return start, end, lane


class EventCalendar(rx.NoSSRComponent):
    """The appointments of a month, week or day, with lanes if there are several.

    All times are wall times in the institution's zone, as ``"2026-11-24T11:15"``.
    """

    library = script(__name__, "event_calendar.jsx")
    tag = "EventCalendar"
    lib_dependencies: list[str] = [CORE]  # noqa: RUF012 - Reflex's own declaration

    view: rx.Var[str]
    """Name of the calendar library's view, such as ``"timeGridWeek"``."""

    day: rx.Var[str]
    """A date inside the period shown."""

    rows: rx.Var[RowsView]
    changes: rx.Var[RowsChange]
    lanes: rx.Var[list[LaneView]]
    subjects: rx.Var[dict[str, str]]
    """By lane, the person or queue that the reasons in the lane's bands are about."""

    holidays: rx.Var[dict[str, str]]
    """Names of closed days, by ISO date."""

    openings: rx.Var[dict[str, list[list[str]]]]
    """By lane, the spans into which the dragged appointment fits; empty if unknown."""

    texts: rx.Var[dict[str, str]]
    """Texts of the scripts, with placeholders that the scripts fill in."""

    hidden_days: rx.Var[list[int]]
    """Weekdays that are not shown; 0 is Sunday."""

    first: rx.Var[str]
    last: rx.Var[str]
    opens: rx.Var[str]
    """Time of day to which the grid scrolls when it is opened."""

    step: rx.Var[str]
    offset: rx.Var[str]
    """The current offset of the institution's zone from UTC, such as ``"-06:00"``."""

    locale: rx.Var[str]
    first_day: rx.Var[int]
    selectable: rx.Var[bool]
    revision: rx.Var[int]
    """Rises when the grid must be redrawn, for example after a refused drop."""

    on_gap: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_grab: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_move: rx.EventHandler[_move_spec]
    on_pick: rx.EventHandler[_selection_spec]


event_calendar = EventCalendar.create
