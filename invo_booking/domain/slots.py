"""Which starts are open, and why the others are not.

One evaluation answers both: what is offered is found by it, and what is asked for is
judged by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.evaluation import Evaluation, Findings, is_plausible
from invo_booking.domain.interval import Interval, merge
from invo_booking.domain.reasons import Facts, Reason, Rule, explain
from invo_booking.domain.rules import Rules
from invo_booking.domain.supply import NONE, Booking, Calendar, Group, Waiting, collide
from invo_booking.domain.timetable import Flags, Timetable, timetable
from invo_booking.domain.wall import (
    MINUTE,
    ceil_minute,
    floor_minute,
    instant_at,
    wall_grid,
)

__all__ = [
    "Booking",
    "Calendar",
    "Group",
    "Rules",
    "Slot",
    "Timetable",
    "Verdict",
    "Waiting",
    "is_free",
    "judge",
    "nearest",
    "open_slots",
    "timetable",
]

_UTC = ZoneInfo("UTC")


class Slot(NamedTuple):
    """An open span, in UTC, with how many designated agents are free in it."""

    start: datetime
    end: datetime
    free: int
    designated: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say about one start.

    Attributes:
        open: Whether it may be booked.
        reasons: Every rule that closes it, the weightiest first.
        free: Designated agents who are free for it.
        designated: Agents of the queue and language who are on duty for all of it.
        placeable: Agents, ordered by id, who can be given it without stranding an
            appointment that has no agent yet. Found even if a rule closes the start.
    """

    open: bool
    reasons: tuple[Reason, ...]
    free: int
    designated: int
    placeable: tuple[UUID, ...]


def open_slots(
    rules: Rules,
    group: Group,
    calendars: Timetable | Iterable[Calendar],
    waiting: Sequence[Waiting],
    window: Interval,
) -> list[Slot]:
    """Return the open slots that start within a window, earliest first.

    Args:
        rules: The institution's rules.
        group: Queue and language asked for.
        calendars: Agents, in any order. Their time must be known for the window and,
            behind it, the appointment's length, with a buffer's width around both.
        waiting: Unassigned live appointments of all queues and languages.
        window: Starts lie in it, ends may lie behind it.
    """
    first = ceil_minute(max(window.start, rules.earliest, rules.now))
    last = ceil_minute(min(window.end, rules.latest))
    if first >= last or not is_plausible(window.start) or not is_plausible(window.end):
        return []
    starts = wall_grid(rules.zone, rules.step // MINUTE, first, last)
    if not starts.size:
        return []
    evaluation = Evaluation(rules, group, calendars, waiting, starts)
    found = evaluation.findings()
    return _slots(rules, found, found.open & ~evaluation.lacks_room(found))


def judge(
    rules: Rules,
    group: Group,
    calendars: Timetable | Iterable[Calendar],
    waiting: Sequence[Waiting],
    start: datetime,
    *,
    on_grid: bool = True,
) -> Verdict:
    """Return whether a start is open, and if not, every reason.

    It is open if and only if ``open_slots`` offers it from the same data.

    Args:
        rules: The institution's rules.
        group: Queue and language asked for.
        calendars: Agents, in any order, as for ``open_slots``.
        waiting: Unassigned live appointments of all queues and languages.
        start: In UTC.
        on_grid: Whether the start must lie on the grid. Without it staff may start at
            any whole minute.
    """
    if not is_plausible(start):
        rule = Rule.PAST if start < rules.earliest else Rule.BEYOND_HORIZON
        return Verdict(
            open=False,
            reasons=(explain(rule, _facts(rules, start)),),
            free=0,
            designated=0,
            placeable=(),
        )
    minute = floor_minute(start)
    evaluation = Evaluation(rules, group, calendars, waiting, np.array([minute]))
    found = evaluation.findings()
    placeable = tuple(it.agent_id for it in evaluation.placeable(minute))
    facts = _facts(rules, start, found)
    reasons = tuple(
        explain(rule, facts)
        for rule in Rule
        if (rule is Rule.OFF_GRID and not _fits_grid(rules, start, on_grid=on_grid))
        or (rule is Rule.CAPACITY and facts.free > 0 and not placeable)
        or (rule in found.closed and found.closed[rule][0])
    )
    return Verdict(
        open=not reasons,
        reasons=reasons,
        free=facts.free,
        designated=facts.designated,
        placeable=placeable,
    )


def nearest(
    slots: Sequence[Slot] | Sequence[Interval], start: datetime, count: int = 3
) -> list[Interval]:
    """Return the open spans that start closest to ``start``, earliest first."""
    closest = sorted(slots, key=lambda slot: (abs(slot.start - start), slot.start))
    return sorted(Interval(slot.start, slot.end) for slot in closest[:count])


def is_free(
    calendar: Calendar,
    period: Interval,
    before: timedelta = NONE,
    after: timedelta = NONE,
    zone: ZoneInfo = _UTC,
) -> str:
    """Return why an agent cannot take a period; empty if the agent can.

    Args:
        calendar: The agent's time; leave out the appointment that is being moved.
        period: In UTC.
        before: Time to keep free in front.
        after: Time to keep free behind.
        zone: Where the times in the answer are told.
    """
    if not any(span.covers(period) for span in merge(calendar.duty)):
        return "Off duty"
    for booking in sorted(calendar.booked, key=lambda it: it.period):
        if _collides(period, booking, before, after):
            return f"Has another appointment {_clock(booking.period, zone)}"
    for span in sorted(calendar.busy):
        if _collides(period, Booking(span), before, after):
            return f"Busy in their own calendar {_clock(span, zone)}"
    return ""


def _slots(rules: Rules, found: Findings, chosen: Flags) -> list[Slot]:
    length = rules.length
    return [
        Slot(start := instant_at(minute), start + length, free, designated)
        for minute, free, designated in zip(
            found.starts[chosen].tolist(),
            found.free[chosen].tolist(),
            found.designated[chosen].tolist(),
            strict=True,
        )
    ]


def _facts(rules: Rules, start: datetime, found: Findings | None = None) -> Facts:
    return Facts(
        start=start.astimezone(rules.zone),
        step=rules.step,
        earliest=rules.earliest.astimezone(rules.zone),
        latest=rules.latest.astimezone(rules.zone),
        holidays=_holidays(rules, start) if found else (),
        serving=found.serving if found else 0,
        designated=int(found.designated[0]) if found else 0,
        free=int(found.free[0]) if found else 0,
        percent=rules.percent,
    )


def _holidays(rules: Rules, start: datetime) -> tuple[str, ...]:
    day = start.astimezone(rules.zone).date()
    last = (start + rules.length - MINUTE).astimezone(rules.zone).date()
    return tuple(
        name for date, name in sorted(rules.holidays.items()) if day <= date <= last
    )


def _fits_grid(rules: Rules, start: datetime, *, on_grid: bool) -> bool:
    if start.second or start.microsecond:
        return False
    minute = floor_minute(start)
    step = rules.step // MINUTE
    return not on_grid or wall_grid(rules.zone, step, minute, minute + 1).size > 0


def _collides(
    period: Interval, booking: Booking, before: timedelta, after: timedelta
) -> bool:
    return collide(
        period,
        booking.period,
        before=(before, booking.before),
        after=(after, booking.after),
    )


def _clock(span: Interval, zone: ZoneInfo) -> str:
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    return f"{start:%H:%M}-{end:%H:%M}"
