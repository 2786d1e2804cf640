"""The day of one agent, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from invo_booking.domain.appointment import OVER
from invo_booking.domain.moments import next_midnight
from invo_booking.texts import count, language_name, say
from invo_booking.usecases.calendars.outside_agents import UnreadAgent
from invo_booking.usecases.staff.calendar import (
    BoardEvent,
    Dashboard,
    Scope,
    StaffCatalogue,
)
from invo_booking.usecases.upkeep.attention import WorkTrouble
from invo_booking.usecases.upkeep.task_runs import TaskRuns, work_of
from invo_booking.web.core import routes
from invo_booking.web.kit.calendar.place import Period, Place
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import (
    EventView,
    ViewerContext,
    event_view,
    minutes_late_text,
    waiting_text,
)

NOON, EVENING = 12, 17
GREETINGS = (NOON, EVENING)
MINUTE = timedelta(minutes=1)


@dataclass
class NextView:
    """The next appointment; ``id`` is empty if there is none."""

    id: str = ""
    name: str = ""
    line: str = ""
    language: str = ""
    queue: str = ""
    word: str = ""
    seconds: int = 0
    begins: str = ""
    is_soon: bool = False
    stamp: str = ""
    href: str = ""
    join: str = ""
    """URL at which the agent enters the room; empty if the agent cannot enter now."""


@dataclass
class AppointmentRowView:
    """One of today's appointments."""

    id: str
    at: str
    until: str
    name: str
    line: str
    tag: str
    icon: str
    word: str
    kind: str
    href: str
    join: str


@dataclass
class LateView:
    """A customer who has not come yet."""

    id: str
    name: str
    how_late: str
    line: str
    version: int
    waits: str = ""  # who waits, and until when; may be empty


@dataclass
class WaitView:
    """One unassigned appointment; only the first of a day has a ``heading``."""

    id: str
    heading: str
    at: str
    topic: str
    line: str
    label: str
    version: int
    takeable: bool
    href: str = ""
    times: dict[str, str] = field(default_factory=dict[str, str])
    """Day, start and end in the institution's zone, in the format of form fields."""


def dashboard_calendar_problem(own: UnreadAgent | None, viewer: ViewerContext) -> str:
    """Return why the agent's own calendar cannot be read; empty if it is readable."""
    if own is None:
        return ""
    return say("dashboard.unread", time=viewer.moment(own.since), problem=own.sentence)


def dashboard_work_trouble(trouble: WorkTrouble, viewer: ViewerContext) -> list[str]:
    """Return a text about each kind of periodic work that is not done."""
    failing = [_failing_task_text(it, viewer) for it in trouble.failing]
    return [*failing, *trouble.others]


def _failing_task_text(runs: TaskRuns, viewer: ViewerContext) -> str:
    work = work_of(runs)
    if runs.succeeded_at is None:
        return say("dashboard.task_never_succeeded", work=work)
    return say("dashboard.task_fails", work=work, time=viewer.moment(runs.succeeded_at))


def dashboard_greeting(person: str, viewer: ViewerContext) -> str:
    """Return a greeting for the time of day, as in ``Good morning, Dana``."""
    hour = viewer.now.astimezone(viewer.zone).hour
    name = person.partition(" ")[0]
    if hour < NOON:
        return say("dashboard.greeting.morning", name=name)
    if hour < EVENING:
        return say("dashboard.greeting.afternoon", name=name)
    return say("dashboard.greeting.evening", name=name)


def dashboard_today_summary(dashboard: Dashboard, viewer: ViewerContext) -> str:
    """Return the date, the city of the time zone, and the number of appointments."""
    done = sum(1 for event in dashboard.today if event.phase in OVER)
    day = times.long_day_text(viewer.today, viewer.locale)
    city = times.zone_city(viewer.zone.key)
    if not dashboard.today:
        return say("dashboard.today.free", day=day, city=city)
    return count(
        "dashboard.today.line", len(dashboard.today), day=day, city=city, done=done
    )


def dashboard_changes_at(dashboard: Dashboard, viewer: ViewerContext) -> datetime:
    """Return the next instant at which the passing of time changes the dashboard.

    While a customer is late, the displayed delay changes every full minute.
    """
    events = (
        *dashboard.today,
        *dashboard.unassigned,
        *dashboard.unplaced,
        *dashboard.undelivered,
    )
    moments = [
        *(event.changes_at for event in events),
        *(
            dashboard_next_minute(event.starts_at, viewer.now)
            for event in dashboard.late
        ),
        *dashboard_next_greetings(viewer),
        next_midnight(viewer.now, viewer.zone),
    ]
    return min(moment for moment in moments if moment is not None)


