"""Appointments and calendars as staff read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.appointment import Phase
from invo_booking.domain.errors import (
    InvalidInputError,
    InvoError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.domain.interval import Interval, merge
from invo_booking.usecases.calendar import Board, BoardEvent
from invo_booking.web.presenters import times

WALL = "%Y-%m-%dT%H:%M"
LIVE_PHASES = frozenset(
    {Phase.REQUESTED, Phase.UPCOMING, Phase.JOINABLE, Phase.LATE, Phase.IN_CALL}
)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose eyes read: zone of the wall times, habits, and the present instant."""

    zone: ZoneInfo
    locale: Locale
    now: datetime

    @property
    def today(self) -> date:
        """Today on the institution's calendar."""
        return self.now.astimezone(self.zone).date()

    def clock(self, at: datetime) -> str:
        """Return the wall time of an instant, short enough for a full calendar."""
        local = at.astimezone(self.zone)
        return f"{local.hour}:{local.minute:02d}"

    def clocks(self, start: datetime, end: datetime) -> str:
        """Return a span of wall times, as in ``11:15`` to ``12:00``."""
        return f"{self.clock(start)}\N{EN DASH}{self.clock(end)}"

    def day(self, at: datetime) -> date:
        """Return the institution's date of an instant."""
        return at.astimezone(self.zone).date()

    def day_name(self, day: date) -> str:
        """Return ``Today``, ``Tomorrow`` or the date in words."""
        near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}
        return near.get((day - self.today).days) or times.long_day(day, self.locale)


@dataclass
class EventView:
    """One appointment. ``start`` and ``end`` are wall times without an offset."""

    id: str = ""
    lane: str = ""
    start: str = ""
    end: str = ""
    at: str = ""
    until: str = ""
    time: str = ""
    title: str = ""
    topic: str = ""
    kind: str = ""
    icon: str = ""
    word: str = ""
    late: str = ""
    who: str = ""
    size: str = ""
    editable: bool = False
    full: str = ""
    agent: str = ""
    version: int = 0


@dataclass
class LaneView:
    """A column or a row: a colleague, the unassigned, or a queue and language."""

    id: str
    title: str
    subtitle: str


@dataclass
class DayView:
    """A day of the list."""

    day: str
    title: str
    events: list[EventView] = field(default_factory=list[EventView])


def wall(at: datetime, zone: ZoneInfo) -> str:
    """Return the wall time of an instant, as the calendar takes it."""
    return at.astimezone(zone).strftime(WALL)


def instant(text: str, zone: ZoneInfo, near: datetime | None = None) -> datetime:
    """Return the instant, in UTC, of a wall time such as ``2026-11-24T11:15``.

    A wall time that happens twice is read with the offset of ``near``, else as the
    first of the two; one that never happens moves forward by the gap.

    Raises:
        InvalidInputError: If the text is no wall time.
    """
    try:
        local = datetime.strptime(text[:16], WALL).replace(tzinfo=zone)
    except ValueError as error:
        raise InvalidInputError({"starts_at": "Enter a day and a time."}) from error
    second = local.replace(fold=1)
    if near is not None and second.utcoffset() == near.astimezone(zone).utcoffset():
        local = second
    return local.astimezone(UTC)


def explain(error: InvoError, eyes: Eyes) -> str:
    """Return what to read, and do, about a refusal."""
    nearest = (
        error.nearest if isinstance(error, SlotTakenError | SlotClosedError) else ()
    )
    if not nearest:
        return str(error)
    free = ", ".join(eyes.clock(span.start) for span in nearest)
    return f"{error} The nearest free times are {free}."


def event_view(event: BoardEvent, eyes: Eyes) -> EventView:
    """Return one appointment as drawn."""
    kind, icon, word = _mark(event)
    late = late_by(event, eyes) if event.phase is Phase.LATE else ""
    who = "You" if event.mine else event.agent_name or "Nobody yet"
    span = eyes.clocks(event.starts_at, event.ends_at)
    day = times.long_day(eyes.day(event.starts_at), eyes.locale)
    return EventView(
        id=str(event.id),
        lane=event.lane_id,
        start=wall(event.starts_at, eyes.zone),
        end=wall(event.ends_at, eyes.zone),
        at=eyes.clock(event.starts_at),
        until=eyes.clock(event.ends_at),
        time=span,
        title=event.title,
        topic=event.topic,
        kind=kind,
        icon=icon,
        word=late or word,
        late=late,
        who=who,
        size=_size(event.ends_at - event.starts_at),
        editable=event.editable and event.phase in LIVE_PHASES,
        full=f"{event.title}, {event.topic}, {span}, {day}, {who}, {late or word}",
        agent=str(event.agent_id or ""),
        version=event.version,
    )


