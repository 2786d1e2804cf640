"""The rows of the calendar, read as the browser reads them."""

from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.web.bookings.packing import ASSIGNABLE, EDITABLE, JOINABLE, ON_GRID
from invo_booking.web.bookings.reasons import BandView
from invo_booking.web.kit.rows import RowsChange, RowsView
from invo_booking.web.kit.text.wall_times import WALL
from invo_booking.web.kit.text.words import (
    EventView,
    ListDayView,
    clock_text,
    event_size_class,
)


def events(board) -> list[EventView]:
    """Return the appointments on the grid."""
    views = [(row[3], _event(board.rows, row)) for row in _rows(board, "a")]
    shown = [view for rights, view in views if rights & ON_GRID]
    return sorted(shown, key=lambda view: (view.start, view.title))


def days(board, letter: str = "l") -> list[ListDayView]:
    """Return the days of a list."""
    return [
        ListDayView(day, title, [_entry(board.rows, entry) for entry in entries])
        for day, title, *entries in sorted(_rows(board, letter))
    ]


def bands(board) -> list[BandView]:
    """Return what is drawn behind the appointments."""
    texts = board.rows.texts
    return [
        BandView(
            texts[lane],
            _wall(board.rows, start),
            _wall(board.rows, end),
            *(texts[place] for place in (kind, label, why)),
        )
        for lane, start, end, kind, label, why in _rows(board, "b")
    ]


def after(before: RowsView, change: RowsChange) -> RowsView:
    """Return what a page shows once a change has arrived, as ``rows.js`` does."""
    assert change.base == before.number
    rows = {name: row for name, row in before.rows.items() if name not in change.gone}
    texts = [*before.texts, *change.texts]
    return RowsView(change.number, texts, rows | change.rows)


def _rows(board, letter):
    return [row for name, row in board.rows.rows.items() if name[0] == letter]


def _wall(rows: RowsView, minutes: int) -> str:
    origin = datetime.fromisoformat(rows.rows["o"][0])
    return (origin + timedelta(minutes=minutes)).strftime(WALL)


def _event(rows: RowsView, row) -> EventView:
    key, first, length, rights, version, title, *places = row
    identity = UUID(bytes=urlsafe_b64decode(f"{key}=="))
    named, unusual = places[:6], places[6:]
    topic, who, lane, agent, looks, day = (rows.texts[place] for place in named)
    kind, icon, word = looks.split(" ", 2)
    start, end = _wall(rows, first), _wall(rows, first + length)
    usual = {
        "at": clock_text(datetime.strptime(start, WALL)),  # noqa: DTZ007  a wall time
        "until": clock_text(datetime.strptime(end, WALL)),  # noqa: DTZ007  a wall time
        "size": event_size_class(timedelta(minutes=length)),
    }
    view = EventView(
        id=str(identity),
        start=start,
        end=end,
        editable=bool(rights & EDITABLE),
        assignable=bool(rights & ASSIGNABLE),
        joinable=bool(rights & JOINABLE),
        version=version,
        title=title,
        topic=topic,
        who=who,
        lane=lane,
        agent=agent,
        kind=kind,
        icon=icon,
        word=word,
        day=day,
        **usual | (unusual[0] if unusual else {}),
    )
    view.time = f"{view.at}\N{EN DASH}{view.until}"
    return view


def _entry(rows: RowsView, entry) -> EventView:
    number, *times = entry if isinstance(entry, list) else [entry]
    view = _event(rows, rows.rows[f"a{number}"])
    if times:
        view.at, view.until = times
    return view
