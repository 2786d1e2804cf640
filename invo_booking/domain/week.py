"""Normalize working hours that people draw or type."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import time

from invo_booking.domain.hours import Periods, WeeklyHours

WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
LONGEST_NIGHT = 12 * 60
"""Longest period over midnight, in minutes; a longer one is refused as a typing error.
"""

_DAY = 24 * 60
_MIDNIGHT = time(0)


def normalize_week(drawn: Iterable[tuple[int, time, time]]) -> WeeklyHours:
    """Return a normalized week: sorted, merged, split at midnight.

    Periods that touch or overlap are merged. A period that ends before it begins
    continues on the next day.

    Args:
        drawn: Weekday, 0 for Monday, with begin and end in wall time; an end at
            midnight ends the day.

    Raises:
        ValueError: If a period is empty, or too long over midnight.
    """
    spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for weekday, begins, ends in drawn:
        start, end = _minutes(begins, ends, WEEKDAYS[weekday])
        spans[weekday].append((start, min(end, _DAY)))
        if end > _DAY:
            spans[(weekday + 1) % 7].append((0, end - _DAY))
    return {weekday: _join_periods(spans[weekday]) for weekday in sorted(spans)}


def normalize_day(drawn: Iterable[tuple[time, time]], day: str) -> Periods:
    """Return the normalized hours of one date; empty for a day off.

    Args:
        drawn: Begin and end in wall time; an end at midnight ends the day.
        day: Name of the date in error messages.

    Raises:
        ValueError: If a period is empty, or ends on the next day.
    """
    spans = [_minutes(begins, ends, day) for begins, ends in drawn]
    if any(end > _DAY for _, end in spans):
        raise ValueError(
            f"{day}: the hours of one date end by midnight. Add the next date for the "
            "rest of the night."
        )
    return _join_periods(spans)


def periods_in_words(periods: Periods) -> str:
    """Return periods in words, as in ``09:00-12:30, 13:30-17:00``."""
    return ", ".join(f"{a:%H:%M}-{_end(b)}" for a, b in periods) or "off"


def _minutes(begins: time, ends: time, day: str) -> tuple[int, int]:
    start = begins.hour * 60 + begins.minute
    end = (ends.hour * 60 + ends.minute) or _DAY
    if start == end:
        raise ValueError(f"{day}: a period has to end after it begins.")
    if end < start:
        end += _DAY
    if end > _DAY and end - start > LONGEST_NIGHT:
        raise ValueError(
            f"{day}: {begins:%H:%M} to {ends:%H:%M} ends before it begins. A night may "
            "go over midnight for up to 12 hours."
        )
    return start, end


def _join_periods(spans: Sequence[tuple[int, int]]) -> Periods:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple((_time(start), _time(end)) for start, end in joined)


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _end(ends: time) -> str:
    return "24:00" if ends == _MIDNIGHT else f"{ends:%H:%M}"
