"""A week of working or opening hours as administrators draw it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time

from invo_booking.domain import week
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say
from invo_booking.usecases.admin.opening_drafts import DrawnWeek

_MIDNIGHT = time(0)


@dataclass
class PeriodView:
    """One period of a weekday; ``ends`` is ``24:00`` for the end of the day.

    Attributes:
        until: The end as a field takes it: ``00:00`` for the end of the day.
    """

    begins: str = ""
    ends: str = ""
    until: str = ""
    name: str = ""


@dataclass
class UsualDayView:
    """One weekday of the usual week.

    Attributes:
        was: What is stored, where that is something else.
    """

    day: int = 0
    name: str = ""
    short: str = ""
    periods: list[PeriodView] = field(default_factory=list[PeriodView])
    was: str = ""


def weekday_views(now: DrawnWeek, stored: DrawnWeek) -> list[UsualDayView]:
    """Return a week, Monday first, with what was where it changed."""
    drawn, was = week.normalize_week(now), week.normalize_week(stored)
    return [
        UsualDayView(
            day=day,
            name=name,
            short=name[:3],
            periods=[_period_view(name, *it) for it in drawn.get(day, ())],
            was=week.periods_in_words(was.get(day, ()))
            if drawn.get(day, ()) != was.get(day, ())
            else "",
        )
        for day, name in enumerate(week.WEEKDAYS)
    ]


def week_with_period(
    drawn: DrawnWeek, day: int, index: int, begins: str, ends: str
) -> DrawnWeek:
    """Return a week with one period of a weekday drawn again.

    Args:
        drawn: As it is.
        day: 0 for Monday.
        index: Which of the day's periods; beyond the last one for a new one.
        begins: As ``09:00``.
        ends: As ``17:00`` or ``24:00``; before the begin for a night.

    Raises:
        InvalidInputError: With a sentence for ``hours``.
    """
    periods = periods_of_weekday(drawn, day)
    if begins and ends:
        periods[index : index + 1] = [
            (parse_hours_clock(begins), parse_hours_clock(ends))
        ]
    else:
        del periods[index : index + 1]
    return week_with_day(drawn, [day], periods)


def week_with_edge(
    drawn: DrawnWeek, day: int, index: int, edge: str, typed: str
) -> DrawnWeek:
    """Return a week in which a period begins, or else ends, at another time.

    Raises:
        InvalidInputError: With a sentence for ``hours``.
    """
    periods = periods_of_weekday(drawn, day)
    if index >= len(periods):
        return drawn
    begins, ends = periods[index]
    at = parse_hours_clock(typed)
    periods[index] = (at, ends) if edge == "begins" else (begins, at)
    return week_with_day(drawn, [day], periods)


def week_with_day(
    drawn: DrawnWeek, days: Iterable[int], periods: Iterable[tuple[time, time]]
) -> DrawnWeek:
    """Return a week in which some weekdays have other hours.

    Raises:
        InvalidInputError: With a sentence for ``hours``.
    """
    changed, hours = set(days), list(periods)
    others = [it for it in drawn if it[0] not in changed]
    try:
        proper = week.normalize_week(
            [*others, *((day, *it) for day in changed for it in hours)]
        )
    except ValueError as error:
        raise InvalidInputError({"hours": str(error)}) from error
    flat = ((day, *it) for day, intervals in sorted(proper.items()) for it in intervals)
    return tuple(flat)


def periods_of_weekday(drawn: DrawnWeek, day: int) -> list[tuple[time, time]]:
    """Return the periods of a weekday."""
    return [(begins, ends) for it, begins, ends in drawn if it == day]


def parse_hours_clock(typed: str) -> time:
    """Return a wall time such as ``09:00``; ``24:00`` is midnight.

    Raises:
        InvalidInputError: If it is none.
    """
    try:
        return _MIDNIGHT if typed == "24:00" else time.fromisoformat(typed[:5])
    except ValueError as error:
        raise InvalidInputError({"hours": say("hours.problem.clock")}) from error


def _period_view(day: str, begins: time, ends: time) -> PeriodView:
    start, end = f"{begins:%H:%M}", _end_clock(ends)
    return PeriodView(
        start, end, f"{ends:%H:%M}", say("hours.period", day=day, start=start, end=end)
    )


def _end_clock(ends: time) -> str:
    return "24:00" if ends == _MIDNIGHT else f"{ends:%H:%M}"
