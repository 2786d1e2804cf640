"""Write days and times in the reader's time zone and formats.

The words are in the language of the page. The order of day and month, the 12-hour or
24-hour clock and the first day of the week follow the reader's region.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    get_timezone_location,
)

from invo_booking.domain.contact import known_zone
from invo_booking.texts import page_language, say

DEFAULT = "en_US"

_YEAR = re.compile(r"(\s'de')?[,\s]*\by+\b")
_SPACES = re.compile("[\u2009\u202f\u00a0]")
_BARE_OFFSET = re.compile(r"Etc/GMT([+-])([1-9]\d?)")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2}|\d{3})")


_MOST_OF_TAG = 35
"""Number of characters of a tag that are read (RFC 5646 section 4.4.1)."""


def locale_of(tag: str) -> Locale:
    """Return the page's language with the formats of a BCP 47 tag such as ``de-DE``.

    If Babel does not know the language in that region, the usual formats of the
    language apply; for English, those of the United States.
    """
    return _locale_in(page_language(), tag[:_MOST_OF_TAG])  # results are cached


@lru_cache(maxsize=256)
def _locale_in(language: str, tag: str) -> Locale:
    match = _TAG.match(tag)
    name = f"{language}_{match.group(1).upper()}" if match else language
    try:
        return Locale.parse(DEFAULT if name == "en" else name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT if language == "en" else language)


def browser_zone_of(name: str, fallback: str = "UTC") -> ZoneInfo:
    """Return the zone with an IANA name, or the zone ``fallback`` if it is unknown."""
    return ZoneInfo(known_zone(name, fallback))


def long_day_text(day: date, locale: Locale) -> str:
    """Return a day without its year, as in ``Tuesday 24 November``."""
    if "MMMMEEEEd" in locale.datetime_skeletons:
        return _with_plain_spaces(
            format_skeleton("MMMMEEEEd", _noon_of(day), locale=locale)
        )
    pattern = _YEAR.sub("", locale.date_formats["full"].pattern)
    return _with_plain_spaces(format_date(day, pattern, locale=locale))


def full_day_text(day: date, locale: Locale) -> str:
    """Return a day with its year, as in ``Tuesday, 24 November 2026``."""
    return _with_plain_spaces(format_date(day, "full", locale=locale))


def short_day_text(day: date, locale: Locale) -> str:
    """Return a short form of a day, as in ``Tue 24 Nov``."""
    return _with_plain_spaces(format_skeleton("MMMEd", _noon_of(day), locale=locale))


def short_day_text_with_year(day: date, locale: Locale) -> str:
    """Return a short form of a day with its year, as in ``24 Nov 2026``."""
    return _with_plain_spaces(format_date(day, "medium", locale=locale))


def day_and_month_text(day: date, locale: Locale) -> str:
    """Return a day without weekday and year, as in ``24 November``."""
    return _with_plain_spaces(format_skeleton("MMMMd", _noon_of(day), locale=locale))


def month_text(day: date, locale: Locale, *, short: bool = False) -> str:
    """Return the name of a day's month, without the year."""
    return format_date(day, "LLL" if short else "LLLL", locale=locale)


def months_text(first: date, last: date, locale: Locale) -> str:
    """Return the months from one day to another with their years."""
    if first.replace(day=1) == last.replace(day=1):
        return _with_plain_spaces(format_skeleton("yMMMM", first, locale=locale))
    span = format_interval(first, last, "yMMM", locale=locale)
    return _with_plain_spaces(span)


def clock_time_text(local: datetime, locale: Locale) -> str:
    """Return the wall time of a local instant, as in ``14:15`` or ``2:15 PM``.

    In an hour that occurs twice because clocks go back, the offset is added.
    """
    text = _with_plain_spaces(format_time(local, "short", locale=locale))
    return (
        f"{text} {zone_abbreviation(local)}" if is_repeated_wall_time(local) else text
    )


def clock_span_text(start: datetime, end: datetime, locale: Locale) -> str:
    """Return a span of wall times, as in ``14:15 to 14:45``."""
    return say(
        "kit.times.span",
        start=clock_time_text(start, locale),
        end=clock_time_text(end, locale),
    )


def moment_text(
    at: datetime | None, known: datetime, zone: ZoneInfo, locale: Locale
) -> str:
    """Return an instant's wall time, with its date unless ``known`` has the same date.

    Empty for ``None``.
    """
    if at is None:
        return ""
    local = at.astimezone(zone)
    text = clock_time_text(local, locale)
    if local.date() == known.astimezone(zone).date():
        return text
    return f"{short_day_text(local.date(), locale)}, {text}"


def zone_abbreviation(local: datetime) -> str:
    """Return the zone's short name at an instant: ``CST``, or ``UTC+3``."""
    name = local.tzname() or "UTC"
    if not name.startswith(("+", "-")):
        return name
    hours, minutes = name[:3], name[3:]
    return f"UTC{hours[0]}{int(hours[1:])}" + (f":{minutes}" if minutes else "")


def zone_label(zone: ZoneInfo, at: datetime) -> str:
    """Return the name of a zone at an instant, as in ``Chicago time (CST)``."""
    if zone.key in {"UTC", "Etc/UTC"}:
        return "UTC"
    if _BARE_OFFSET.fullmatch(zone.key):
        return zone_city(zone.key)
    return say(
        "kit.times.zone",
        city=zone_city(zone.key),
        abbreviation=zone_abbreviation(at.astimezone(zone)),
    )


def zone_city(zone: str) -> str:
    """Return the city after which a zone is named, as in ``Chicago``.

    For a zone that is only an offset, return the offset, as in ``UTC+2`` for
    ``Etc/GMT-2``.
    """
    return _zone_city_in(page_language(), zone)


@lru_cache(maxsize=4096)
def _zone_city_in(language: str, zone: str) -> str:
    if westward := _BARE_OFFSET.fullmatch(zone):
        sign, hours = westward.groups()
        return f"UTC{'-' if sign == '+' else '+'}{hours}"
    place = get_timezone_location(zone, locale=language, return_city=True)
    return (place or zone).rpartition("/")[2].replace("_", " ")


def first_weekday(month: date, locale: Locale) -> date:
    """Return the first day of the week in which a month begins."""
    return first_day_of_week(month.replace(day=1), locale)


def first_day_of_week(day: date, locale: Locale) -> date:
    """Return the first day of the week that contains a day."""
    return day - timedelta(days=(day.weekday() - locale.first_week_day) % 7)


def is_repeated_wall_time(local: datetime) -> bool:
    """Whether the wall time of a local instant occurs twice because clocks go back."""
    first, second = local.replace(fold=0), local.replace(fold=1)
    return (first.utcoffset() or timedelta()) > (second.utcoffset() or timedelta())


def _noon_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 a calendar day


def _with_plain_spaces(text: str) -> str:
    """Return the text with ordinary spaces, as search and screen readers need them."""
    return _SPACES.sub(" ", text)
