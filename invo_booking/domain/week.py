"""Normalize working hours that people draw or type."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from itertools import pairwise
from types import MappingProxyType
from uuid import UUID

from invo_booking.domain.hours import (
    Period,
    PlacedPeriods,
    WeeklyHours,
    make_period,
    period_place,
)
from invo_booking.texts import say

_WEEKDAYS = (
    "rules.week.monday",
    "rules.week.tuesday",
    "rules.week.wednesday",
    "rules.week.thursday",
    "rules.week.friday",
    "rules.week.saturday",
    "rules.week.sunday",
)
LONGEST_NIGHT = 12 * 60
"""Longest period over midnight, in minutes. A longer period is refused, since it is
likely a typing error."""

DrawnPeriod = tuple[int, time, time] | tuple[int, time, time, UUID]
"""Weekday (0 = Monday), start and end in wall time, and perhaps a branch. If the end is
earlier than the start, the period ends on the next day."""

DrawnWeek = Iterable[DrawnPeriod]

_Span = tuple[int, int, UUID | None]
_NO_PLACES: Mapping[UUID, str] = MappingProxyType({})
_DAY = 24 * 60
_MIDNIGHT = time(0)


def weekday_name(weekday: int) -> str:
    """Return the name of a weekday; 0 is Monday."""
    return say(_WEEKDAYS[weekday])


def normalize_week(drawn: DrawnWeek) -> WeeklyHours:
    """Return a normalized week: sorted, merged, split at midnight.

    Periods that name the same branch, or no branch, are merged if they touch or
    overlap. A period whose end is earlier than its start ends on the next day.

    Args:
        drawn: The periods as drawn; 00:00 as an end means the end of that day.

    Raises:
        ValueError: If a period is empty, or too long over midnight, or if periods at
            different branches overlap.
    """
    spans: defaultdict[int, list[_Span]] = defaultdict(list)
    for it in drawn:
        weekday, place = it[0], period_place(period_of_drawn(it))
        start, end = _minutes(it[1], it[2], weekday_name(weekday))
        spans[weekday].append((start, min(end, _DAY), place))
        if end > _DAY:
            spans[(weekday + 1) % 7].append((0, end - _DAY, place))
    return {
        weekday: _join_periods(spans[weekday], weekday_name(weekday))
        for weekday in sorted(spans)
    }


def drawn_period(weekday: int, period: Period) -> DrawnPeriod:
    """Return a period of a weekday in the form in which people enter it."""
    if len(period) == 3:  # noqa: PLR2004
        return weekday, *period
    return weekday, *period


def period_of_drawn(drawn: DrawnPeriod) -> Period:
    """Return a drawn period without its weekday."""
    place = drawn[3] if len(drawn) == 4 else None  # noqa: PLR2004
    return make_period(drawn[1], drawn[2], place)


def normalize_day(drawn: Iterable[Period], day: str) -> PlacedPeriods:
    """Return the normalized hours of one date; empty if ``drawn`` is empty.

    Args:
        drawn: Periods in wall time; 00:00 as an end means the end of that day.
        day: Name of the date in error messages.

    Raises:
        ValueError: If a period is empty, or ends on the next day, or if periods at
            different branches overlap.
    """
    spans: list[_Span] = [
        (*_minutes(it[0], it[1], day), period_place(it)) for it in drawn
    ]
    if any(end > _DAY for _, end, _ in spans):
        raise ValueError(
            f"{day}: the hours of one date end by midnight. Add the next date for the "
            "rest of the night."
        )
    return _join_periods(spans, day)


def periods_in_words(
    periods: PlacedPeriods, places: Mapping[UUID, str] = _NO_PLACES
) -> str:
    """Return periods in words, as in ``09:00-12:30, 13:30-17:00 at Oak Park``.

    Args:
        periods: The periods.
        places: Names of branches by id; branches without a name are left out of the
            text.
    """
    return ", ".join(_in_words(it, places) for it in periods) or "off"


def _in_words(period: Period, places: Mapping[UUID, str]) -> str:
    name = places.get(place, "") if (place := period_place(period)) else ""
    clocks = f"{period[0]:%H:%M}-{_end(period[1])}"
    return say("rules.week.at", clocks=clocks, name=name) if name else clocks


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


def _join_periods(spans: Sequence[_Span], day: str) -> PlacedPeriods:
    by_place: defaultdict[UUID | None, list[tuple[int, int]]] = defaultdict(list)
    for start, end, place in spans:
        by_place[place].append((start, end))
    joined = sorted(
        (
            (start, end, place)
            for place, theirs in by_place.items()
            for start, end in _merge(theirs)
        ),
        key=lambda it: it[:2],
    )
    if any(later[0] < earlier[1] for earlier, later in pairwise(joined)):
        raise ValueError(f"{day}: periods at different branches overlap.")
    return tuple(make_period(_time(it[0]), _time(it[1]), it[2]) for it in joined)


def _merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _end(ends: time) -> str:
    return "24:00" if ends == _MIDNIGHT else f"{ends:%H:%M}"
