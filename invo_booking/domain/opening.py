"""Compute opening hours of the institution, a branch or a queue, given in wall time."""

from collections.abc import Iterable
from datetime import time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.hours import (
    Periods,
    WeeklyHours,
    period_minutes,
    place_hours,
    usual_periods,
)
from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import Minutes, ceil_minute, floor_minute

Flags = NDArray[np.bool_]

OpeningHours = tuple[tuple[int, Periods], ...]
"""Pairs of weekday (0 = Monday) and periods in wall time, in order. Weekdays without
periods are left out. Empty for no limit."""


def opening_hours(weekly: WeeklyHours) -> OpeningHours:
    """Return a week as opening hours."""
    return tuple(
        (day, tuple((it[0], it[1]) for it in weekly[day]))
        for day in sorted(weekly)
        if weekly[day]
    )


def common_opening_hours(bounds: Iterable[OpeningHours]) -> OpeningHours | None:
    """Return the hours that lie within all of several opening hours.

    Returns:
        ``None`` if no opening hours set a limit; empty if they have no hour in common.
    """
    common: dict[int, Periods] | None = None
    for bound in map(dict, filter(None, bounds)):
        common = (
            bound
            if common is None
            else {
                day: _common_periods(common[day], bound[day])
                for day in common.keys() & bound.keys()
            }
        )
    return None if common is None else opening_hours(common)


def are_within(spans: tuple[Minutes, Minutes], first: Minutes, past: Minutes) -> Flags:
    """Return a flag for each period ``[first, past)``: whether one span contains it.

    Args:
        spans: Spans as ``opening_spans`` returns them.
        first: First minute of each period to check.
        past: First minute beyond each period.
    """
    begins, ends = spans
    if not begins.size:
        return np.zeros(first.shape, np.bool_)
    place = begins.searchsorted(first, side="right") - 1
    return (place >= 0) & (past <= ends[np.maximum(place, 0)])


def is_open_throughout(
    opening: OpeningHours | None, zone: ZoneInfo, period: Interval
) -> bool:
    """Whether a period lies within opening hours; true if ``opening`` is ``None``."""
    if opening is None:
        return True
    first, past = floor_minute(period.start), ceil_minute(period.end)
    spans = opening_spans(zone, opening, (first, past))
    return bool(are_within(spans, np.array([first]), np.array([past])).all())


def opening_spans(
    zone: ZoneInfo, opening: OpeningHours, reach: tuple[int, int]
) -> tuple[Minutes, Minutes]:
    """Return opening hours as spans of minutes in UTC, merged, earliest first.

    An hour that the clocks skip is not open; an hour that the clocks repeat is open
    twice.

    Args:
        zone: Zone of the hours.
        opening: The hours.
        reach: First minute of interest and first minute beyond; spans are cut to these
            bounds.

    Returns:
        First minutes, and first minutes beyond.
    """
    rows = place_hours(zone, usual_periods(opening, *reach), reach)
    rows = rows[rows[:, 0].argsort()]
    begins, ends = rows[:, 0], np.maximum.accumulate(rows[:, 1])
    apart = begins[1:] > ends[:-1]
    one = np.ones(min(len(rows), 1), np.bool_)
    return begins[np.concatenate((one, apart))], ends[np.concatenate((apart, one))]


def opening_texts(opening: OpeningHours) -> tuple[str, ...]:
    """Return opening hours as texts to store, such as ``0 09:00-17:00`` for Monday."""
    return tuple(
        f"{day} {begins:%H:%M}-{ends:%H:%M}"
        for day, periods in opening
        for begins, ends in periods
    )


def opening_of_texts(texts: Iterable[str]) -> OpeningHours:
    """Return the opening hours that ``opening_texts`` wrote as texts."""
    weekly: dict[int, Periods] = {}
    for text in texts:
        day, _, clocks = text.partition(" ")
        begins, ends = map(time.fromisoformat, clocks.split("-"))
        weekly[int(day)] = (*weekly.get(int(day), ()), (begins, ends))
    return tuple(weekly.items())


def _common_periods(some: Periods, others: Periods) -> Periods:
    pairs = [
        (max(one[0], other[0]), min(one[1], other[1]))
        for one in map(period_minutes, some)
        for other in map(period_minutes, others)
    ]
    return tuple((_wall(start), _wall(end)) for start, end in pairs if start < end)


def _wall(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
