"""Read the Me, Team and Queues calendars, and the dashboard."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Appointment, JoinRules, Phase
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.hours import duty_intervals
from invo_booking.domain.institution import Person, Roster
from invo_booking.domain.interval import Interval, merge_intervals
from invo_booking.domain.wall import days_of
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import count, say
from invo_booking.usecases.appointment.steps import join_rules
from invo_booking.usecases.appointment.undelivered import undelivered_appointments
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import may_see, visible_appointment
from invo_booking.usecases.slots import availability, placement
from invo_booking.usecases.slots.offers import AnswerOption
from invo_booking.usecases.slots.unplaced import appointments_nobody_can_take
from invo_booking.usecases.staff.board_events import BoardEvent, EventReader
from invo_booking.usecases.staff.catalogue import (
    StaffCatalogue,
    staff_catalogue,
)

__all__ = [
    "EVERYTHING",
    "UNASSIGNED",
    "AnswerOption",
    "Board",
    "BoardEvent",
    "BoardFilter",
    "Dashboard",
    "Lane",
    "Scope",
    "StaffCatalogue",
    "calendar_board",
    "drop_openings",
    "own_dashboard",
    "staff_catalogue",
    "unassigned_events",
]

UNASSIGNED = "unassigned"
LONGEST_WINDOW = timedelta(days=62)
_AROUND = timedelta(hours=4)


class Scope(StrEnum):
    """Which staff calendar to show: Me, Team or Queues."""

    ME = "me"
    TEAM = "team"
    QUEUES = "queues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A column or row of a staff calendar, for an agent or a queue.

    Attributes:
        id: An agent's id, ``"unassigned"``, or ``"<queue id>:<language>"``.
        duty: Spans in which at least one of the lane's agents works, in UTC.
    """

    id: str
    title: str
    subtitle: str
    duty: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The contents of one staff calendar in a window."""

    time_zone: str
    lanes: tuple[Lane, ...]
    events: tuple[BoardEvent, ...]
    holidays: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """A filter for the appointments to show; an empty set does not filter.

    Attributes:
        branch_ids: Branches of visits; if not empty, no calls are shown.
    """

    queue_ids: frozenset[UUID] = frozenset()
    languages: frozenset[str] = frozenset()
    branch_ids: frozenset[UUID] = frozenset()

    def keeps(self, item: Appointment) -> bool:
        """Whether to show an appointment."""
        return (
            (not self.queue_ids or item.queue_id in self.queue_ids)
            and (not self.languages or item.language in self.languages)
            and (not self.branch_ids or item.branch_id in self.branch_ids)
        )


EVERYTHING = BoardFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """An agent's day; events are ordered by start.

    Attributes:
        next: The agent's next event today, if any.
        unassigned: Unassigned events, without those in ``unplaced``.
        unplaced: Unassigned events that no agent can take; always empty for actors who
            do not see all appointments.
        undelivered: Live appointments whose customer did not get the latest mail.
            Actors who do not see all appointments get only their own appointments.
        late: Events of ``today`` whose customer is late, whether or not staff still
            wait for the customer.
    """

    next: BoardEvent | None
    today: tuple[BoardEvent, ...]
    unassigned: tuple[BoardEvent, ...]
    unplaced: tuple[BoardEvent, ...]
    undelivered: tuple[BoardEvent, ...]
    late: tuple[BoardEvent, ...]
    join_rules: JoinRules
    seen_at: datetime


def calendar_board(
    deps: Deps,
    actor: Actor,
    scope: Scope,
    window: Interval,
    filtered: BoardFilter = EVERYTHING,
) -> Board:
    """Return the contents of one staff calendar in a window.

    Args:
        actor: Determines the lanes. Me shows the actor's own appointments. Team also
            shows the lanes of colleagues who share a queue and language with the actor.
            Queues shows the actor's queues and languages. For actors who see all
            appointments, Team and Queues show all lanes.
        scope: The calendar to show.
        window: At most 62 days.
        filtered: Filter for the appointments.

    Raises:
        InvalidInputError: If the window is longer than 62 days.
    """
    if window.duration > LONGEST_WINDOW:
        raise InvalidInputError({"window": say("staff.calendar.range_too_long")})
    with deps.unit_of_work() as work:
        appointments = work.appointments.between(window)
        shown = [
            it for it in appointments if may_see(work, actor, it) and filtered.keeps(it)
        ]
        lanes, lane_of = _LAYOUTS[scope](work.roster, actor, window)
        known = {lane.id for lane in lanes}
        eye = EventReader(deps, work, actor, deps.now())
        days = set(days_of(window, work.roster.institution.zone))
        return Board(
            time_zone=work.roster.institution.zone.key,
            lanes=tuple(lanes),
            events=tuple(
                eye.event(item, lane_of(item))
                for item in shown
                if lane_of(item) in known
            ),
            holidays={
                day.isoformat(): name
                for day, name in work.roster.holidays.items()
                if day in days
            },
        )


def drop_openings(
    deps: Deps, actor: Actor, appointment_id: UUID, window: Interval
) -> dict[str, tuple[Interval, ...]]:
    """Return the spans of starts to which an appointment can be dragged, by lane.

    The page shows these spans while an appointment is dragged. When the appointment is
    dropped, the move is checked again.

    Raises:
        NotFoundError: If the appointment does not exist, or is hidden from the actor.
        InvalidInputError: If the window is longer than 62 days.
    """
    if window.duration > LONGEST_WINDOW:
        raise InvalidInputError({"window": say("staff.calendar.range_too_long")})
    with deps.unit_of_work() as work:
        appointment = visible_appointment(work, actor, appointment_id)
        return placement.openings_by_agent(work, appointment, window, deps.now())


def unassigned_events(
    deps: Deps, actor: Actor, limit: int = 50
) -> tuple[BoardEvent, ...]:
    """Return up to ``limit`` unassigned appointments the actor may see, earliest first.

    For actors who see all appointments, the appointments that no agent can take come
    first and do not count toward the limit.
    """
    with deps.unit_of_work() as work:
        return _read_unassigned(deps, work, actor, deps.now(), limit)


def own_dashboard(deps: Deps, actor: Actor) -> Dashboard:
    """Return the actor's appointments today, and unassigned appointments."""
    now = deps.now()
    with deps.unit_of_work() as work:
        zone = work.roster.institution.zone
        day = now.astimezone(zone).date()
        today = Interval(
            availability.plain_midnight(day, zone),
            availability.plain_midnight(day + timedelta(days=1), zone),
        )
        eye = EventReader(deps, work, actor, now)
        own = [
            eye.event(item, str(actor.id))
            for item in work.appointments.between(today)
            if item.agent_id == actor.id
        ]
        late = tuple(
            event for event in own if event.phase is Phase.LATE or event.waited_until
        )
        ahead = [event for event in own if event.phase in _AHEAD]
        waiting = _read_unassigned(deps, work, actor, now, 50)
        return Dashboard(
            next=ahead[0] if ahead else None,
            today=tuple(own),
            unassigned=tuple(one for one in waiting if not one.unplaced),
            unplaced=tuple(one for one in waiting if one.unplaced),
            undelivered=tuple(
                eye.event(it, str(it.agent_id or UNASSIGNED))
                for it in undelivered_appointments(work, actor, now)
            ),
            late=late,
            join_rules=join_rules(work.settings),
            seen_at=now,
        )


