"""Convert closed days and public holidays for the page, and read the page's forms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from babel import Locale

from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.institution import ClosedDay
from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import closures, code_lists
from invo_booking.usecases.admin.catalogue.closures import (
    ClosedDaysOverview,
    DayName,
    PublicHoliday,
)
from invo_booking.usecases.shared.translations import other_languages
from invo_booking.web.admin.closures.fields import FIELDS
from invo_booking.web.admin.form_fields import (
    form_texts,
    typed_values,
    untranslated_languages,
)
from invo_booking.web.kit.parsing import parse_day
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import OptionView, name_options

HOLIDAY = "holiday-"


@dataclass
class ClosedDayView:
    """A closed day.

    Attributes:
        untranslated: Which languages lack the name of the day; empty if none does.
    """

    day: str = ""
    when: str = ""
    name: str = ""
    untranslated: str = ""


@dataclass
class HolidayView:
    """A public holiday, which is a closed day already or can become one.

    Attributes:
        names: Names of the holiday in other languages, by language code.
    """

    names: dict[str, str] = field(default_factory=dict[str, str])
    field: str = ""
    when: str = ""
    name: str = ""
    is_closed: bool = False


def holiday_country_options() -> list[OptionView]:
    """Return the countries whose public holidays are known, sorted by name."""
    known = closures.holiday_countries()
    return [it for it in name_options(code_lists.countries()) if it.value in known]


def holiday_region_options(country: str) -> list[OptionView]:
    """Return the parts of a country that have their own holidays, sorted by name."""
    options = name_options(closures.country_parts(country))
    return sorted(options, key=lambda option: option.label)


def holiday_year_options(today: date) -> list[OptionView]:
    """Return the years in which days can be closed."""
    years = range(today.year, today.year + closures.YEARS_AHEAD + 1)
    return [OptionView(str(year), str(year)) for year in years]


def closed_day_views(
    overview: ClosedDaysOverview, locale: Locale
) -> tuple[list[ClosedDayView], list[ClosedDayView]]:
    """Return two lists of closed days, earliest first: within a year, and later."""
    in_a_year = overview.today + timedelta(days=365)
    views = [(one.day <= in_a_year, _day_view(one, locale)) for one in overview.days]
    return [it for soon, it in views if soon], [it for soon, it in views if not soon]


def _day_view(closed: ClosedDay, locale: Locale) -> ClosedDayView:
    return ClosedDayView(
        day=closed.day.isoformat(),
        when=times.full_day_text(closed.day, locale),
        name=closed.name,
        untranslated=_untranslated_text(closed),
    )


def _untranslated_text(closed: ClosedDay) -> str:
    missing = untranslated_languages(closed.translations, "name")
    if not missing:
        return ""
    return say("closures.untranslated", languages=", ".join(missing))


def closed_day_texts(overview: ClosedDaysOverview | None, day: str) -> dict[str, str]:
    """Return the texts of the form of a closed day; none if the date is open."""
    days = overview.days if overview else ()
    known = next((it for it in days if it.day.isoformat() == day), None)
    return form_texts(FIELDS, known) if known else {}


def holiday_views(
    holidays: Iterable[PublicHoliday], locale: Locale
) -> list[HolidayView]:
    """Return the public holidays in words for the reader."""
    return [
        HolidayView(
            field=f"{HOLIDAY}{one.day.isoformat()}",
            when=times.long_day_text(one.day, locale),
            name=one.name,
            is_closed=one.closed,
            names={code: it["name"] for code, it in one.translations.items()},
        )
        for one in holidays
    ]


def closures_of_form(
    form: Mapping[str, Any], offered: Iterable[HolidayView]
) -> dict[date, DayName]:
    """Return the days to close with their names: one typed day, or ticked holidays.

    Raises:
        InvalidInputError: If the day cannot be read, or no holiday is ticked.
    """
    if "day" in form:
        typed = typed_values(FIELDS, form)
        return {typed["day"]: DayName(typed["day_name"], typed["translations"])}
    closures = {
        closed_day_of_key(one.field.removeprefix(HOLIDAY)): DayName(
            one.name, {code: {"name": name} for code, name in one.names.items()}
        )
        for one in offered
        if one.field in form
    }
    if not closures:
        raise InvalidInputError({"holidays": say("closures.holidays.needed")})
    return closures


def closure_errors_by_field(errors: Mapping[str, str]) -> dict[str, str]:
    """Return the error messages by the field names of the page."""
    names = {"name": "day_name", "country": "calendar"}
    names |= {f"name-{code}": f"day_name-{code}" for code in other_languages()}
    return {names.get(name, name): sentence for name, sentence in errors.items()}


def closed_day_of_key(typed: str) -> date:
    """Return a date written as ``2026-11-26``.

    Raises:
        InvalidInputError: If the text is not such a date.
    """
    try:
        return parse_day(typed)
    except ValueError as error:
        raise InvalidInputError({"day": say("admin.day_needed")}) from error
