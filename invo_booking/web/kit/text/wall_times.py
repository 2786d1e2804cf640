"""Compute the wall times and the visible hours of a calendar.

All values are computed from instants, because wall times are ambiguous: nights cross
midnight, and clocks skip and repeat hours.
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
"""Value of a form field that selects the second of two equal wall times."""

USUAL = (8, 18)
"""First and last hour of a calendar without contents."""

_HOUR = 60


def wall_time_text(at: datetime, zone: ZoneInfo) -> str:
    """Return the wall time of an instant, in the format of the calendar component."""
    return at.astimezone(zone).strftime(WALL)


def is_second_wall_time(at: datetime, zone: ZoneInfo) -> bool:
    """Whether an instant is in an hour that the clock shows for the second time."""
    return at.astimezone(zone).fold == 1


def wall_span(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Return the wall times between which a calendar draws a span.

    The end is the latest wall time during the span. If clocks go back during the span,
    the wall time when the span ends is earlier, and can even be before the wall time
    when the span starts.
    """
    minutes = _shown_minutes(start, end, zone)
    first, last = minutes[0][0], max(past for _, past in minutes)
    return instant_at(first).strftime(WALL), instant_at(last).strftime(WALL)


def calendar_grid_hours(
    spans: Iterable[Interval], window: Interval, zone: ZoneInfo
) -> tuple[int, int]:
    """Return the hours of the day that a calendar must show to include every span.

    Args:
        spans: What the calendar shows, in UTC.
        window: The days shown; parts of spans outside the window are ignored.
        zone: Time zone of the calendar.

    Returns:
        First hour, and hour after the last, from 0 to 24; ``USUAL`` if no span overlaps
        the window.
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
    """Return the minutes of the day of a span; the whole day if it crosses midnight."""
    if first // DAY_MINUTES != (past - 1) // DAY_MINUTES:
        return 0, DAY_MINUTES
    begin = first % DAY_MINUTES
    return begin, begin + past - first
