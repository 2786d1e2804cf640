"""Describe appointments and calendars in words for staff."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from invo_booking.domain.appointment import Phase
from invo_booking.domain.errors import (
    InvalidInputError,
    InvoError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.domain.interval import Interval, merge_intervals
from invo_booking.texts import count, say
from invo_booking.texts.dates import clock_text
from invo_booking.usecases.staff.calendar import Board, BoardEvent
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.wall_times import WALL, wall_span

_LONGEST_NUMBER = 10
LIVE_PHASES = frozenset(
    {Phase.REQUESTED, Phase.UPCOMING, Phase.JOINABLE, Phase.LATE, Phase.IN_CALL}
)


@dataclass(frozen=True, slots=True)
class ViewerContext:
    """The reader of a page: time zone, locale, and the current instant."""

    zone: ZoneInfo
    locale: Locale
    now: datetime

    @property
    def today(self) -> date:
        """The current date in the zone of the viewer."""
        return self.now.astimezone(self.zone).date()

    def clock(self, at: datetime) -> str:
        """Return the wall time of an instant, short enough for a full calendar.

        In an hour that occurs twice because clocks go back, the offset is added.
        """
        local = at.astimezone(self.zone)
        text = clock_text(local)
        return (
            f"{text} {times.zone_abbreviation(local)}"
            if times.is_repeated_wall_time(local)
            else text
        )

    def clocks(self, start: datetime, end: datetime) -> str:
        """Return a span of wall times, as in ``11:15`` to ``12:00``."""
        return f"{self.clock(start)}\N{EN DASH}{self.clock(end)}"

    def moment(self, at: datetime) -> str:
        """Return the wall time of an instant, with its date unless that is today."""
        day = self.day(at)
        if day == self.today:
            return self.clock(at)
        return f"{format_date(day, 'medium', locale=self.locale)}, {self.clock(at)}"

    def day(self, at: datetime) -> date:
        """Return the date of an instant in the zone of the viewer."""
        return at.astimezone(self.zone).date()

    def day_name(self, day: date) -> str:
        """Return ``Today``, ``Tomorrow`` or the date in words."""
        near = {
            0: say("calendar.today"),
            1: say("calendar.tomorrow"),
            -1: say("calendar.yesterday"),
        }
        return near.get((day - self.today).days) or times.long_day_text(
            day, self.locale
        )


@dataclass
class EventView:
    """One appointment as the calendar draws it.

    ``start`` and ``end`` are wall times without an offset, between which the
    appointment is drawn.
    """

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
    assignable: bool = False
    takeable: bool = False
    joinable: bool = False
    day: str = ""
    agent: str = ""
    version: int = 0


@dataclass
class LaneView:
    """A column or row of the calendar: agent, *Unassigned*, or queue and language."""

    id: str
    title: str
    subtitle: str


@dataclass
class ListDayView:
    """A day of the list, with its appointments."""

    day: str
    title: str
    events: list[EventView] = field(default_factory=list[EventView])


def instant_of(
    text: str,
    zone: ZoneInfo,
    near: datetime | None = None,
    *,
    is_second: bool = False,
) -> datetime:
    """Return the instant, in UTC, of a wall time such as ``2026-11-24T11:15``.

    A wall time that the clock skips moves forward by the length of the gap.

    Args:
        text: The wall time.
        zone: Time zone of the wall time.
        near: If the wall time occurs twice, the offset at ``near`` decides which is
            meant.
        is_second: If the wall time occurs twice and ``near`` is not given, whether the
            second occurrence is meant.

    Raises:
        InvalidInputError: If the text is not a wall time.
    """
    local = parse_wall_time(text).replace(tzinfo=zone)
    second = local.replace(fold=1)
    if is_second and times.is_repeated_wall_time(local):
        local = second
    if near is not None and second.utcoffset() == near.astimezone(zone).utcoffset():
        local = second
    return local.astimezone(UTC)


def parse_wall_time(text: str) -> datetime:
    """Return a wall time such as ``2026-11-24T11:15``, without a zone.

    Raises:
        InvalidInputError: If the text is not a wall time, or is at the limits of the
            calendar, where it may have no instant.
    """
    try:
        moment = datetime.strptime(str(text)[:16], WALL)  # noqa: DTZ007  a wall time
    except ValueError:
        moment = None
    if moment is None or not MINYEAR < moment.year < MAXYEAR:
        raise InvalidInputError({"starts_at": say("calendar.wall_time_needed")})
    return moment


def explain_refusal(error: InvoError, viewer: ViewerContext) -> str:
    """Return the error message, with the nearest free times if any."""
    nearest = (
        error.nearest if isinstance(error, SlotTakenError | SlotClosedError) else ()
    )
    if not nearest:
        return str(error)
    return say("calendar.nearest", error=error, free=_moments_text(nearest, viewer))


def _moments_text(spans: Iterable[Interval], viewer: ViewerContext) -> str:
    """Return the starts of spans, as in ``9:00, 9:15; 3 Dec 2026, 10:00``."""
    by_day = groupby(spans, key=lambda span: viewer.day(span.start))
    return "; ".join(
        ", ".join(
            [viewer.moment(first.start), *(viewer.clock(it.start) for it in rest)]
        )
        for _, (first, *rest) in by_day
    )


def event_view(event: BoardEvent, viewer: ViewerContext) -> EventView:
    """Return an appointment as the calendar draws it."""
    kind, icon, word = status_mark(event.phase, is_unassigned=event.unassigned)
    at = viewer.clock(event.starts_at)
    who = (
        say("calendar.you")
        if event.mine
        else event.agent_name or say("calendar.no_agent")
    )
    span = viewer.clocks(event.starts_at, event.ends_at)
    day = times.long_day_text(viewer.day(event.starts_at), viewer.locale)
    start, end = wall_span(event.starts_at, event.ends_at, viewer.zone)
    return EventView(
        id=str(event.id),
        lane=event.lane_id,
        start=start,
        end=end,
        at=at,
        until=viewer.clock(event.ends_at),
        time=span,
        title=event.title,
        topic=event.topic,
        kind=kind,
        icon=icon,
        word=word,
        late=_late_text(event, at),
        who=who,
        size=event_size_class(event.ends_at - event.starts_at),
        editable=event.editable and event.phase in LIVE_PHASES,
        assignable=event.assignable and event.phase in LIVE_PHASES,
        takeable=event.takeable and event.phase in LIVE_PHASES,
        joinable=event.joinable,
        day=day,
        agent=str(event.agent_id or ""),
        version=event.version,
    )


def _late_text(event: BoardEvent, at: str) -> str:
    """Return the text for a customer who is late or reported a delay; else empty."""
    if event.phase is Phase.LATE:
        if event.running_late:
            return say("calendar.late_coming", at=at)
        return say("calendar.late_since", at=at)
    is_coming = event.running_late and event.phase in LIVE_PHASES
    return say("calendar.running_late") if is_coming else ""


def waiting_text(who: str, until: datetime | None, viewer: ViewerContext) -> str:
    """Return who waits for a late customer and until when; empty if nobody waits."""
    return (
        say("calendar.waits_until", who=who, until=viewer.clock(until)) if until else ""
    )


def minutes_late_text(event: BoardEvent, viewer: ViewerContext) -> int:
    """Return how many minutes a customer is late."""
    return int((viewer.now - event.starts_at).total_seconds() // 60)


def event_views(events: Iterable[BoardEvent], viewer: ViewerContext) -> list[EventView]:
    """Return appointments, earliest start first."""
    ordered = sorted(events, key=lambda event: (event.starts_at, event.title))
    return [event_view(event, viewer) for event in ordered]


def lane_views(board: Board) -> list[LaneView]:
    """Return the lanes of a board, in the board's order."""
    return [LaneView(lane.id, lane.title, lane.subtitle) for lane in board.lanes]


