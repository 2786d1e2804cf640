"""Toolbar, filters and small month around the calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from invo_booking.domain.contact import text_to_compare
from invo_booking.texts import language_name, say
from invo_booking.usecases.staff.calendar import Scope, StaffCatalogue
from invo_booking.web.kit.calendar.place import (
    Period,
    Place,
    calendar_days_of,
    step_calendar_day,
    step_calendar_month,
)
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import ViewerContext

WEEK = timedelta(days=7)
_FEW = 12
"""Maximum number of filters that are offered without a search field."""


@dataclass
class SideLinkView:
    """A link in a group; with ``is_here``, it leads to what is already shown."""

    label: str
    href: str
    is_here: bool = False


@dataclass
class FilterGroupView:
    """The filters of one kind that can be added."""

    title: str
    links: list[SideLinkView] = field(default_factory=list[SideLinkView])


@dataclass
class NavView:
    """The toolbar of Booking Management."""

    title: str = ""
    zone: str = ""
    holiday: str = ""
    """Why the day shown is closed; empty if several days are shown."""

    scopes: list[SideLinkView] = field(default_factory=list[SideLinkView])
    periods: list[SideLinkView] = field(default_factory=list[SideLinkView])
    today: str = ""
    back: SideLinkView = field(default_factory=lambda: SideLinkView("", ""))
    on: SideLinkView = field(default_factory=lambda: SideLinkView("", ""))


@dataclass
class MiniDayView:
    """A day of the small month or of the strip of seven days."""

    href: str
    number: str
    name: str
    weekday: str = ""
    kind: str = ""
    current: str = "false"


@dataclass
class MiniWeekView:
    """A row of the small month."""

    kind: str = ""
    days: list[MiniDayView] = field(default_factory=list[MiniDayView])


@dataclass
class MiniMonthView:
    """The small month beside the calendar."""

    title: str = ""
    back: SideLinkView = field(default_factory=lambda: SideLinkView("", ""))
    on: SideLinkView = field(default_factory=lambda: SideLinkView("", ""))
    weekdays: list[SideLinkView] = field(default_factory=list[SideLinkView])
    weeks: list[MiniWeekView] = field(default_factory=list[MiniWeekView])


@dataclass
class ChipView:
    """An active filter; ``href`` opens the same calendar without the filter."""

    label: str
    value: str
    href: str


_SCOPES: Mapping[Scope, str] = {
    Scope.ME: "bookings.nav.me",
    Scope.TEAM: "bookings.nav.team",
    Scope.QUEUES: "bookings.nav.queues",
}
_PERIODS: Mapping[Period, str] = {
    Period.DAY: "bookings.nav.day_period",
    Period.WEEK: "bookings.nav.week",
    Period.MONTH: "bookings.nav.month",
    Period.LIST: "bookings.nav.list",
}


def calendar_nav_view(
    where: Place, title: str, catalogue: StaffCatalogue, viewer: ViewerContext
) -> NavView:
    """Return the toolbar: heading, scopes, periods, and links to other days."""
    closed = frozenset(catalogue.closed_weekdays)
    is_day = where.period is Period.DAY
    return NavView(
        title=title,
        zone=say("kit.zones.place", city=times.zone_city(catalogue.time_zone)),
        holiday=catalogue.holidays.get(where.day, "") if is_day else "",
        scopes=[
            SideLinkView(
                say(_SCOPES[scope]), where.in_scope(scope).address, scope is here
            )
            for here in (where.scope,)
            for scope in Scope
        ],
        periods=[
            SideLinkView(
                say(_PERIODS[p]),
                where.with_changes(period=p).address,
                p is where.period,
            )
            for p in Period
        ],
        today=where.with_changes(day=viewer.today).address,
        back=_neighbour(where, -1, closed, viewer),
        on=_neighbour(where, 1, closed, viewer),
    )


def mini_calendar_month(
    where: Place, catalogue: StaffCatalogue, viewer: ViewerContext
) -> MiniMonthView:
    """Return the small month around the day shown."""
    first = times.first_weekday(where.day, viewer.locale)
    weeks = [
        _mini_week(where, first + number * WEEK, catalogue, viewer)
        for number in range(6)
    ]
    return MiniMonthView(
        title=f"{times.month_text(where.day, viewer.locale)} {where.day.year}",
        back=_month_link(where, -1, viewer),
        on=_month_link(where, 1, viewer),
        weekdays=[
            SideLinkView(
                f"{first + timedelta(days=n):%a}"[:2], f"{first + timedelta(n):%A}"
            )
            for n in range(7)
        ],
        weeks=weeks,
    )


def calendar_week_strip(
    where: Place, catalogue: StaffCatalogue, viewer: ViewerContext
) -> list[MiniDayView]:
    """Return the seven days that are offered on phones."""
    shift = (where.day.weekday() - viewer.locale.first_week_day) % 7
    first = where.day - timedelta(days=shift)
    daily = where.with_changes(period=Period.DAY)
    return [
        _mini_day(daily, first + timedelta(days=n), catalogue, viewer) for n in range(7)
    ]


def calendar_filter_chips(where: Place, catalogue: StaffCatalogue) -> list[ChipView]:
    """Return the active filters."""
    chips: list[ChipView] = []
    if where.queues:
        names = [queue.name for queue in catalogue.queues if queue.id in where.queues]
        free = replace(where, queues=frozenset())
        chips.append(ChipView(say("calendar.queue"), ", ".join(names), free.address))
    if where.languages:
        words = [language_name(code) for code in sorted(where.languages)]
        free = replace(where, languages=frozenset())
        chips.append(ChipView(say("calendar.language"), ", ".join(words), free.address))
    if where.branches:
        names = [it.name for it in catalogue.branches if it.id in where.branches]
        free = replace(where, branches=frozenset())
        chips.append(
            ChipView(say("drawer.field.branch"), ", ".join(names), free.address)
        )
    return chips


def calendar_filter_offers(
    where: Place, catalogue: StaffCatalogue
) -> list[FilterGroupView]:
    """Return the filters that can be added, by kind."""
    queues = [
        SideLinkView(
            queue.name, replace(where, queues=where.queues | {queue.id}).address
        )
        for queue in catalogue.queues
        if queue.id not in where.queues
    ]
    languages = [
        SideLinkView(
            language_name(code),
            replace(where, languages=where.languages | {code}).address,
        )
        for code in catalogue.languages
        if code not in where.languages
    ]
    groups = [
        FilterGroupView(say("calendar.queue"), queues),
        FilterGroupView(say("calendar.language"), languages),
        FilterGroupView(say("drawer.field.branch"), _branch_offers(where, catalogue)),
    ]
    return [group for group in groups if group.links]


def has_many_calendar_filters(groups: Sequence[FilterGroupView]) -> bool:
    """Whether there are so many filters that a search field is offered."""
    return sum(len(group.links) for group in groups) > _FEW


def calendar_filter_address(groups: Sequence[FilterGroupView], typed: str) -> str:
    """Return the URL of the filter with the typed name, or else of a similar filter.

    A filter is similar if its name contains the typed text; the first such filter is
    used. Empty if no name contains the text.
    """
    words = text_to_compare(typed)
    links = [link for group in groups for link in group.links]
    fit = [it for it in links if words and words in text_to_compare(it.label)]
    same = [it for it in fit if text_to_compare(it.label) == words]
    return (same or fit)[0].href if fit else ""


def _branch_offers(where: Place, catalogue: StaffCatalogue) -> list[SideLinkView]:
    """Return the branches that can be added as filters, if there are several."""
    if len(catalogue.branches) == 1:
        return []
    return [
        SideLinkView(
            branch.name, replace(where, branches=where.branches | {branch.id}).address
        )
        for branch in catalogue.branches
        if branch.id not in where.branches
    ]


def _neighbour(
    where: Place, steps: int, closed: frozenset[int], viewer: ViewerContext
) -> SideLinkView:
    day = step_calendar_day(where, steps, viewer.locale, closed)
    if where.period is Period.DAY:
        name = times.long_day_text(day, viewer.locale)
    else:
        is_month = where.period is Period.MONTH
        name = say(_NEIGHBORS[steps > 0, is_month])
    return SideLinkView(name, where.with_changes(day=day).address)


_NEIGHBORS: Mapping[tuple[bool, bool], str] = {
    (True, True): "bookings.nav.next_month",
    (True, False): "bookings.nav.next_week",
    (False, True): "bookings.nav.previous_month",
    (False, False): "bookings.nav.previous_week",
}
"""Text keys of link labels, by (whether the link leads forward, whether it leads by a
month instead of a week)."""


def _month_link(where: Place, steps: int, viewer: ViewerContext) -> SideLinkView:
    day = step_calendar_month(where.day, steps)
    name = f"{times.month_text(day, viewer.locale)} {day.year}"
    return SideLinkView(name, where.with_changes(day=day).address)


def _mini_week(
    where: Place, monday: date, catalogue: StaffCatalogue, viewer: ViewerContext
) -> MiniWeekView:
    first, past = calendar_days_of(where, viewer.locale)
    is_shown = where.period in {Period.WEEK, Period.LIST} and first <= monday < past
    return MiniWeekView(
        kind="wk" if is_shown else "",
        days=[
            _mini_day(where, monday + timedelta(days=n), catalogue, viewer)
            for n in range(7)
        ],
    )


def _mini_day(
    where: Place, day: date, catalogue: StaffCatalogue, viewer: ViewerContext
) -> MiniDayView:
    out = day.month != where.day.month
    holiday = catalogue.holidays.get(day, "")
    named = say("bookings.side.holiday", holiday=holiday) if holiday else ""
    kinds: Mapping[str, bool] = {
        "out": out,
        "we": day.weekday() in catalogue.closed_weekdays,
        "hol": bool(holiday),
        "is-now": day == viewer.today,
    }
    return MiniDayView(
        href=where.with_changes(day=day).address,
        number=str(day.day),
        name=times.long_day_text(day, viewer.locale) + named,
        weekday=f"{day:%a}",
        kind=" ".join(kind for kind, holds in kinds.items() if holds),
        current="date" if day == where.day else "false",
    )
