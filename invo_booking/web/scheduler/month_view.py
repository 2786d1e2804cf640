"""Show the open starts of a topic as a month, and those of one day as times to pick."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.texts import count, say
from invo_booking.web.kit.text import times

NOON = 12
EVENING = 17


@dataclass(frozen=True, kw_only=True)
class Search:
    """The open starts, and the month and day that the visitor looks at.

    Attributes:
        starts: Open starts in minutes since 1970 in UTC, earliest first. Numbers,
            because this is kept with the visitor's session and should stay small.
        length: Minutes.
        shut: Why a date has no times, by ISO date.
        closed: Dates among them on which the institution is closed.
        now: Present minute.
        last: Last minute that can be booked.
        zone: IANA name of the zone the times are shown in.
        locale: Tag of the visitor's habits; empty until any are known.
        month: Any day of the month shown, or ``None`` for the first one with times.
        day: The day whose times are shown, or ``None`` for the first one with times.
        picked: The picked start; 0 for none.
        taken: Starts that were booked by others while the visitor looked.
    """

    starts: tuple[int, ...] = ()
    length: int = 30
    shut: Mapping[str, str] = field(default_factory=dict[str, str])
    closed: frozenset[str] = frozenset()
    now: int = 0
    last: int = 0
    zone: str = "UTC"
    locale: str = ""
    month: date | None = None
    day: date | None = None
    picked: int = 0
    taken: frozenset[int] = frozenset()


@dataclass
class MonthDayView:
    """One cell of the month."""

    key: str = ""
    number: str = ""
    before: str = ""
    """Text for screen readers before the number: the weekday, for days with times."""

    after: str = ""
    """Text for screen readers after the number: month and number of free times."""

    why: str = ""
    """Reason for no times, shown when the pointer is over the day."""

    tag: str = ""
    free: bool = False
    shown: bool = False
    tab: int = -1


@dataclass
class WeekView:
    """One row of the month."""

    days: list[MonthDayView]


@dataclass
class WeekdayView:
    """One column head."""

    short: str
    full: str


@dataclass
class SlotView:
    """One start; ``key`` is what the browser sends back."""

    key: str
    label: str
    spoken: str = ""
    picked: bool = False
    taken: bool = False


@dataclass
class DayPartView:
    """A part of the day and its starts."""

    key: str
    name: str
    slots: list[SlotView]


@dataclass
class MonthView:
    """The contents of the step *When*."""

    name: str = ""
    year: str = ""
    previous: str = ""
    """Name of the button for the previous month; empty if there is none."""

    next: str = ""
    weekdays: list[WeekdayView] = field(default_factory=list[WeekdayView])
    weeks: list[WeekView] = field(default_factory=list[WeekView])
    closed: list[str] = field(default_factory=list[str])
    day: str = ""
    parts: list[DayPartView] = field(default_factory=list[DayPartView])
    soonest: SlotView = field(default_factory=lambda: SlotView("", ""))
    zone: str = ""
    picked: str = ""
    """The picked time in full; empty while nothing is picked."""

    picked_day: str = ""
    picked_times: str = ""
    picked_short: str = ""
    picked_brief: str = ""
    any: bool = False
    none: str = ""
    """Reason for no times, if none are shown."""


def picker_minutes(at: datetime) -> int:
    """Return an instant as minutes since 1970."""
    return int(at.timestamp()) // 60


def picker_instant(minutes: int) -> datetime:
    """Return minutes since 1970 as an instant, in UTC."""
    return datetime.fromtimestamp(minutes * 60, UTC)


def picker_date(minutes: int, zone: ZoneInfo) -> date:
    """Return the date of an instant in a zone."""
    return picker_instant(minutes).astimezone(zone).date()


def picker_month_view(search: Search) -> MonthView:
    """Return the month, the day and the times the visitor looks at."""
    zone, locale = ZoneInfo(search.zone), times.locale_of(search.locale)
    days = _by_day(search, zone)
    month = picker_month(search)
    day = picker_day(search)
    view = MonthView(
        name=times.month_text(month, locale),
        year=str(month.year),
        previous=_neighbor_name(-1, search, locale),
        next=_neighbor_name(1, search, locale),
        weekdays=_weekday_views(month, locale),
        weeks=_week_views(search, days, month, day),
        closed=_closed_sentences(search, month, locale),
        day=times.long_day_text(day, locale) if day else "",
        parts=_part_views(search, days.get(day, []) if day else []),
        zone=times.zone_label(zone, picker_instant(search.picked or search.now)),
        any=bool(search.starts),
        none=_no_times_sentence(search),
    )
    _add_soonest(view, search)
    _add_picked(view, search)
    return view


def picker_month(search: Search) -> date:
    """Return the first day of the month to show."""
    zone = ZoneInfo(search.zone)
    if search.month:
        return search.month.replace(day=1)
    first = search.starts[0] if search.starts else search.now
    return picker_date(first, zone).replace(day=1)


def picker_day(search: Search) -> date | None:
    """Return the day whose times are shown: the chosen one, or the first open one."""
    if search.day:
        return search.day
    zone, month = ZoneInfo(search.zone), picker_month(search)
    days = (picker_date(start, zone) for start in search.starts)
    return next((day for day in days if day.replace(day=1) == month), None)


def month_beside(search: Search, months: int) -> date | None:
    """Return the first day of a neighboring month, or ``None`` beyond the offer."""
    zone, month = ZoneInfo(search.zone), picker_month(search)
    index = month.year * 12 + month.month - 1 + months
    target = date(index // 12, index % 12 + 1, 1)
    first = picker_date(search.now, zone).replace(day=1)
    return target if first <= target <= picker_date(search.last, zone) else None


def picker_slot(start: int, search: Search) -> SlotView:
    """Return a start with its day, for offers outside the list of one day."""
    zone, locale = ZoneInfo(search.zone), times.locale_of(search.locale)
    local = picker_instant(start).astimezone(zone)
    day, clock = local.date(), times.clock_time_text(local, locale)
    moment = f"{times.short_day_text(day, locale)}, {clock}"
    return SlotView(key=str(start), label=moment, picked=start == search.picked)


def _by_day(search: Search, zone: ZoneInfo) -> dict[date, list[int]]:
    days: dict[date, list[int]] = {}
    for start in sorted({*search.starts, *search.taken}):
        days.setdefault(picker_date(start, zone), []).append(start)
    return days


def _neighbor_name(step: int, search: Search, locale: Locale) -> str:
    target = month_beside(search, step)
    if target is None:
        return ""
    month, year = times.month_text(target, locale), target.year
    if step > 0:
        return say("scheduler.month.next_name", month=month, year=year)
    return say("scheduler.month.previous_name", month=month, year=year)


def _no_times_sentence(search: Search) -> str:
    if not search.starts:
        return say("scheduler.when.none")
    if month_beside(search, 1) is None:
        return say("scheduler.when.none_in_last_month")
    return say("scheduler.when.none_in_month")


def _weekday_views(month: date, locale: Locale) -> list[WeekdayView]:
    first = times.first_weekday(month, locale)
    days = [first + timedelta(days=shift) for shift in range(7)]
    return [
        WeekdayView(
            short=locale.days["stand-alone"]["abbreviated"][day.weekday()],
            full=locale.days["stand-alone"]["wide"][day.weekday()],
        )
        for day in days
    ]


def _week_views(
    search: Search, days: Mapping[date, list[int]], month: date, chosen: date | None
) -> list[WeekView]:
    locale, zone = times.locale_of(search.locale), ZoneInfo(search.zone)
    today = picker_date(search.now, zone)
    cursor = times.first_weekday(month, locale)
    weeks: list[WeekView] = []
    while cursor.replace(day=1) <= month:
        cells = [cursor + timedelta(days=shift) for shift in range(7)]
        weeks.append(
            WeekView(
                days=[
                    _day_view(search, day, days, month, today, chosen) for day in cells
                ]
            )
        )
        cursor += timedelta(days=7)
    _set_tab_stop(weeks)
    return weeks


def _set_tab_stop(weeks: list[WeekView]) -> None:
    free = [day for week in weeks for day in week.days if day.free]
    for day in [*(day for day in free if day.shown), *free][:1]:
        day.tab = 0


def _day_view(
    search: Search,
    day: date,
    days: Mapping[date, list[int]],
    month: date,
    today: date,
    chosen: date | None,
) -> MonthDayView:
    locale = times.locale_of(search.locale)
    free = len([start for start in days.get(day, ()) if start not in search.taken])
    name = times.month_text(day, locale)
    if not free:
        reason = search.shut.get(day.isoformat(), say("scheduler.month.no_free"))
        after = f" {name}, {_lower_first(reason)}"
        tag = _day_tag(day, month, today, locale)
        return MonthDayView(
            key=day.isoformat(), number=str(day.day), after=after, why=reason, tag=tag
        )
    return MonthDayView(
        key=day.isoformat(),
        number=str(day.day),
        before=f"{locale.days['stand-alone']['wide'][day.weekday()]} ",
        after=_count_in_words(name, free, is_today=day == today),
        tag=_day_tag(day, month, today, locale),
        free=True,
        shown=day == chosen,
    )


def _count_in_words(month: str, free: int, *, is_today: bool) -> str:
    if is_today:
        return count("scheduler.month.free_today", free, month=month)
    return count("scheduler.month.free", free, month=month)


def _day_tag(day: date, month: date, today: date, locale: Locale) -> str:
    if day == today:
        return say("public.today")
    if day.day == 1 and day.month != month.month:
        return times.month_text(day, locale, short=True)
    return ""


def _closed_sentences(search: Search, month: date, locale: Locale) -> list[str]:
    days = ((date.fromisoformat(key), key) for key in sorted(search.closed))
    return [
        f"{times.day_and_month_text(day, locale)}: {_lower_first(search.shut[key])}"
        for day, key in days
        if day.replace(day=1) == month
    ]


def _part_views(search: Search, starts: list[int]) -> list[DayPartView]:
    zone = ZoneInfo(search.zone)
    parts = [
        DayPartView("morning", say("scheduler.when.morning"), []),
        DayPartView("afternoon", say("scheduler.when.afternoon"), []),
        DayPartView("evening", say("scheduler.when.evening"), []),
    ]
    for start in starts:
        hour = picker_instant(start).astimezone(zone).hour
        part = parts[(hour >= NOON) + (hour >= EVENING)]
        part.slots.append(_slot_of(search, start))
    return [part for part in parts if part.slots]


def _slot_of(search: Search, start: int) -> SlotView:
    local = picker_instant(start).astimezone(ZoneInfo(search.zone))
    return SlotView(
        key=str(start),
        label=times.clock_time_text(local, times.locale_of(search.locale)),
        picked=start == search.picked,
        taken=start in search.taken,
    )


def _add_soonest(view: MonthView, search: Search) -> None:
    starts = [start for start in search.starts if start not in search.taken]
    if starts:
        view.soonest = picker_slot(starts[0], search)


def _add_picked(view: MonthView, search: Search) -> None:
    if not search.picked:
        return
    zone, locale = ZoneInfo(search.zone), times.locale_of(search.locale)
    start = picker_instant(search.picked).astimezone(zone)
    end = picker_instant(search.picked + search.length).astimezone(zone)
    view.picked_day = times.long_day_text(start.date(), locale)
    view.picked_times = times.clock_span_text(start, end, locale)
    view.picked = f"{view.picked_day}, {view.picked_times}"
    brief = times.short_day_text(start.date(), locale)
    view.picked_short = f"{brief}, {view.picked_times}"
    view.picked_brief = f"{brief}, {times.clock_time_text(start, locale)}"


def _lower_first(sentence: str) -> str:
    """Return a sentence in lower case, to be the end of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")