def opening_views(
    openings: Mapping[str, Sequence[Interval]], viewer: ViewerContext
) -> dict[str, list[list[str]]]:
    """Return where an appointment may be dropped: wall times by lane."""
    return {
        lane: [
            list(wall_span(span.start, span.end, viewer.zone))
            for span in merge_intervals(spans)
        ]
        for lane, spans in openings.items()
    }


def day_views(
    events: Sequence[EventView],
    viewer: ViewerContext,
    shown: tuple[date, date] | None = None,
) -> list[ListDayView]:
    """Return appointments grouped by day, for lists.

    Args:
        events: Appointments, earliest start first.
        shown: First date and the date after the last. An appointment that crosses
            midnight is then listed on each of its dates. With ``None``, every
            appointment is listed once, on the date of its start.
    """
    days: dict[date, ListDayView] = {}
    for event in events:
        for day, view in _days_listed(event, shown):
            entry = days.setdefault(day, ListDayView(str(day), viewer.day_name(day)))
            entry.events.append(view)
    return [days[day] for day in sorted(days)]


def _days_listed(
    event: EventView, shown: tuple[date, date] | None
) -> list[tuple[date, EventView]]:
    """Return each date on which an appointment is listed, with that date's view."""
    start = datetime.strptime(event.start, WALL)  # noqa: DTZ007  a wall time
    end = datetime.strptime(event.end, WALL)  # noqa: DTZ007  a wall time
    first, last = start.date(), (end - timedelta(minutes=1)).date()
    if shown is None or first == last:
        return [(first, event)]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        (
            day,
            replace(
                event,
                at=event.at if day == first else f"{start:%a} {event.at}",
                until=event.until if day == last else f"{end:%a} {event.until}",
            ),
        )
        for day in days
        if shown[0] <= day < shown[1]
    ]


