"""Let administrators manage the closed days of the institution and its branches."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, cast
from uuid import UUID

import holidays

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.branches import no_translations
from invo_booking.domain.errors import NotFoundError
from invo_booking.domain.institution import (
    OWN_LANGUAGE,
    ClosedDay,
    Roster,
    Translations,
)
from invo_booking.texts import say
from invo_booking.usecases.admin.editing import edit_catalogue
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.fields import Problems
from invo_booking.usecases.shared.rights import administer
from invo_booking.usecases.shared.translations import (
    clean_translations,
    other_languages,
)

NAME_LIMIT = 120
MOST_AT_ONCE = 100
YEARS_AHEAD = 5
"""Number of years after the current year in which days can be closed."""

KIND = "holiday"


@dataclass(frozen=True, slots=True)
class DayName:
    """The name of a closed day.

    Attributes:
        translations: The ``name`` in other languages. Where a translation is missing,
            ``name`` is shown.
    """

    name: str
    translations: Translations = field(default_factory=dict[str, dict[str, str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHoliday:
    """A public holiday of a country.

    Attributes:
        closed: Whether the date is already a closed day of the institution.
        translations: The ``name`` in other languages, where the calendar of public
            holidays has such names.
    """

    day: date
    name: str
    closed: bool
    translations: Translations = field(default_factory=dict[str, dict[str, str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDaysOverview:
    """The closed days of the institution or a branch from today on, earliest first."""

    days: tuple[ClosedDay, ...]
    today: date
    country: str


@cache
def holiday_countries() -> frozenset[str]:
    """Return the ISO 3166 codes of countries whose public holidays are known."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@cache
def country_parts(country: str) -> Mapping[str, str]:
    """Return names of states or provinces with their own public holidays, by code."""
    if country not in holiday_countries():
        return {}
    calendar = cast("Any", holidays.country_holidays(country))
    names: dict[str, list[str]] = calendar.get_subdivision_aliases()
    return {code: [*names.get(code, ()), code][0] for code in calendar.subdivisions}


def closed_days_overview(
    deps: Deps, actor: Actor, branch_id: UUID | None = None
) -> ClosedDaysOverview:
    """Return the institution's closed days, or a branch's own, from today on.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such branch.
    """
    with administer(deps, actor) as work:
        roster = work.roster
        known = _closed_days_of(roster, branch_id)
        today = deps.now().astimezone(roster.clock_at(branch_id)).date()
        return ClosedDaysOverview(
            days=tuple(known[day] for day in sorted(known) if day >= today),
            today=today,
            country=roster.institution.country,
        )


def public_holidays(
    deps: Deps, actor: Actor, *, country: str, part: str = "", year: int
) -> tuple[PublicHoliday, ...]:
    """Return the public holidays of a year, as suggestions for closed days.

    Args:
        country: ISO 3166 code.
        part: Code of a state or province; empty for the whole country.
        year: The current year, or up to five years ahead; past days are left out.

    Raises:
        NotAllowedError: If the actor is no administrator.
        InvalidInputError: If country, part or year is not supported.
    """
    with administer(deps, actor) as work:
        roster = work.roster
    today = deps.now().astimezone(roster.institution.zone).date()
    _check_calendar(country, part, year, today)
    names = _known_holidays(country, part, year)
    others = {
        code: _known_holidays(country, part, year, code)
        for code in other_languages()
        if _calendar_language(country, code)
    }
    return tuple(
        PublicHoliday(
            day=day,
            name=name,
            closed=day in roster.holidays,
            translations={
                code: {"name": theirs[day]}
                for code, theirs in others.items()
                if theirs.get(day, name) != name
            },
        )
        for day, name in sorted(names.items())
        if day >= today
    )


