"""Read from the page's URL which part of the staff calendar is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import local_midnight
from invo_booking.texts import say
from invo_booking.usecases.staff.calendar import Scope
from invo_booking.web.core import routes
from invo_booking.web.kit.text import times

Choice = TypeVar("Choice", bound=StrEnum)

_ALL_WEEK = range(7)
_YEARS = 10
"""Maximum distance, in years from today, of a date in a URL."""


class Period(StrEnum):
    """How much of the calendar is shown at once."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    LIST = "list"


GRIDS: Mapping[tuple[Scope, Period], str] = {
    (Scope.ME, Period.WEEK): "timeGridWeek",
    (Scope.ME, Period.DAY): "timeGridDay",
    (Scope.TEAM, Period.WEEK): "resourceTimeGridWeek",
    (Scope.TEAM, Period.DAY): "resourceTimeGridDay",
    (Scope.QUEUES, Period.WEEK): "resourceTimelineWeek",
    (Scope.QUEUES, Period.DAY): "resourceTimelineDay",
}
MONTH_GRID = "dayGridMonth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the staff calendar shows: a scope, a period around a day, and filters.

    Attributes:
        day: Date on the institution's calendar.
        queues: Ids of the queues to show; empty shows all.
        languages: ISO 639-1 codes of the languages to show; empty shows all.
        branches: Ids of the branches whose visits to show; empty shows all.
        topics: Ids of the Answers whose closed times are shown in their queues.
    """

    scope: Scope
    period: Period
    day: date
    queues: frozenset[UUID] = frozenset()
    languages: frozenset[str] = frozenset()
    branches: frozenset[UUID] = frozenset()
    topics: frozenset[UUID] = frozenset()

    def with_changes(
        self,
        *,
        scope: Scope | None = None,
        period: Period | None = None,
        day: date | None = None,
    ) -> "Place":
        """Return a copy with some values changed."""
        return replace(
            self,
            scope=scope or self.scope,
            period=period or self.period,
            day=day or self.day,
        )

    def in_scope(self, scope: Scope) -> "Place":
        """Return the same day in another scope.

        The period stays if it is a month or a list; otherwise it becomes the usual
        period of the scope.
        """
        keeps = self.period in {Period.MONTH, Period.LIST}
        return self.with_changes(
            scope=scope, period=self.period if keeps else usual_calendar_period(scope)
        )

    @property
    def address(self) -> str:
        """Path and query of the URL that opens the calendar with these values."""
        query = {
            "scope": self.scope.value,
            "view": self.period.value,
            "date": self.day.isoformat(),
        }
        if self.queues:
            query["queues"] = ",".join(sorted(map(str, self.queues)))
        if self.languages:
            query["languages"] = ",".join(sorted(self.languages))
        if self.branches:
            query["branches"] = ",".join(sorted(map(str, self.branches)))
        if self.topics:
            query["topics"] = ",".join(sorted(map(str, self.topics)))
        return f"{routes.BOOKINGS}?{urlencode(query)}"

    @property
    def grid(self) -> str:
        """Name of the view in the calendar component; empty for the list."""
        if self.period is Period.LIST:
            return ""
        return GRIDS.get((self.scope, self.period), MONTH_GRID)


def calendar_place_of(query: Mapping[str, str], today: date) -> Place:
    """Return what the calendar shows for a URL; defaults replace invalid values."""
    scope = _member_of(Scope, query.get("scope", ""), Scope.ME)
    return Place(
        scope=scope,
        period=_member_of(Period, query.get("view", ""), usual_calendar_period(scope)),
        day=_parse_day(query.get("date", ""), today),
        queues=frozenset(_parse_ids(query.get("queues", ""))),
        languages=frozenset(
            code for code in query.get("languages", "").split(",") if code.isalpha()
        ),
        branches=frozenset(_parse_ids(query.get("branches", ""))),
        topics=frozenset(_parse_ids(query.get("topics", ""))),
    )


def usual_calendar_period(scope: Scope) -> Period:
    """Return the period that a scope shows when it is first opened."""
    return Period.WEEK if scope is Scope.ME else Period.DAY


def calendar_days_of(where: Place, locale: Locale) -> tuple[date, date]:
    """Return the first day shown and the day after the last."""
    if where.period is Period.DAY:
        return where.day, where.day + timedelta(days=1)
    if where.period is Period.MONTH:
        first = times.first_weekday(where.day, locale)
        return first, first + timedelta(days=42)
    monday = _week_start(where.day, locale)
    return monday, monday + timedelta(days=7)


def calendar_window_of(where: Place, zone: ZoneInfo, locale: Locale) -> Interval:
    """Return the span shown, from midnight to midnight in ``zone``."""
    first, past = calendar_days_of(where, locale)
    return Interval(local_midnight(first, zone), local_midnight(past, zone))


def day_for_new_appointment(
    where: Place, today: date, locale: Locale, closed: frozenset[int]
) -> date:
    """Return the day to propose for a new appointment.

    This is today if today is shown or the days shown are over, otherwise the first day
    shown on which the institution works.

    Args:
        where: What the calendar shows.
        today: Date on the institution's calendar.
        locale: Decides on which day a week begins.
        closed: Weekdays to skip unless a single day is shown; 0 is Monday.
    """
    if where.period is Period.DAY:
        return max(where.day, today)
    is_month = where.period is Period.MONTH
    first = where.day.replace(day=1) if is_month else _week_start(where.day, locale)
    if first <= today:
        return today
    days = (first + timedelta(days=ahead) for ahead in _ALL_WEEK)
    return next((day for day in days if day.weekday() not in closed), first)


def step_calendar_day(
    where: Place, steps: int, locale: Locale, closed: frozenset[int]
) -> date:
    """Return the day of the next or the previous period.

    Args:
        where: What the calendar shows.
        steps: 1 for the next period, -1 for the previous period.
        locale: Decides on which day a week begins.
        closed: Weekdays to skip when single days are shown; 0 is Monday.
    """
    if where.period is Period.MONTH:
        return step_calendar_month(where.day, steps)
    if where.period is not Period.DAY:
        return _week_start(where.day, locale) + timedelta(weeks=steps)
    day = where.day + timedelta(days=steps)
    while day.weekday() in closed and len(closed) < len(_ALL_WEEK):
        day += timedelta(days=steps)
    return day


def step_calendar_month(day: date, steps: int) -> date:
    """Return the first day of the month that is ``steps`` months later."""
    months = day.year * 12 + day.month - 1 + steps
    return date(months // 12, months % 12 + 1, 1)


def calendar_title(where: Place, locale: Locale) -> str:
    """Return the heading of the days shown, as in ``Tuesday 24 November``."""
    if where.period is Period.DAY:
        return times.long_day_text(where.day, locale)
    if where.period is Period.MONTH:
        return f"{times.month_text(where.day, locale)} {where.day.year}"
    first, past = calendar_days_of(where, locale)
    last = past - timedelta(days=1)
    start = times.day_and_month_text(first, locale)
    return say(
        "kit.times.days", start=start, end=times.day_and_month_text(last, locale)
    )


def _week_start(day: date, locale: Locale) -> date:
    return day - timedelta(days=(day.weekday() - locale.first_week_day) % 7)


def _member_of(kind: type[Choice], text: str, default: Choice) -> Choice:
    return next((member for member in kind if member.value == text), default)


def _parse_day(text: str, default: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return default
    return day if abs(day.year - default.year) <= _YEARS else default


def _parse_ids(text: str) -> list[UUID]:
    ids: list[UUID] = []
    for part in text.split(","):
        try:
            ids.append(UUID(part))
        except ValueError:
            continue
    return ids