def appointments_summary(events: Sequence[BoardEvent]) -> str:
    """Return the number of appointments in words, as in ``27 appointments``."""
    return count("calendar.appointments", len(events))


def utc_offset(viewer: ViewerContext) -> str:
    """Return the current offset of the viewer's zone from UTC, as in ``-06:00``."""
    return viewer.now.astimezone(viewer.zone).isoformat()[-6:]


def version_of_form(sent: object) -> int:
    """Return the version that a click sent; without one, 0, which never matches."""
    text = str(sent)
    return int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else 0


def parse_id(text: str) -> UUID:
    """Return the id in ``text``.

    Raises:
        InvalidInputError: If the text is not an id.
    """
    try:
        return UUID(str(text))
    except ValueError as error:
        raise InvalidInputError({"id": say("calendar.choose_listed")}) from error


def event_size_class(length: timedelta) -> str:
    """Return the class name for the size of an appointment's box, by its length."""
    minutes = int(length.total_seconds() // 60)
    steps = ((25, "d1"), (40, "d2"), (55, "d3"))
    return next((name for limit, name in steps if minutes < limit), "tall")


def status_mark(phase: Phase, *, is_unassigned: bool) -> tuple[str, str, str]:
    """Return class name, icon and word for an appointment's state."""
    kind, icon, word = _MARKS[phase]
    if not is_unassigned or phase not in LIVE_PHASES:
        return kind, icon, say(word)
    label = say(_UNASSIGNED.get(phase, "calendar.phase.unassigned"))
    if phase is Phase.LATE:
        return kind, icon, label
    return "is-unassigned", "open", label


_MARKS: Mapping[Phase, tuple[str, str, str]] = {
    Phase.REQUESTED: ("is-requested", "wait", "calendar.phase.requested"),
    Phase.UPCOMING: ("is-confirmed", "check", "calendar.phase.confirmed"),
    Phase.JOINABLE: ("is-confirmed", "video", "calendar.phase.joinable"),
    Phase.LATE: ("is-late", "warn", "calendar.phase.late"),
    Phase.IN_CALL: ("is-confirmed", "video", "calendar.phase.in_call"),
    Phase.COMPLETED: ("is-done", "done", "calendar.phase.completed"),
    Phase.ENDED: ("is-done", "clock", "calendar.phase.ended"),
    Phase.NO_SHOW: ("is-done", "x", "calendar.phase.no_show"),
    Phase.EXPIRED: ("is-done", "x", "calendar.phase.expired"),
    Phase.CANCELLED: ("is-done", "x", "calendar.phase.cancelled"),
}

_UNASSIGNED: Mapping[Phase, str] = {
    Phase.JOINABLE: "calendar.phase.unassigned_joinable",
    Phase.LATE: "calendar.phase.unassigned_late",
    Phase.IN_CALL: "calendar.phase.unassigned_in_call",
}
