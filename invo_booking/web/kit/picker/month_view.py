"""Show the weeks with open starts of a topic, and the open starts of one day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.wall import local_dates
from invo_booking.texts import count, say
from invo_booking.web.kit.picker.search import Search, picker_instant
from invo_booking.web.kit.text import times

NOON = 12
EVENING = 17
PAGE = timedelta(weeks=5)
"""Time span shown at once; the first page begins with the current week."""

_DAY_PERIOD = re.compile(r"\s*\b[ap]\.?\s?m\b\.?", re.IGNORECASE)


@dataclass
class MonthDayView:
    """One day in the weeks shown."""

    key: str = ""
    number: str = ""
    before: str = ""
    """Text for screen readers before the number: the weekday, for days with times."""

    after: str = ""
    """Text for screen readers after the number: month and count of free times."""

    why: str = ""
    """Reason why the day has no times, shown on hover."""

    tag: str = ""
    free: bool = False
    shown: bool = False
    tab: int = -1


@dataclass
class WeekView:
    """One row of seven days."""

    days: list[MonthDayView]


@dataclass
class WeekdayView:
    """The header of one column."""

    short: str
    full: str


@dataclass
class SlotView:
    """One start; ``key`` is what the browser sends back."""

    key: str
    label: str
    period: str = ""
    """End of the time, such as ``AM``, which only screen readers get."""

    picked: bool = False
    taken: bool = False
    why: str = ""
    """Reason why the start cannot be picked; empty if it can."""

    place: str = ""
    """Name of the branch, if times of several branches are shown."""


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
    previous: str = ""
    """Label of the button for the earlier weeks; empty if there are none."""

    next: str = ""
    weekdays: list[WeekdayView] = field(default_factory=list[WeekdayView])
    weeks: list[WeekView] = field(default_factory=list[WeekView])
    closed: list[str] = field(default_factory=list[str])
    day: str = ""
    parts: list[DayPartView] = field(default_factory=list[DayPartView])
    soonest: SlotView = field(default_factory=lambda: SlotView("", ""))
    zone: str = ""
    has_zones: bool = False
    """Whether times are shown in the time zones of several branches."""

    picked: str = ""
    """The picked time in full; empty while nothing is picked."""

    picked_day: str = ""
    picked_times: str = ""
    picked_short: str = ""
    picked_brief: str = ""
    any: bool = False
    none: str = ""
    """Reason why no times are shown; empty if there are times."""


def picker_month_view(search: Search) -> MonthView:
    """Return the weeks, the day and the times that the picker shows."""
    locale = times.locale_of(search.locale)
    days = _by_day(search)
    first = picker_first_day(search)
    day = picker_day(search)
    shown = days.get(day, []) if day else []
    view = MonthView(
        name=_weeks_name(first, locale),
        previous=_neighbor_name(-1, search, locale),
        next=_neighbor_name(1, search, locale),
        weekdays=_weekday_views(first, locale),
        weeks=_week_views(search, days, first, day),
        closed=_closed_sentences(search, first, locale),
        day=times.long_day_text(day, locale) if day else "",
        parts=_part_views(search, shown),
        zone=_zone_text(search, shown),
        has_zones=len(search.zones()) > 1,
        any=bool(search.starts),
        none=_no_times_sentence(search),
    )
    _add_soonest(view, search)
    _add_picked(view, search)
    return view


def picker_first_day(search: Search) -> date:
    """Return the first day shown: a whole number of pages after the current week."""
    first = _present_week(search)
    start = search.starts[0] if search.starts else search.now
    shown = search.page or search.local_time_of(start).date()
    return first + max(0, (shown - first) // PAGE) * PAGE


def picker_day(search: Search) -> date | None:
    """Return the day whose times are shown: the chosen day, or the first with times."""
    if search.day:
        return search.day
    first = picker_first_day(search)
    days = (search.local_time_of(start).date() for start in search.starts)
    return next((day for day in days if first <= day < first + PAGE), None)


def picker_page_beside(search: Search, pages: int) -> date | None:
    """Return the first day of an earlier or later page, or ``None``.

    ``None`` before the current week and after the last day that can be booked.
    """
    target = picker_first_day(search) + pages * PAGE
    last = search.local_time_of(search.last).date()
    return target if _present_week(search) <= target <= last else None


def _present_week(search: Search) -> date:
    """Return the first day of the current week."""
    today = search.local_time_of(search.now).date()
    return times.first_day_of_week(today, times.locale_of(search.locale))


def _weeks_name(first: date, locale: Locale) -> str:
    return times.months_text(first, first + PAGE - timedelta(days=1), locale)


def picker_slot(start: int, search: Search) -> SlotView:
    """Return a start with its day in the label, for use outside the list of one day."""
    locale, local = times.locale_of(search.locale), search.local_time_of(start)
    day, clock = local.date(), times.clock_time_text(local, locale)
    return SlotView(
        key=str(start),
        label=f"{times.short_day_text(day, locale)}, {clock}",
        picked=start == search.picked,
        place=_place_name(search, start),
    )


def _zone_text(search: Search, shown: Sequence[int]) -> str:
    """Return the zone of the shown starts; both names if clocks change between them."""
    if len(search.zones()) > 1:
        return say("scheduler.when.branch_clocks")
    ends = (shown[0], shown[-1]) if shown else (search.picked or search.now,)
    labels = [times.zone_label(search.zone_of(it), picker_instant(it)) for it in ends]
    return ", ".join(dict.fromkeys(labels))


def _place_name(search: Search, start: int) -> str:
    """Return the branch of a start, with its zone if the zones of branches differ."""
    place = search.place_of(start)
    if place is None or len(search.zones()) == 1:
        return place.name if place else ""
    return say(
        "scheduler.when.place",
        name=place.name,
        clock=say("kit.zones.place", city=times.zone_city(place.zone)),
    )


def _by_day(search: Search) -> dict[date, list[int]]:
    by_zone: dict[str, list[int]] = {}
    present = {search.present} - {0}
    for start in sorted({*search.starts, *search.taken, *present}):
        by_zone.setdefault(search.zone_name_of(start), []).append(start)
    days: dict[date, list[int]] = {}
    for zone, starts in by_zone.items():
        dates = local_dates(ZoneInfo(zone), starts)
        for day, start in zip(dates, starts, strict=True):
            days.setdefault(day, []).append(start)
    return {day: sorted(starts) for day, starts in days.items()}


def _neighbor_name(pages: int, search: Search, locale: Locale) -> str:
    target = picker_page_beside(search, pages)
    if target is None:
        return ""
    months = _weeks_name(target, locale)
    if pages > 0:
        return say("scheduler.month.next_name", months=months)
    return say("scheduler.month.previous_name", months=months)


def _no_times_sentence(search: Search) -> str:
    if not search.starts:
        return say("scheduler.when.none")
    if picker_page_beside(search, 1) is None:
        return say("scheduler.when.none_in_last_month")
    return say("scheduler.when.none_in_month")


def _weekday_views(first: date, locale: Locale) -> list[WeekdayView]:
    days = [first + timedelta(days=shift) for shift in range(7)]
    return [
        WeekdayView(
            short=locale.days["stand-alone"]["abbreviated"][day.weekday()],
            full=locale.days["stand-alone"]["wide"][day.weekday()],
        )
        for day in days
    ]


def _week_views(
    search: Search, days: Mapping[date, list[int]], first: date, chosen: date | None
) -> list[WeekView]:
    today = search.local_time_of(search.now).date()
    cells = [first + timedelta(days=shift) for shift in range(PAGE.days)]
    views = [_day_view(search, day, days, today, chosen) for day in cells]
    weeks = [WeekView(days=views[at : at + 7]) for at in range(0, len(views), 7)]
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
    today: date,
    chosen: date | None,
) -> MonthDayView:
    locale = times.locale_of(search.locale)
    starts = set(days.get(day, ())) - search.taken - {search.present}
    free = len(starts)
    name = times.month_text(day, locale)
    if not free:
        reason = search.shut.get(day.isoformat(), say("scheduler.month.no_free"))
        after = f" {name}, {_lower_first(reason)}"
        tag = _day_tag(day, today, locale)
        return MonthDayView(
            key=day.isoformat(), number=str(day.day), after=after, why=reason, tag=tag
        )
    return MonthDayView(
        key=day.isoformat(),
        number=str(day.day),
        before=f"{locale.days['stand-alone']['wide'][day.weekday()]} ",
        after=_count_in_words(name, free, is_today=day == today),
        tag=_day_tag(day, today, locale),
        free=True,
        shown=day == chosen,
    )


def _count_in_words(month: str, free: int, *, is_today: bool) -> str:
    if is_today:
        return count("scheduler.month.free_today", free, month=month)
    return count("scheduler.month.free", free, month=month)


def _day_tag(day: date, today: date, locale: Locale) -> str:
    if day == today:
        return say("public.today")
    if day.day == 1:
        return times.month_text(day, locale, short=True)
    return ""


def _closed_sentences(search: Search, first: date, locale: Locale) -> list[str]:
    days = ((date.fromisoformat(key), key) for key in sorted(search.closed))
    return [
        f"{times.day_and_month_text(day, locale)}: {_lower_first(search.shut[key])}"
        for day, key in days
        if first <= day < first + PAGE
    ]


def _part_views(search: Search, starts: list[int]) -> list[DayPartView]:
    parts = [
        DayPartView("morning", say("scheduler.when.morning"), []),
        DayPartView("afternoon", say("scheduler.when.afternoon"), []),
        DayPartView("evening", say("scheduler.when.evening"), []),
    ]
    by_clock = {start: search.local_time_of(start) for start in starts}
    for start in sorted(starts, key=lambda it: _wall_key(by_clock[it])):
        hour = by_clock[start].hour
        part = parts[(hour >= NOON) + (hour >= EVENING)]
        part.slots.append(_slot_of(search, start))
    return [part for part in parts if part.slots]


def _wall_key(local: datetime) -> tuple[datetime, datetime]:
    """Return the sort key of a local time: by wall time, then by instant."""
    return local.replace(tzinfo=None, fold=0), local.astimezone(UTC)


def _slot_of(search: Search, start: int) -> SlotView:
    local = search.local_time_of(start)
    label = times.clock_time_text(local, times.locale_of(search.locale))
    period = _DAY_PERIOD.search(label)
    is_end = period is not None and period.end() == len(label)
    return SlotView(
        key=str(start),
        label=label[: period.start()] if period and is_end else label,
        period=period[0] if period and is_end else "",
        picked=start == search.picked,
        taken=start in search.taken,
        why=_why_not(search, start),
        place=_place_name(search, start),
    )


def _why_not(search: Search, start: int) -> str:
    if start == search.present:
        return say("scheduler.when.present")
    return say("scheduler.when.no_longer_free") if start in search.taken else ""


def _add_soonest(view: MonthView, search: Search) -> None:
    starts = [it for it in search.starts if it not in {*search.taken, search.present}]
    if starts:
        view.soonest = picker_slot(starts[0], search)


def _add_picked(view: MonthView, search: Search) -> None:
    if not search.picked:
        return
    locale, start = times.locale_of(search.locale), search.local_time_of(search.picked)
    last = picker_instant(search.picked + search.length)
    end = last.astimezone(search.zone_of(search.picked))
    view.picked_day = times.long_day_text(start.date(), locale)
    view.picked_times = times.clock_span_text(start, end, locale)
    view.picked = f"{view.picked_day}, {view.picked_times}"
    brief = times.short_day_text(start.date(), locale)
    view.picked_short = f"{brief}, {view.picked_times}"
    view.picked_brief = f"{brief}, {times.clock_time_text(start, locale)}"


def _lower_first(sentence: str) -> str:
    """Return a sentence with a small first letter, to continue another sentence."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")
