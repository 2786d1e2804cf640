"""When many agents are on duty, as rows of minutes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.hours import AgentHours, dated, placed
from invo_booking.domain.sheet import END, START
from invo_booking.domain.shelf import Shelf
from invo_booking.domain.timetable import Spans, gaps, work
from invo_booking.domain.wall import (
    Minutes,
    ceil_minute,
    floor_minute,
    instant_at,
    midnight,
)

_ONE_DAY = timedelta(days=1)


def rota(
    hours: Sequence[AgentHours],
    reach: tuple[int, int],
    closed: Iterable[date],
    zone: ZoneInfo,
) -> Shelf:
    """Return when agents work, by their index: the same instants as ``duty`` says.

    Args:
        hours: Of each agent.
        reach: First minute of interest and first beyond.
        closed: Dates in ``zone`` on which nobody works.
        zone: The institution's.
    """
    shut = list(_days(closed, zone, reach))
    off = [np.array([*_absences(it, reach), *shut], np.int64) for it in hours]
    found = gaps(work(_worked(hours, reach), reach), _spans(off), reach, (0, 0))
    rows = np.zeros((found.agent.size, 5), np.int32)
    rows[:, START], rows[:, END] = found.start, found.end
    shelf = Shelf(len(hours))
    shelf.fill(found.agent, rows)
    return shelf


def _worked(hours: Sequence[AgentHours], reach: tuple[int, int]) -> Spans:
    """All agents of a zone are looked at together; most have the same few weeks."""
    by_zone: dict[ZoneInfo, list[int]] = {}
    for index, it in enumerate(hours):
        by_zone.setdefault(it.zone, []).append(index)
    parts = [
        placed(zone, _owned(agents, [dated(hours[it], reach) for it in agents]), reach)
        for zone, agents in by_zone.items()
    ]
    start, end, agent = np.concatenate([np.zeros((0, 3), np.int64), *parts]).T
    none = np.zeros_like(start)
    return Spans(agent, start, end, none, none)


def _owned(agents: Sequence[int], lists: Sequence[Minutes]) -> Minutes:
    """Rows of all lists, each with whose it is as a fourth column."""
    owner = np.repeat(np.array(agents), [len(it) for it in lists])
    return np.column_stack((np.concatenate(lists), owner))


def _spans(lists: Sequence[Minutes]) -> Spans:
    flat = np.concatenate(
        [np.zeros((0, 2), np.int64), *(it for it in lists if len(it))]
    )
    none = np.zeros(len(flat), np.int64)
    agent = np.repeat(np.arange(len(lists)), [len(it) for it in lists])
    return Spans(agent, flat[:, 0], flat[:, 1], none, none)


def _absences(hours: AgentHours, reach: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for span in hours.time_off:
        start, end = floor_minute(span.start), ceil_minute(span.end)
        if start < reach[1] and reach[0] < end:
            yield start, end


def _days(
    days: Iterable[date], zone: ZoneInfo, reach: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    first, last = instant_at(reach[0]).date(), instant_at(reach[1]).date()
    for day in days:
        if first - _ONE_DAY <= day <= last + _ONE_DAY:
            start, end = midnight(day, zone), midnight(day + _ONE_DAY, zone)
            yield floor_minute(start), floor_minute(end)
