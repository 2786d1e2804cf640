"""Compute wall times and visible hours of a calendar.

All values are computed from instants: hours of the day are ambiguous, because nights
cross midnight and clocks skip and repeat hours.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import (
    DAY_MINUTES,
    ceil_minute,
    floor_minute,
    instant_at,
    shown_spans,
)

WALL = "%Y-%m-%dT%H:%M"
SECOND = "1"
"""Value of a form's field that says its start is the second of two alike."""

USUAL = (8, 18)
"""Hours of a grid that has nothing to show."""

_HOUR = 60


def wall_time_text(at: datetime, zone: ZoneInfo) -> str:
    """Return the wall time of an instant, as the calendar takes it."""
    return at.astimezone(zone).strftime(WALL)


def is_second_wall_time(at: datetime, zone: ZoneInfo) -> bool:
    """Whether an instant is in an hour that is repeated as clocks have gone back."""
    return at.astimezone(zone).fold == 1


def wall_span(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Return the wall times between which a calendar draws a span.

    The end is the latest time the clock shows meanwhile. Where clocks went back that is
    later than what it shows at the end, which may be earlier than at the start.
    """
    minutes = _shown_minutes(start, end, zone)
    first, last = minutes[0][0], max(past for _, past in minutes)
    return instant_at(first).strftime(WALL), instant_at(last).strftime(WALL)


def calendar_grid_hours(
    spans: Iterable[Interval], window: Interval, zone: ZoneInfo
) -> tuple[int, int]:
    """Return the hours of the day a grid has to show, so that every span is in it.

    Args:
        spans: What is to be seen, in UTC.
        window: The days shown; what lies outside asks for nothing.
        zone: Of the wall clock.

    Returns:
        First hour and first beyond, 0 to 24; ``USUAL`` if no span lies in the window.
    """
    parts = [
        _day_minutes(*part)
        for span in clip_calendar_spans(spans, window)
        for part in _shown_minutes(span.start, span.end, zone)
    ]
    if not parts:
        return USUAL
    first, last = min(begin for begin, _ in parts), max(past for _, past in parts)
    return first // _HOUR, -(-last // _HOUR)


def clip_calendar_spans(
    spans: Iterable[Interval], window: Interval
) -> Sequence[Interval]:
    """Return the parts of spans that lie in a window."""
    return [
        Interval(max(span.start, window.start), min(span.end, window.end))
        for span in spans
        if span.overlaps(window)
    ]


def _shown_minutes(
    start: datetime, end: datetime, zone: ZoneInfo
) -> list[tuple[int, int]]:
    return shown_spans(zone, floor_minute(start), ceil_minute(end))


def _day_minutes(first: int, past: int) -> tuple[int, int]:
    """Return the minutes of the day that are shown; over midnight, all of them."""
    if first // DAY_MINUTES != (past - 1) // DAY_MINUTES:
        return 0, DAY_MINUTES
    begin = first % DAY_MINUTES
    return begin, begin + past - first