_AHEAD = frozenset({Phase.REQUESTED, Phase.UPCOMING, Phase.JOINABLE})

LaneOf = Callable[[Appointment], str]
Layout = tuple[list[Lane], LaneOf]


def _read_unassigned(
    deps: Deps, work: UnitOfWork, actor: Actor, now: datetime, limit: int
) -> tuple[BoardEvent, ...]:
    eye = EventReader(deps, work, actor, now)
    appointments = work.appointments.unassigned_from(now, 10 * limit)
    seen = [item for item in appointments if may_see(work, actor, item)]
    stuck = (
        appointments_nobody_can_take(work, seen, now)
        if actor.oversees
        else frozenset[UUID]()
    )
    unplaced = [item for item in seen if item.id in stuck]
    others = [item for item in seen if item.id not in stuck]
    return (
        *(replace(eye.event(it, UNASSIGNED), unplaced=True) for it in unplaced),
        *(eye.event(it, UNASSIGNED) for it in others[:limit]),
    )


def _lane_of_agent(item: Appointment) -> str:
    return str(item.agent_id) if item.agent_id else UNASSIGNED


def _me(roster: Roster, actor: Actor, window: Interval) -> Layout:
    own = [it for it in roster.agents if it.id == actor.id]
    lane = Lane(
        id=str(actor.id),
        title=actor.name,
        subtitle=say("staff.calendar.you"),
        duty=_duty(roster, own, window),
    )
    return [lane], _lane_of_agent


