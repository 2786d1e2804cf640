"""Convert a drop on the calendar to a change of the appointment."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.texts import say
from invo_booking.usecases.appointment.drafts import KEEP, AppointmentChange, Keep
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.words import EventView, ViewerContext

POOL = "unassigned"
"""The lane of unassigned appointments."""


@dataclass(frozen=True, slots=True)
class DropPlace:
    """Where an appointment was dropped: wall times, and the lane if it changed."""

    start: str
    end: str
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """The values that undo a drop.

    Attributes:
        period: Previous period, in UTC because wall times can be ambiguous.
        lane: Previous lane, if the drop changed the lane; else empty.
    """

    appointment_id: UUID
    period: Interval
    lane: str


def drag_change_of(
    old: EventView, period: Interval | None, drop: DropPlace, viewer: ViewerContext
) -> AppointmentChange:
    """Return the change that a drop makes; unchanged values are left out.

    A moved appointment keeps its length, even across a clock change.

    Args:
        old: The appointment as it was drawn before the drag.
        period: Previous period in UTC; ``None`` if the page no longer has the
            appointment. An ambiguous wall time of the drop is read with the offset of
            this period.
        drop: Where the appointment was dropped.
        viewer: The reader of the page.

    Raises:
        InvalidInputError: If the drop is not possible.
    """
    was_moved, was_resized = (
        drop.start != old.start,
        _drop_length(drop) != _drop_length(old),
    )
    start, end = (period.start, period.end) if period else (None, None)
    return AppointmentChange(
        starts_at=words.instant_of(drop.start, viewer.zone, start)
        if was_moved
        else None,
        ends_at=words.instant_of(drop.end, viewer.zone, end) if was_resized else None,
        agent=_agent_of(drop.lane),
    )


def drag_undo_of(
    old: EventView, period: Interval | None, drop: DropPlace, after: Appointment
) -> Undo:
    """Return the values that undo a drop."""
    lane = old.lane if drop.lane else ""
    return Undo(after.id, period or after.period, lane)


def drag_change_back(undo: Undo) -> AppointmentChange:
    """Return the change that undoes a drop."""
    return AppointmentChange(
        starts_at=undo.period.start, ends_at=undo.period.end, agent=_agent_of(undo.lane)
    )


def drag_drop_notice(
    old: EventView, after: Appointment, drop: DropPlace, viewer: ViewerContext
) -> str:
    """Return a sentence about what a drop did."""
    if drop.lane == POOL:
        return say("bookings.drop.unassigned", title=old.title)
    key = "bookings.drop.given" if drop.lane else "bookings.drop.moved"
    day = viewer.day_name(viewer.day(after.starts_at))
    time = viewer.clocks(after.starts_at, after.ends_at)
    return say(key, title=old.title, day=day, time=time)


def _drop_length(drawn: DropPlace | EventView) -> timedelta:
    return words.parse_wall_time(drawn.end) - words.parse_wall_time(drawn.start)


def _agent_of(lane: str) -> UUID | Keep | None:
    if not lane:
        return KEEP
    if lane == POOL:
        return None
    try:
        return UUID(lane)
    except ValueError as error:
        sentence = say("bookings.drop.other_queue")
        raise InvalidInputError({"lane": sentence}) from error