def change_closed_days(
    deps: Deps,
    actor: Actor,
    *,
    close: Mapping[date, str | DayName],
    reopen: Collection[date] = (),
    branch_id: UUID | None = None,
    dispositions: Mapping[UUID, Disposition] | None = None,
) -> None:
    """Close and reopen dates, in one transaction.

    Idempotent. A date that is already closed gets the new name.

    Args:
        close: The dates to close, with their names; a name given as a ``str`` has no
            translations.
        reopen: Dates to reopen.
        branch_id: The branch whose closed days change; ``None`` for the institution's
            closed days.
        dispositions: Decisions about live appointments on the dates to close.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such branch.
        InvalidInputError: With an error message for the field ``day`` or ``name``.
        UndecidedError: If no decision is given for a live appointment on a date to
            close.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        known = _closed_days_of(work.roster, branch_id)
        today = deps.now().astimezone(work.roster.clock_at(branch_id)).date()
        named = _check_closed_days(close, today)
        before = {
            day.isoformat(): _names_in_one_line(known[day])
            for day in {*named, *reopen}
            if day in known
        }
        after = {day.isoformat(): _names_in_one_line(it) for day, it in named.items()}
        if before != after:
            work.catalogue.set_holidays(named.values(), branch_id)
            work.catalogue.remove_holidays(set(reopen) - set(named), branch_id)
            edit.record(branch_id or "all", before, after, "changed")
            edit.settle(dispositions)


def _names_in_one_line(closed: ClosedDay) -> str:
    """Return all names of a closed day in one line, for the audit log."""
    others = sorted(closed.translations.items())
    return "; ".join((closed.name, *(f"{code}: {it['name']}" for code, it in others)))


def _closed_days_of(roster: Roster, branch_id: UUID | None) -> dict[date, ClosedDay]:
    if branch_id is not None and branch_id not in roster.branches:
        raise NotFoundError(say("catalogue.branches.unknown"))
    none = dict[date, str]()
    names = (
        roster.branch_holidays.get(branch_id, none) if branch_id else roster.holidays
    )
    texts = roster.holiday_texts.get(branch_id, dict[date, Translations]())
    return {
        day: ClosedDay(
            day=day, name=name, translations=texts.get(day, no_translations())
        )
        for day, name in names.items()
    }


def _check_closed_days(
    close: Mapping[date, str | DayName], today: date
) -> dict[date, ClosedDay]:
    problems = Problems()
    if len(close) > MOST_AT_ONCE:
        problems.add(
            "day", say("catalogue.closures.too_many", most_at_once=MOST_AT_ONCE)
        )
    last_year = today.year + YEARS_AHEAD
    named: dict[date, ClosedDay] = {}
    for day, value in close.items():
        if day < today or day.year > last_year:
            problems.add(
                "day",
                say("catalogue.closures.date_out_of_range", last_year=last_year),
            )
        wanted = value if isinstance(value, DayName) else DayName(value)
        named[day] = ClosedDay(
            day=day,
            name=problems.line(
                "name", wanted.name, NAME_LIMIT, say("catalogue.closures.name_needed")
            ),
            translations=clean_translations(
                problems, wanted.translations, {"name": NAME_LIMIT}
            ),
        )
    problems.refuse()
    return named


def _check_calendar(country: str, part: str, year: int, today: date) -> None:
    problems = Problems()
    if country not in holiday_countries():
        problems.add(
            "country",
            say("catalogue.closures.no_public_holidays"),
        )
    elif part and part not in country_parts(country):
        problems.add("part", say("catalogue.closures.part_unknown"))
    if not today.year <= year <= today.year + YEARS_AHEAD:
        problems.add("year", say("catalogue.closures.year_out_of_range"))
    problems.refuse()


@cache
def _known_holidays(
    country: str, part: str, year: int, language: str = OWN_LANGUAGE
) -> Mapping[date, str]:
    """Return the names of public holidays by date.

    If the holiday calendar has no names in ``language``, the names are in the country's
    own language.
    """
    return dict(
        holidays.country_holidays(
            country,
            subdiv=part or None,
            years=year,
            language=_calendar_language(country, language) or None,
        )
    )


def _calendar_language(country: str, language: str) -> str:
    """Return the code of a language in the holiday calendar, such as ``en_US``.

    Empty if the country's holidays have no names in this language.
    """
    languages = holidays.list_localized_countries(include_aliases=False)
    known = (it for it in languages.get(country, ()) if it[:2] == language)
    return next(known, "")