def dashboard_next_minute(since: datetime, now: datetime) -> datetime:
    """Return the first instant after ``now`` that is full minutes after ``since``."""
    return since + ((now - since) // MINUTE + 1) * MINUTE


def dashboard_next_greetings(viewer: ViewerContext) -> list[datetime]:
    """Return today's later instants, in UTC, at which the greeting changes."""
    local = [datetime.combine(viewer.today, time(it), viewer.zone) for it in GREETINGS]
    return [at.astimezone(UTC) for at in local if at > viewer.now]


def dashboard_next_view(
    event: BoardEvent | None, catalogue: StaffCatalogue, viewer: ViewerContext
) -> NextView:
    """Return the next appointment with the time until it starts."""
    if event is None:
        return NextView()
    view = event_view(event, viewer)
    queues = {queue.id: queue.name for queue in catalogue.queues}
    left = -((viewer.now - event.starts_at) // timedelta(seconds=1))
    day = viewer.day_name(viewer.day(event.starts_at))
    return NextView(
        id=view.id,
        name=view.title,
        line=f"{view.topic}, {view.time}",
        language=language_name(event.language),
        queue=queues.get(event.queue_id, ""),
        word=view.word,
        seconds=max(0, left),
        begins=say("dashboard.next.now") if left <= 0 else day,
        is_soon=0 < left < 24 * 3600,
        stamp=f"{view.id} {viewer.now.timestamp():.0f}",
        href=_address_of(event, viewer),
        join=_room_of(event),
    )


def dashboard_today_rows(
    dashboard: Dashboard, viewer: ViewerContext
) -> list[AppointmentRowView]:
    """Return today's appointments, earliest first."""
    upcoming = dashboard.next.id if dashboard.next else None
    ordered = sorted(dashboard.today, key=lambda event: event.starts_at)
    return [_row_view(event, event.id == upcoming, viewer) for event in ordered]


def dashboard_late_views(
    events: Sequence[BoardEvent], viewer: ViewerContext
) -> list[LateView]:
    """Return the customers who have not come yet."""
    return [
        LateView(
            id=view.id,
            name=view.title,
            how_late=say("dashboard.late.by", minutes=minutes_late_text(event, viewer)),
            line=_due_line(event, view),
            version=event.version,
            waits=waiting_text(event.waited_by, event.waited_until, viewer),
        )
        for event in events
        for view in (event_view(event, viewer),)
    ]


def _due_line(event: BoardEvent, view: EventView) -> str:
    if event.running_late:
        return say("dashboard.late.line_coming", topic=view.topic, time=view.at)
    return say("dashboard.late.line", topic=view.topic, time=view.at)


def dashboard_wait_views(
    events: Sequence[BoardEvent], viewer: ViewerContext
) -> list[WaitView]:
    """Return the unassigned appointments in order, with a heading for each day."""
    views: list[WaitView] = []
    last = None
    for event in sorted(events, key=lambda one: one.starts_at):
        day = viewer.day(event.starts_at)
        heading = "" if day == last else viewer.day_name(day)
        last = day
        views.append(_wait_view(event, event_view(event, viewer), heading, viewer))
    return views


def _wait_view(
    event: BoardEvent, view: EventView, heading: str, viewer: ViewerContext
) -> WaitView:
    day = viewer.day_name(viewer.day(event.starts_at))
    return WaitView(
        id=view.id,
        heading=heading,
        at=view.at,
        topic=view.topic,
        line=f"{view.title} · {language_name(event.language)}",
        label=f"{view.topic}, {day} {view.at}",
        version=event.version,
        takeable=view.takeable,
        href=_address_of(event, viewer),
        times={
            "day": view.start[:10],
            "starts": view.start[11:16],
            "ends": view.end[11:16],
        },
    )


def _row_view(
    event: BoardEvent,
    is_next: bool,  # noqa: FBT001
    viewer: ViewerContext,
) -> AppointmentRowView:
    view = event_view(event, viewer)
    past = event.phase in OVER
    return AppointmentRowView(
        id=view.id,
        at=view.at,
        until=view.until,
        name=view.title,
        line=view.topic,
        tag=view.kind.removeprefix("is-"),
        icon=view.icon,
        word=say("dashboard.next.word") if is_next and not view.late else view.word,
        kind="past" if past else "cur" if is_next else "",
        href=_address_of(event, viewer),
        join="" if is_next else _room_of(event),
    )


def _room_of(event: BoardEvent) -> str:
    return routes.room_door_route(event.id) if event.joinable else ""


def _address_of(event: BoardEvent, viewer: ViewerContext) -> str:
    here = Place(
        scope=Scope.ME if event.mine else Scope.TEAM,
        period=Period.DAY,
        day=viewer.day(event.starts_at),
    )
    return f"{here.address}&a={event.id}"
