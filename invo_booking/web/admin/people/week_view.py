"""Prepare exceptions of hours and time off for the page, and read the forms of both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain import week
from invo_booking.domain.absence import Absence
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.hours import PlacedPeriods, make_period
from invo_booking.texts import say
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from invo_booking.usecases.slots.availability import plain_midnight
from invo_booking.web.admin.week_view import parse_hours_clock
from invo_booking.web.kit.forms import field_text, form_entry_id
from invo_booking.web.kit.parsing import parse_day
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import ViewerContext

YEAR = 366
_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


@dataclass
class OffView:
    """An exception or time off in the list; ``key`` identifies what to remove."""

    key: str = ""
    kind: str = ""
    when: str = ""
    what: str = ""


@dataclass
class MarkView:
    """A mark on the time line of the coming year; values in percent of its width."""

    kind: str = ""
    left: str = ""
    width: str = ""


def hours_exception_views(
    draft: PersonDraft,
    zone: ZoneInfo,
    viewer: ViewerContext,
    places: Mapping[UUID, str],
) -> list[OffView]:
    """Return the current and future exceptions and time off, earliest first."""
    today = viewer.now.astimezone(zone).date()
    views = [
        (
            day,
            OffView(
                f"day {day}",
                _exception_kind(periods),
                _date_text(day, viewer),
                _periods_text(periods, places),
            ),
        )
        for day, periods in draft.exceptions
        if day >= today
    ]
    for away in draft.absences:
        if away.ends_at > viewer.now:
            view = OffView(
                f"off {away.starts_at.isoformat()}",
                "off",
                _span_text(away, zone, viewer),
                _time_off_text(away),
            )
            views.append((away.starts_at.astimezone(zone).date(), view))
    return [view for _, view in sorted(views, key=lambda it: (it[0], it[1].key))]


def hours_without_exception(draft: PersonDraft, key: str) -> PersonDraft:
    """Return a draft without the exception or time off that has this key."""
    return replace(
        draft,
        exceptions=tuple(it for it in draft.exceptions if f"day {it[0]}" != key),
        absences=tuple(
            it for it in draft.absences if f"off {it.starts_at.isoformat()}" != key
        ),
    )


def hours_with_exception(draft: PersonDraft, form: Mapping[str, Any]) -> PersonDraft:
    """Return a draft with one more exception; hours on the same date add up.

    Raises:
        InvalidInputError: With messages for the fields ``day`` and ``own``.
    """
    day = _form_day(form, "day")
    hours: PlacedPeriods = ()
    if field_text(form, "kind") == "own":
        if not field_text(form, "begins") or not field_text(form, "ends"):
            raise InvalidInputError({"begins": say("hours.problem.span")})
        known = dict(draft.exceptions).get(day, ())
        clocks = (
            parse_hours_clock(field_text(form, "begins")),
            parse_hours_clock(field_text(form, "ends")),
        )
        place = form_entry_id(field_text(form, "branch"))
        typed = make_period(*clocks, place)
        try:
            hours = week.normalize_day([*known, typed], say("hours.problem.that_date"))
        except ValueError as error:
            raise InvalidInputError({"begins": str(error)}) from error
    exceptions = dict(draft.exceptions) | {day: hours}
    return replace(draft, exceptions=tuple(sorted(exceptions.items())))


def hours_with_time_off(
    draft: PersonDraft, form: Mapping[str, Any], zone: ZoneInfo
) -> PersonDraft:
    """Return a draft with one more time off, of whole days in the person's zone.

    Raises:
        InvalidInputError: With messages for the fields ``first`` and ``last``.
    """
    first = _form_day(form, "first")
    last = _form_day(form, "last") if field_text(form, "last") else first
    if last < first:
        raise InvalidInputError({"last": say("hours.problem.order")})
    away = Absence(
        plain_midnight(first, zone),
        plain_midnight(last + _ONE_DAY, zone),
        field_text(form, "note"),
    )
    return replace(draft, absences=tuple(sorted({*draft.absences, away})))


def hours_year_marks(
    draft: PersonDraft, zone: ZoneInfo, viewer: ViewerContext, holidays: Iterable[date]
) -> list[MarkView]:
    """Return the marks on the time line of the coming year."""
    first = viewer.today.replace(day=1)
    marks = [("hol", day, 1) for day in holidays]
    marks += [(_exception_kind(periods), day, 1) for day, periods in draft.exceptions]
    for away in draft.absences:
        start = away.starts_at.astimezone(zone).date()
        marks.append(("off", start, _days_away(away, zone)))
    marks.append(("today", viewer.today, 1))
    return [
        _year_mark(kind, (day - first).days, length)
        for kind, day, length in marks
        if 0 <= (day - first).days < YEAR
    ]


def hours_month_names(viewer: ViewerContext) -> list[str]:
    """Return the names of the months below the time line."""
    first = viewer.today.replace(day=1)
    return [
        times.month_text(
            first.replace(month=(first.month - 1 + n) % 12 + 1),
            viewer.locale,
            short=True,
        )
        for n in range(12)
    ]


def _exception_kind(periods: PlacedPeriods) -> str:
    return "alt" if periods else "off"


def _periods_text(periods: PlacedPeriods, places: Mapping[UUID, str]) -> str:
    return (
        week.periods_in_words(periods, places).replace("-", say("hours.word_to"))
        if periods
        else say("hours.exceptions.off")
    )


def _time_off_text(away: Absence) -> str:
    if away.note:
        return say("hours.time_off.label_note", note=away.note)
    return say("hours.time_off.label")


def _date_text(day: date, viewer: ViewerContext) -> str:
    year = "" if day.year == viewer.today.year else f" {day.year}"
    return f"{times.short_day_text(day, viewer.locale)}{year}"


def _span_text(away: Absence, zone: ZoneInfo, viewer: ViewerContext) -> str:
    start, end = away.starts_at.astimezone(zone), away.ends_at.astimezone(zone)
    if start.time() == end.time() == _MIDNIGHT:
        last = end.date() - _ONE_DAY
        first = _date_text(start.date(), viewer)
        return (
            first
            if last == start.date()
            else say("kit.times.days", start=first, end=_date_text(last, viewer))
        )
    days = [_date_text(it.date(), viewer) for it in (start, end)]
    return say(
        "hours.time_off.span",
        first=days[0],
        start=f"{start:%H:%M}",
        last=days[1],
        end=f"{end:%H:%M}",
    )


def _form_day(form: Mapping[str, Any], name: str) -> date:
    try:
        return parse_day(field_text(form, name))
    except ValueError as error:
        raise InvalidInputError({name: say("hours.problem.date")}) from error


def _days_away(away: Absence, zone: ZoneInfo) -> int:
    start, end = away.starts_at.astimezone(zone), away.ends_at.astimezone(zone)
    return max(1, (end.date() - start.date()).days)


def _year_mark(kind: str, day: int, length: int) -> MarkView:
    width = min(length, YEAR - day)
    return MarkView(kind, f"{day / YEAR:.2%}", f"{width / YEAR:.2%}")