def _team(roster: Roster, actor: Actor, window: Interval) -> Layout:
    mates = [it for it in roster.agents if actor.oversees or _are_mates(actor, it)]
    mates.sort(key=lambda it: (it.id != actor.id, it.name))
    lanes = [
        Lane(
            id=UNASSIGNED,
            title=say("staff.calendar.unassigned"),
            subtitle=say("staff.calendar.no_agent"),
        )
    ]
    lanes += [
        Lane(
            id=str(it.id),
            title=say("staff.calendar.you_named", name=it.name)
            if it.id == actor.id
            else it.name,
            subtitle=", ".join(_language_names(roster, it.languages)),
            duty=_duty(roster, [it], window),
        )
        for it in mates
    ]
    return lanes, _lane_of_agent


def _are_mates(actor: Actor, person: Person) -> bool:
    if person.id == actor.id:
        return True
    shares_queue = bool(actor.queues & person.queues)
    return shares_queue and bool(actor.languages & person.languages)


def _queues(roster: Roster, actor: Actor, window: Interval) -> Layout:
    lanes: list[Lane] = []
    offered = {
        (answer.queue_id, code)
        for answer in roster.answers.values()
        if answer.schedulable
        for code in answer.languages
    }
    for queue in roster.queues.values():
        for code, language in roster.languages.items():
            staff = [
                it
                for it in roster.agents
                if queue.id in it.queues and code in it.languages
            ]
            is_lane = staff or (queue.id, code) in offered
            if is_lane and (actor.oversees or actor.serves(queue.id, code)):
                agents = count("staff.calendar.agents", len(staff))
                lanes.append(
                    Lane(
                        id=f"{queue.id}:{code}",
                        title=queue.name,
                        subtitle=f"{language}, {agents}",
                        duty=_duty(roster, staff, window),
                    )
                )
    return lanes, lambda item: f"{item.queue_id}:{item.language}"


def _duty(
    roster: Roster, people: Iterable[Person], window: Interval
) -> tuple[Interval, ...]:
    """Return the spans in and near a window in which at least one person works."""
    span = window.widen(_AROUND, _AROUND)
    closed, zone = frozenset(roster.holidays), roster.institution.zone
    worked = (duty_intervals(it.hours, span, closed, zone) for it in people)
    return tuple(merge_intervals(part for parts in worked for part in parts))


def _language_names(roster: Roster, codes: Iterable[str]) -> list[str]:
    return sorted(roster.languages.get(code, code) for code in codes)


_LAYOUTS: dict[Scope, Callable[[Roster, Actor, Interval], Layout]] = {
    Scope.ME: _me,
    Scope.TEAM: _team,
    Scope.QUEUES: _queues,
}
