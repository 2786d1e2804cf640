"""Appointments, days and bands of the calendar as rows; ``unpacking.js`` reads them.

The first letter of a row's name is the kind of the row. Rows contain repeated texts as
indexes into the list of texts.

====== ============== ==============================================================
``o``  origin         date from which minutes are counted, in wall time
``a``  appointment    id, start, length, flags, version, title, topic, agent's name,
                      lane, agent's id, class and icon and word of the state, day,
                      values that cannot be computed from these
``l``  day of a list  date, title, numbers of appointments
``p``  same           as ``l``, of unassigned appointments
``s``  same           as ``l``, of appointments that no agent can take
``b``  band           lane, start, end, kind, label, reasons
====== ============== ==============================================================
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from invo_booking.texts.dates import clock_text
from invo_booking.web.bookings.reasons import BandView
from invo_booking.web.kit.rows import Row, RowsView, Texts
from invo_booking.web.kit.text.words import (
    EventView,
    ListDayView,
    event_size_class,
    parse_wall_time,
)
from invo_booking.web.scripts import script

script(__name__, "unpacking.js")  # imported as "../packing/unpacking.js"

ORIGIN, APPOINTMENT, BAND = "o", "a", "b"
LISTED, UNASSIGNED, STUCK = "l", "p", "s"
EDITABLE, ASSIGNABLE, ON_GRID, JOINABLE = 1, 2, 4, 8
"""Bits of a row's flags: the reader's rights, and whether the grid shows the row."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class CalendarRows:
    """All data that the calendar receives as rows.

    Attributes:
        origin: Date from which the rows count minutes; near the days shown.
        events: Appointments on the grid.
        elsewhere: Further appointments, which only lists show.
        lists: Days by the list that shows them: ``LISTED``, ``UNASSIGNED`` or
            ``STUCK``.
        bands: Bands on the grid.
    """

    origin: str
    events: Sequence[EventView]
    elsewhere: Sequence[EventView]
    lists: Mapping[str, Sequence[ListDayView]]
    bands: Sequence[BandView]


def calendar_rows_of(
    calendar: CalendarRows, before: RowsView, texts: Texts
) -> dict[str, Row]:
    """Return the rows of a calendar.

    Args:
        calendar: What the calendar shows now.
        before: The rows that the page has; appointments that are still shown keep the
            names of their rows.
        texts: The texts of ``before``; new texts are appended.
    """
    pack = _RowBuilder(calendar.origin, before, texts)
    rows: dict[str, Row] = {ORIGIN: [calendar.origin]}
    rows |= pack.appointments(calendar.elsewhere, 0)
    rows |= pack.appointments(calendar.events, ON_GRID)
    for kind, days in calendar.lists.items():
        rows |= {f"{kind}{day.day}": pack.day(day) for day in days}
    return rows | pack.bands(calendar.bands)


def short_uuid(identity: str) -> str:
    """Return a UUID in 22 characters of URL-safe base64."""
    return urlsafe_b64encode(UUID(identity).bytes).decode()[:-2]


class _RowBuilder:
    def __init__(self, origin: str, before: RowsView, texts: Texts) -> None:
        self._origin = datetime.fromisoformat(origin)
        self._texts = texts
        self._names = {
            row[0]: name
            for name, row in before.rows.items()
            if name.startswith(APPOINTMENT)
        }
        self._usual = dict[str, EventView]()
        used = set(self._names.values())
        self._free = (n for n in count() if f"{APPOINTMENT}{n}" not in used)

    def appointments(self, events: Iterable[EventView], place: int) -> dict[str, Row]:
        """Return one row for each appointment, by the row's name."""
        return {self._name(event): self._appointment(event, place) for event in events}

    def day(self, day: ListDayView) -> Row:
        """Return the row of a day: date, title, and the row numbers of appointments.

        If an appointment's times on this day differ from the times in its own row, as
        after midnight, the entry is a list: row number, start and end.
        """
        return [day.day, day.title, *(self._entry(event) for event in day.events)]

    def bands(self, bands: Iterable[BandView]) -> dict[str, Row]:
        """Return one row for each band, by the row's name."""
        rows: dict[str, Row] = {}
        for band in bands:
            lane, start = self._texts.place(band.lane), self._minutes(band.start)
            kind, label, why = map(self._texts.place, (band.kind, band.label, band.why))
            row = [lane, start, self._minutes(band.end), kind, label, why]
            rows[f"{BAND}{lane} {start} {kind}"] = row
        return rows

    def _name(self, event: EventView) -> str:
        self._usual[event.id] = event
        key = short_uuid(event.id)
        if key not in self._names:
            self._names[key] = f"{APPOINTMENT}{next(self._free)}"
        return self._names[key]

    def _appointment(self, event: EventView, place: int) -> Row:
        rights = EDITABLE * event.editable | ASSIGNABLE * event.assignable | place
        rights |= JOINABLE * event.joinable
        looks = f"{event.kind} {event.icon} {event.word}"
        texts = (event.who, event.lane, event.agent, looks, event.day)
        start = self._minutes(event.start)
        return [
            short_uuid(event.id),
            start,
            self._minutes(event.end) - start,
            rights,
            event.version,
            event.title,
            *map(self._texts.place, (event.topic, *texts)),
            *_unusual(event),
        ]

    def _entry(self, event: EventView) -> int | list[int | str]:
        usual, number = (
            self._usual[event.id],
            int(self._names[short_uuid(event.id)][1:]),
        )
        if (event.at, event.until) == (usual.at, usual.until):
            return number
        return [number, event.at, event.until]

    def _minutes(self, wall: str) -> int:
        return (parse_wall_time(wall) - self._origin) // MINUTE


def _unusual(event: EventView) -> list[dict[str, str]]:
    """Return the values that the page cannot compute from the row's wall times."""
    start, end = parse_wall_time(event.start), parse_wall_time(event.end)
    usual = {
        "at": clock_text(start),
        "until": clock_text(end),
        "size": event_size_class(end - start),
        "late": "",
    }
    events = {
        name: getattr(event, name)
        for name, value in usual.items()
        if getattr(event, name) != value
    }
    return [events] if events else []
