"""The engine asked about plain objects instead of arrays: agents, appointments, spans.

What a product would write that thinks in calendars. The laws compare with it whatever
the index answers from its arrays.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.hours import AgentHours, duty_intervals
from invo_booking.domain.interval import merge_intervals
from invo_booking.domain.slots.agents import AgentIndex
from invo_booking.domain.slots.days import Agent
from invo_booking.domain.slots.demand import WaitingQueue
from invo_booking.domain.slots.matching import Claim, assign_agents
from invo_booking.domain.slots.reasons import unread_reason
from invo_booking.domain.slots.schedules import AgentSchedules, Spans
from invo_booking.domain.slots.search import (
    AgentSupply,
    Booking,
    Group,
    Situation,
    check_search_window,
    verdict_out_of_time,
)
from invo_booking.domain.slots.supply import NONE
from invo_booking.domain.slots.waiting import Claimant
from invo_booking.domain.wall import (
    EPOCH,
    ceil_minute,
    floor_minute,
    instant_at,
    whole_minutes,
)

UTC_ZONE = ZoneInfo("UTC")
ELSEWHERE = "Works at another branch then"
WIDEST_BUFFER = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A live appointment that no agent has yet; it still uses up one agent."""

    period: object
    before: timedelta
    after: timedelta
    queue_id: UUID
    language: str
    branch_id: UUID | None = None

    @property
    def group(self) -> Group:
        """What the appointment asks of an agent."""
        return Group(self.queue_id, self.language, self.branch_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply(AgentSupply):
    """One agent's time, of which some is for visits at one branch only.

    Attributes:
        duty_at: Working time in which visits at a branch are served, by branch; for
            other branches, all of it.
    """

    duty_at: dict = field(default_factory=dict)


def schedules_of(calendars):
    """Return calendars as arrays; keep it to ask about the same calendars again."""
    if isinstance(calendars, AgentSchedules):
        return calendars
    ordered = sorted(calendars, key=lambda it: it.agent_id)
    hours = AgentHours(UTC_ZONE, {})
    members = [
        Agent(it.agent_id, it.name, it.queues, it.languages, hours, it.branches)
        for it in ordered
    ]
    return AgentSchedules(
        AgentIndex(members, {it.agent_id: it.reading for it in ordered if it.reading}),
        _spans([[_inward(span) for span in it.duty] for it in ordered]),
        _spans([[_booked(booking) for booking in it.booked] for it in ordered]),
        _spans([[_outward(span) for span in it.busy] for it in ordered]),
        {place: _duty_there(ordered, place) for place in _places(ordered)},
    )


def _places(calendars):
    return {place for it in calendars for place in getattr(it, "duty_at", ())}


def _duty_there(calendars, place):
    return _spans(
        [
            [_inward(span) for span in getattr(it, "duty_at", {}).get(place, it.duty)]
            for it in calendars
        ]
    )


def claimants(waiting: Iterable[Waiting]) -> list[Claimant]:
    """Return who waits, as the engine counts them."""
    return [Claimant(claim_of(it), it.group) for it in waiting]


def claim_of(waiting: Waiting) -> Claim:
    """Return the minutes somebody asks for."""
    return Claim(
        *_outward(waiting.period)[:2],
        whole_minutes(waiting.before),
        whole_minutes(waiting.after),
    )


def told_waiting(book, window) -> list[Waiting]:
    """Return who waits around a window, as an index was told."""
    near = window.widen(WIDEST_BUFFER, WIDEST_BUFFER)
    low, high = np.array([floor_minute(near.start)]), np.array([ceil_minute(near.end)])
    waitlist = book._records.waitlist  # noqa: SLF001
    return [
        Waiting(
            type(window)(instant_at(claim.start), instant_at(claim.end)),
            timedelta(minutes=claim.before),
            timedelta(minutes=claim.after),
            group.queue_id,
            group.language,
            group.branch_id,
        )
        for claim, group in waitlist.around(low, high, frozenset(waitlist.groups()))
    ]


def open_slots(rules, group, calendars, waiting, window, *, agent=None):
    """Return the open slots that start within a window, earliest first."""
    check_search_window(window)
    there = _situation(rules, group, calendars, waiting)
    return there.open_slots(window, agent=agent)


def judge(rules, group, calendars, waiting, start, *, on_grid=True):
    """Return whether a start is open, and if not, every reason."""
    return verdict_out_of_time(rules, start) or _situation(
        rules, group, calendars, waiting
    ).judge(start, on_grid=on_grid)


def counted(rules, group, calendars, waiting, start):
    """Return how many of those on duty at a start are free, and what keeps others."""
    there = _situation(rules, group, calendars, waiting)
    starts = np.array([floor_minute(start)])
    found = there.evaluation(starts).findings()
    figures = {
        name: int(getattr(found, name)[0])
        for name in ("free", "booked", "busy", "buffered")
    }
    return figures | {
        "unread": int(found.unread.count(starts, rules.length_minutes)[0])
    }


def survey(rules, group, calendars, waiting, window):
    """Return what ``judge`` says of every start of the grid in a window."""
    return _situation(rules, group, calendars, waiting).survey(window)


def placeable(
    waiting: Sequence[Waiting], calendars: Sequence[AgentSupply], now: datetime = EPOCH
) -> bool:
    """Whether all waiting appointments could be given to agents at once."""
    line = WaitingQueue.of_schedules(claimants(waiting), schedules_of(calendars), now)
    return assign_agents(line.demands()) is not None


def spares(
    calendars: Sequence[AgentSupply],
    line: Sequence[Waiting],
    agent: UUID,
    asked: Waiting,
    now: datetime,
    *,
    waits: Waiting | None = None,
) -> bool:
    """Whether an agent can take something without anybody losing a place."""
    schedules = schedules_of(calendars)
    moved = claimants([waits])[0] if waits else None
    return WaitingQueue.of_schedules(claimants(line), schedules, now).spares(
        schedules.agent_index.index(agent), claim_of(asked), waits=moved
    )


def busy_reason(
    calendar, period, before=NONE, after=NONE, zone=UTC_ZONE, now=EPOCH
) -> str | None:
    """Return why an agent cannot take a period; ``None`` if the agent can."""
    if not any(span.covers(period) for span in merge_intervals(calendar.duty)):
        return "Off duty"
    for booking in sorted(calendar.booked, key=lambda it: it.period):
        if _collides(period, booking, before, after):
            return f"Has another appointment {_clock(booking.period, zone)}"
    for span in sorted(calendar.busy):
        if _collides(period, Booking(span), before, after):
            return f"Busy in their own calendar {_clock(span, zone)}"
    if calendar.reading and not calendar.reading.is_known(now):
        return (
            f"Calendar not known: {unread_reason(calendar.name, calendar.reading, now)}"
        )
    return None


def busy_reason_at(branch_id, calendar, *asked) -> str | None:
    """Return why an agent cannot take a visit at a branch, or a call."""
    there = getattr(calendar, "duty_at", {}).get(branch_id, calendar.duty)
    why = busy_reason(replace(calendar, duty=there), *asked)
    is_off = why == "Off duty"
    return ELSEWHERE if is_off and busy_reason(calendar, *asked) != why else why


def calendars_of(roster, appointments, window):
    """Return each agent's calendar and the appointments that still need an agent.

    Args:
        roster: People and their hours.
        appointments: Live ones around the window; see ``around``.
        window: What will be asked about.
    """
    booked: defaultdict[UUID, list[Booking]] = defaultdict(list)
    for it in appointments:
        if it.agent_id is not None:
            booking = Booking(it.period, it.buffer_before, it.buffer_after)
            booked[it.agent_id].append(booking)
    span = window.widen(WIDEST_BUFFER, WIDEST_BUFFER)
    zone = roster.institution.zone
    calendars = [
        AgentSupply(
            agent_id=agent.id,
            name=agent.name,
            queues=agent.queues,
            languages=agent.languages,
            duty=tuple(duty_intervals(agent.hours, span, frozenset(), zone)),
            booked=tuple(booked[agent.id]),
            branches=agent.branches,
        )
        for agent in roster.agents
    ]
    return calendars, [waiting_of(it) for it in appointments if it.agent_id is None]


def waiting_of(appointment) -> Waiting:
    """Return what an unassigned appointment asks of the agents."""
    return Waiting(
        appointment.period,
        appointment.buffer_before,
        appointment.buffer_after,
        appointment.queue_id,
        appointment.language,
        appointment.branch_id,
    )


def around(window):
    """Return the span in which appointments can touch the window by their buffers."""
    return window.widen(2 * WIDEST_BUFFER, 2 * WIDEST_BUFFER)


def _situation(rules, group, calendars, waiting):
    return Situation(rules, group, schedules_of(calendars), claimants(waiting))


def _spans(lists) -> Spans:
    rows = [(index, *row) for index, some in enumerate(lists) for row in some]
    return Spans(*np.array(rows, np.int64).reshape(-1, 5).T)


def _inward(span):
    return ceil_minute(span.start), floor_minute(span.end), 0, 0


def _outward(span):
    return floor_minute(span.start), ceil_minute(span.end), 0, 0


def _booked(booking):
    kept = whole_minutes(booking.before), whole_minutes(booking.after)
    return (*_outward(booking.period)[:2], *kept)


def _collides(period, booking, before, after) -> bool:
    """Whether one agent cannot take both: the larger buffer fits between, not both."""
    other = booking.period
    return period.start < other.end + max(before, booking.after) and (
        other.start < period.end + max(after, booking.before)
    )


def _clock(span, zone) -> str:
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    return f"{start:%H:%M}-{end:%H:%M}"
