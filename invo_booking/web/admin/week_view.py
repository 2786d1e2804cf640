"""Convert and change a week of working or opening hours for the editor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from uuid import UUID

from invo_booking.domain import week
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.hours import Period, make_period, period_place
from invo_booking.texts import say
from invo_booking.usecases.admin.opening_drafts import DrawnWeek

_MIDNIGHT = time(0)
_NO_PLACES: Mapping[UUID, str] = MappingProxyType({})


@dataclass
class PeriodView:
    """One period of a weekday; ``ends`` is ``24:00`` for the end of the day.

    Attributes:
        until: The end for a time field, which shows the end of the day as ``00:00``.
        place: Id of the branch of the period; empty if the period is for all branches.
        where: Name of that branch.
    """

    begins: str = ""
    ends: str = ""
    until: str = ""
    name: str = ""
    place: str = ""
    where: str = ""


@dataclass
class UsualDayView:
    """One weekday of the usual week.

    Attributes:
        was: The stored hours if they differ from the draft; otherwise empty.
    """

    day: int = 0
    name: str = ""
    short: str = ""
    periods: list[PeriodView] = field(default_factory=list[PeriodView])
    was: str = ""


def weekday_views(
    now: DrawnWeek, stored: DrawnWeek, places: Mapping[UUID, str] = _NO_PLACES
) -> list[UsualDayView]:
    """Return the draft of a week, Monday first, with the stored hours of changed days.

    Args:
        now: The draft.
        stored: The stored week.
        places: Names of the branches that periods may name, by id.
    """
    drawn, was = week.normalize_week(now), week.normalize_week(stored)
    return [
        UsualDayView(
            day=day,
            name=week.weekday_name(day),
            short=week.weekday_name(day)[:3],
            periods=[
                _period_view(week.weekday_name(day), it, places)
                for it in drawn.get(day, ())
            ],
            was=week.periods_in_words(was.get(day, ()), places)
            if drawn.get(day, ()) != was.get(day, ())
            else "",
        )
        for day in range(7)
    ]


def week_with_period(
    drawn: DrawnWeek, day: int, index: int, begins: str, ends: str
) -> DrawnWeek:
    """Return a week with one period of a weekday changed, added or removed.

    Args:
        drawn: The week.
        day: 0 for Monday.
        index: Index of the period in the day; beyond the last period, a period is
            added.
        begins: Wall time such as ``09:00``; if empty, the period is removed.
        ends: Wall time such as ``17:00`` or ``24:00``; before the start if the period
            crosses midnight. If empty, the period is removed.

    Raises:
        InvalidInputError: With a message for the field ``hours``.
    """
    periods = periods_of_weekday(drawn, day)
    if begins and ends:
        place = next(map(period_place, periods[index : index + 1]), None)
        clocks = parse_hours_clock(begins), parse_hours_clock(ends)
        periods[index : index + 1] = [make_period(*clocks, place)]
    else:
        del periods[index : index + 1]
    return week_with_day(drawn, [day], periods)


def week_with_edge(
    drawn: DrawnWeek, day: int, index: int, edge: str, typed: str
) -> DrawnWeek:
    """Return a week in which one period has another start or end.

    Args:
        drawn: The week.
        day: 0 for Monday.
        index: Index of the period in the day.
        edge: ``"begins"`` changes the start, everything else the end.
        typed: Wall time such as ``09:00``.

    Raises:
        InvalidInputError: With a message for the field ``hours``.
    """
    periods = periods_of_weekday(drawn, day)
    if index >= len(periods):
        return drawn
    begins, ends, place = *periods[index][:2], period_place(periods[index])
    at = parse_hours_clock(typed)
    clocks = (at, ends) if edge == "begins" else (begins, at)
    periods[index] = make_period(*clocks, place)
    return week_with_day(drawn, [day], periods)


def week_with_place(
    drawn: DrawnWeek, day: int, index: int, place: UUID | None
) -> DrawnWeek:
    """Return a week in which one period is for another branch, or for all branches.

    Raises:
        InvalidInputError: With a message for the field ``hours``.
    """
    periods = periods_of_weekday(drawn, day)
    if index >= len(periods):
        return drawn
    periods[index] = make_period(*periods[index][:2], place)
    return week_with_day(drawn, [day], periods)


def week_with_day(
    drawn: DrawnWeek, days: Iterable[int], periods: Iterable[Period]
) -> DrawnWeek:
    """Return a week in which some weekdays have other hours.

    Raises:
        InvalidInputError: With a message for the field ``hours``.
    """
    changed, hours = set(days), list(periods)
    others = [it for it in drawn if it[0] not in changed]
    try:
        proper = week.normalize_week(
            [*others, *(week.drawn_period(day, it) for day in changed for it in hours)]
        )
    except ValueError as error:
        raise InvalidInputError({"hours": str(error)}) from error
    return tuple(
        week.drawn_period(day, it)
        for day, theirs in sorted(proper.items())
        for it in theirs
    )


def periods_of_weekday(drawn: DrawnWeek, day: int) -> list[Period]:
    """Return the periods of a weekday."""
    return [week.period_of_drawn(it) for it in drawn if it[0] == day]


def parse_hours_clock(typed: str) -> time:
    """Return a wall time such as ``09:00``; ``24:00`` is read as ``00:00``.

    Raises:
        InvalidInputError: If the text is not a wall time.
    """
    try:
        return _MIDNIGHT if typed == "24:00" else time.fromisoformat(typed[:5])
    except ValueError as error:
        raise InvalidInputError({"hours": say("hours.problem.clock")}) from error


def _period_view(day: str, period: Period, places: Mapping[UUID, str]) -> PeriodView:
    begins, ends, place = period[0], period[1], period_place(period)
    start, end = f"{begins:%H:%M}", _end_clock(ends)
    where = places.get(place, "") if place else ""
    name = say("hours.period", day=day, start=start, end=end)
    return PeriodView(
        begins=start,
        ends=end,
        until=f"{ends:%H:%M}",
        name=f"{name}, {where}" if where else name,
        place=str(place or ""),
        where=where,
    )


def _end_clock(ends: time) -> str:
    return "24:00" if ends == _MIDNIGHT else f"{ends:%H:%M}"