def waiting(who: str, until: datetime | None, eyes: Eyes) -> str:
    """Say who goes on waiting for a late customer until when; empty for nobody."""
    return f"{who} waits until {eyes.clock(until)}." if until else ""


def late_by(event: BoardEvent, eyes: Eyes) -> str:
    """Return by how much a customer is late, as in ``25 min late``."""
    return f"{int((eyes.now - event.starts_at).total_seconds() // 60)} min late"


def event_views(events: Iterable[BoardEvent], eyes: Eyes) -> list[EventView]:
    """Return appointments in the order of their start."""
    ordered = sorted(events, key=lambda event: (event.starts_at, event.title))
    return [event_view(event, eyes) for event in ordered]


def lane_views(board: Board) -> list[LaneView]:
    """Return the lanes of a board in their order."""
    return [LaneView(lane.id, lane.title, lane.subtitle) for lane in board.lanes]


def opening_views(
    openings: Mapping[str, Sequence[Interval]], eyes: Eyes
) -> dict[str, list[list[str]]]:
    """Return where an appointment may be dropped, as wall times per lane."""
    return {
        lane: [
            [wall(span.start, eyes.zone), wall(span.end, eyes.zone)]
            for span in merge(spans)
        ]
        for lane, spans in openings.items()
    }


def day_views(events: Sequence[EventView], eyes: Eyes) -> list[DayView]:
    """Return appointments grouped by day, for lists."""
    found: dict[str, DayView] = {}
    for event in events:
        day = event.start[:10]
        if day not in found:
            name = eyes.day_name(date.fromisoformat(day))
            found[day] = DayView(day, name)
        found[day].events.append(event)
    return list(found.values())


def working_hours(board: Board, eyes: Eyes) -> tuple[str, str]:
    """Return the hours of the day a grid has to show, as ``"08:00"``, ``"18:00"``."""
    spans = [span for lane in board.lanes for span in lane.duty]
    spans += [Interval(event.starts_at, event.ends_at) for event in board.events]
    if not spans:
        return "08:00", "18:00"
    first = min(span.start.astimezone(eyes.zone).time() for span in spans)
    last = max(_hour_after(span.end.astimezone(eyes.zone)) for span in spans)
    return f"{first.hour:02d}:00", f"{last:02d}:00"


def summary(events: Sequence[BoardEvent]) -> str:
    """Return how many appointments there are, as in ``27 appointments``."""
    return "1 appointment" if len(events) == 1 else f"{len(events)} appointments"


def offset(eyes: Eyes) -> str:
    """Return the institution's distance from UTC now, as in ``-06:00``."""
    return eyes.now.astimezone(eyes.zone).isoformat()[-6:]


def identifier(text: str) -> UUID:
    """Return the id in ``text``.

    Raises:
        InvalidInputError: If it is none.
    """
    try:
        return UUID(str(text))
    except ValueError as error:
        raise InvalidInputError({"id": "Choose one of the list."}) from error


def _hour_after(local: datetime) -> int:
    if local.time() == time():
        return 24
    return local.hour + (1 if local.minute or local.second else 0)


def _size(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    steps = ((25, "d1"), (40, "d2"), (55, "d3"))
    return next((name for limit, name in steps if minutes < limit), "tall")


def _mark(event: BoardEvent) -> tuple[str, str, str]:
    """Return class, icon and word of an appointment's state."""
    if event.phase is Phase.LATE:
        return "is-late", "warn", "Late"
    if event.unassigned and event.phase in LIVE_PHASES:
        return "is-unassigned", "open", "Unassigned"
    return MARKS[event.phase]


MARKS: Mapping[Phase, tuple[str, str, str]] = {
    Phase.REQUESTED: ("is-requested", "wait", "Requested"),
    Phase.UPCOMING: ("is-confirmed", "check", "Confirmed"),
    Phase.JOINABLE: ("is-confirmed", "check", "Confirmed"),
    Phase.LATE: ("is-late", "warn", "Late"),
    Phase.IN_CALL: ("is-confirmed", "video", "In call"),
    Phase.COMPLETED: ("is-done", "done", "Completed"),
    Phase.ENDED: ("is-done", "clock", "Ended"),
    Phase.NO_SHOW: ("is-done", "x", "No-show"),
    Phase.EXPIRED: ("is-done", "x", "Expired"),
    Phase.CANCELLED: ("is-done", "x", "Cancelled"),
}
