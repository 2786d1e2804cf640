"""Which starts are open, and why the others are not.

One evaluation answers both: what is offered is found by it, and what is asked for is
judged by it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.interval import Interval, merge
from invo_booking.domain.slots.evaluation import (
    Evaluation,
    closed_by_time,
    is_enough,
    is_plausible,
)
from invo_booking.domain.slots.offered import Slot, Slots
from invo_booking.domain.slots.reasons import Reason, Rule, explain, unread
from invo_booking.domain.slots.rules import Rules
from invo_booking.domain.slots.supply import (
    NONE,
    Booking,
    Calendar,
    CalendarFreshness,
    Group,
    Waiting,
    collide,
)
from invo_booking.domain.slots.timetable import Timetable, timetable
from invo_booking.domain.slots.verdict import Account, Finding, Verdict, facts_of
from invo_booking.domain.wall import (
    EPOCH,
    MINUTE,
    Minutes,
    ceil_minute,
    floor_minute,
    wall_grid,
)

__all__ = [
    "Booking",
    "Calendar",
    "CalendarFreshness",
    "Finding",
    "Group",
    "Rules",
    "Slot",
    "Slots",
    "Timetable",
    "Verdict",
    "Waiting",
    "is_free",
    "judge",
    "nearest",
    "open_slots",
    "survey",
    "timetable",
]

LONGEST_WINDOW = timedelta(days=366)
"""Starts are looked for in a window no longer than this."""

_UTC = ZoneInfo("UTC")


def open_slots(
    rules: Rules,
    group: Group,
    calendars: Timetable | Iterable[Calendar],
    waiting: Sequence[Waiting],
    window: Interval,
    *,
    agent: UUID | None = None,
) -> Slots:
    """Return the open slots that start within a window, earliest first.

    Args:
        rules: The institution's rules.
        group: Queue and language asked for.
        calendars: Agents, in any order. Their time must be known for the window and,
            behind it, the appointment's length, with a buffer's width around both.
        waiting: Unassigned live appointments of all queues and languages.
        window: Starts lie in it, ends may lie behind it.
        agent: Only what this agent can be given; ``None`` for whoever it may be. The
            figures of a slot still are those of all agents.

    Raises:
        ValueError: If the window is longer than ``LONGEST_WINDOW``.
    """
    check_window(window)
    earliest, latest = max(rules.earliest, rules.now), rules.latest
    starts = _grid(rules, max(window.start, earliest), min(window.end, latest))
    if not starts.size:
        return Slots(rules.length)
    table = _table(calendars, group, waiting)
    evaluation = Evaluation(rules, group, table, waiting, starts)
    designated, free = evaluation.supply()
    chosen = ~np.logical_or.reduce(list(closed_by_time(rules, starts).values()))
    chosen &= (free > 0) & is_enough(rules, designated, free)
    if agent is None:
        chosen &= ~evaluation.lacks_room(chosen, free)
    else:
        chosen = evaluation.takes(chosen, table.roll.index(agent))
    return Slots(rules.length, starts[chosen], free[chosen], designated[chosen])


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
        reason = explain(rule, facts_of(rules))
        return Verdict(
            open=False, reasons=(reason,), free=0, designated=0, placeable=()
        )
    table = _table(calendars, group, waiting)
    starts = np.array([floor_minute(start)])
    evaluation = Evaluation(rules, group, table, waiting, starts)
    found = Account(rules, table.roll.members, evaluation, starts).findings()[0]
    reasons = (*_off_grid(rules, start, on_grid=on_grid), *found.reasons)
    return Verdict(
        open=not reasons,
        reasons=reasons,
        free=found.free,
        designated=found.designated,
        placeable=tuple(it.id for it in evaluation.placeable(int(starts[0]))),
    )


def survey(
    rules: Rules,
    group: Group,
    calendars: Timetable | Iterable[Calendar],
    waiting: Sequence[Waiting],
    window: Interval,
) -> list[Finding]:
    """Return what ``judge`` says of every start of the grid in a window.

    Open or not, past or beyond the horizon: no start of the window is left out.

    Args:
        rules: The institution's rules.
        group: Queue and language asked for.
        calendars: Agents, in any order, as for ``open_slots``.
        waiting: Unassigned live appointments of all queues and languages.
        window: Starts lie in it, ends may lie behind it.

    Raises:
        ValueError: If the window is longer than ``LONGEST_WINDOW``.
    """
    check_window(window)
    starts = _grid(rules, window.start, window.end)
    if not starts.size:
        return []
    table = _table(calendars, group, waiting)
    evaluation = Evaluation(rules, group, table, waiting, starts)
    return Account(rules, table.roll.members, evaluation, starts).findings()


def nearest(
    slots: Sequence[Slot] | Sequence[Interval], start: datetime, count: int = 3
) -> list[Interval]:
    """Return the open spans that start closest to ``start``, earliest first."""
    if isinstance(slots, Slots):
        slots = slots.around(start, count)
    closest = sorted(slots, key=lambda slot: (abs(slot.start - start), slot.start))
    return sorted(Interval(slot.start, slot.end) for slot in closest[:count])


def is_free(
    calendar: Calendar,
    period: Interval,
    before: timedelta = NONE,
    after: timedelta = NONE,
    zone: ZoneInfo = _UTC,
    now: datetime = EPOCH,
) -> str:
    """Return why an agent cannot take a period; empty if the agent can.

    Args:
        calendar: The agent's time; leave out the appointment that is being moved.
        period: In UTC.
        before: Time to keep free in front.
        after: Time to keep free behind.
        zone: Where the times in the answer are told.
        now: The present, in UTC; without it no reading of a calendar is too old.
    """
    if not any(span.covers(period) for span in merge(calendar.duty)):
        return "Off duty"
    for booking in sorted(calendar.booked, key=lambda it: it.period):
        if _collides(period, booking, before, after):
            return f"Has another appointment {_clock(booking.period, zone)}"
    for span in sorted(calendar.busy):
        if _collides(period, Booking(span), before, after):
            return f"Busy in their own calendar {_clock(span, zone)}"
    if calendar.reading and not calendar.reading.is_known(now):
        return f"Calendar not known: {unread(calendar.name, calendar.reading, now)}"
    return ""


def check_window(window: Interval) -> None:
    """Refuse a window in which there would be too many starts."""
    if window.duration > LONGEST_WINDOW:
        raise ValueError(f"a window may last {LONGEST_WINDOW.days} days at most")


def _grid(rules: Rules, start: datetime, end: datetime) -> Minutes:
    if start >= end or not is_plausible(start) or not is_plausible(end):
        return np.zeros(0, np.int64)
    first, last = ceil_minute(start), ceil_minute(end)
    return wall_grid(rules.zone, rules.step // MINUTE, first, last)


def _table(
    calendars: Timetable | Iterable[Calendar], group: Group, waiting: Sequence[Waiting]
) -> Timetable:
    if isinstance(calendars, Timetable):
        return calendars
    groups = {group, *(it.group for it in waiting)}
    return timetable(it for it in calendars if any(map(it.serves, groups)))


def _off_grid(rules: Rules, start: datetime, *, on_grid: bool) -> list[Reason]:
    minute, step = floor_minute(start), rules.step // MINUTE
    on_minute = not start.second and not start.microsecond
    fits = on_minute and (
        not on_grid or wall_grid(rules.zone, step, minute, minute + 1).size > 0
    )
    return [] if fits else [explain(Rule.OFF_GRID, facts_of(rules))]


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
