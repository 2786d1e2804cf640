"""What a drop on the calendar means."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.errors import InvalidInputError
from invo_booking.usecases.staff.appointments import KEEP, Change, Keep
from invo_booking.web.bookings.wall_times import WALL
from invo_booking.web.kit import words
from invo_booking.web.kit.words import EventView, ViewerContext

POOL = "unassigned"
"""The lane of appointments nobody has yet."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Where something was let go: wall times, and a lane if it is another one."""

    start: str
    end: str
    lane: str = ""


def change_of(old: EventView, drop: Drop, viewer: ViewerContext) -> Change:
    """Return the change a drop asks for; what stays is left alone.

    What is moved as a whole lasts as long as before, whatever clocks do meanwhile.

    Raises:
        InvalidInputError: If the drop makes no sense.
    """
    before = words.instant(old.start, viewer.zone)
    was_moved, was_resized = drop.start != old.start, _length(drop) != _length(old)
    return Change(
        starts_at=words.instant(drop.start, viewer.zone, before) if was_moved else None,
        ends_at=words.instant(drop.end, viewer.zone, before) if was_resized else None,
        agent=_agent(drop.lane),
    )


def undo_of(old: EventView, drop: Drop) -> dict[str, str]:
    """Return what has to be remembered to put an appointment back."""
    lane = old.lane if drop.lane else ""
    return {"id": old.id, "start": old.start, "end": old.end, "lane": lane}


def change_back(undo: dict[str, str], viewer: ViewerContext) -> Change:
    """Return the change that puts an appointment back."""
    return Change(
        starts_at=words.instant(undo["start"], viewer.zone),
        ends_at=words.instant(undo["end"], viewer.zone),
        agent=_agent(undo["lane"]),
    )


def done(old: EventView, drop: Drop, viewer: ViewerContext) -> str:
    """Return what a drop did, in words."""
    if drop.lane == POOL:
        return f"{old.title} is unassigned now."
    start = words.instant(drop.start, viewer.zone)
    end = words.instant(drop.end, viewer.zone)
    verb = "given to a colleague" if drop.lane else "moved"
    day = viewer.day_name(viewer.day(start))
    return f"{old.title} {verb}: {day}, {viewer.clocks(start, end)}."


def _length(drawn: Drop | EventView) -> timedelta:
    start, end = (
        datetime.strptime(text[:16], WALL)  # noqa: DTZ007  a wall time
        for text in (drawn.start, drawn.end)
    )
    return end - start


def _agent(lane: str) -> UUID | Keep | None:
    if not lane:
        return KEEP
    if lane == POOL:
        return None
    try:
        return UUID(lane)
    except ValueError as error:
        sentence = "Queue and language cannot be changed by dragging."
        raise InvalidInputError({"lane": sentence}) from error
