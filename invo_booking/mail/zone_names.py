"""Name time zones at an instant; the offset decides between standard and summer time.

``datetime.dst()`` is not used: in the zone database, Irish winter time is negative DST,
so names chosen by ``dst()`` would be wrong all year in Ireland.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import (
    get_timezone_gmt,
    get_timezone_location,
    get_timezone_name,
)

_Names = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Names of families of zones (CLDR's metazones), by family, width and season."""

_FORTNIGHT = timedelta(days=14)
"""Interval between the days at which offsets are read: shorter than the standard or
summer time of any zone."""

_FORTNIGHTS = 27


def mail_zone_name(at: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """Return a name such as ``"Central Standard Time (Chicago)"`` at an instant.

    If the language has no name for the zone, the name is made from the zone's country,
    or from the offset if the country has several zones: ``"GMT-03:00 (Coyhaique)"``.
    The city is not added if the name already contains the city.
    """
    local = at.astimezone(zone)
    has_place = "/" in zone.key and not zone.key.startswith("Etc/")
    offset = get_timezone_gmt(local, locale=locale)
    name = _seasonal(local, zone, locale)
    if name == offset and has_place:
        name = _of_country(zone, locale) or offset
    if not has_place:
        return name
    place = mail_zone_city(zone, locale)
    return name if place in name else f"{name} ({place})"


def mail_zone_city(zone: ZoneInfo, locale: Locale) -> str:
    """Return the place a zone is named after, such as ``"Chicago"``."""
    place = get_timezone_location(zone, locale=locale, return_city=True)
    return (place or zone.key).rpartition("/")[2].replace("_", " ")


def _seasonal(local: datetime, zone: ZoneInfo, locale: Locale) -> str:
    lowest, has_seasons = _year(zone, local.year)
    is_ahead = has_seasons and (local.utcoffset() or timedelta()) > lowest
    season = "daylight" if is_ahead else "standard"
    name = get_timezone_name(local, "long", locale=locale, zone_variant=season)
    if name != get_timezone_gmt(local, locale=locale):
        return name
    families = cast("_Names", locale.meta_zones)
    return families.get(_family(zone.key), {}).get("long", {}).get(season) or name


@lru_cache(maxsize=1024)
def _family(key: str) -> str:
    """Return the family of zones (CLDR's metazone) to which a zone belongs.

    Babel may list the zone under an old id. Empty if Babel does not list the zone.
    """
    families, renamed = get_global("meta_zones"), get_global("zone_aliases")
    now = renamed.get(key, key)
    former = sorted(old for old, new in renamed.items() if new == now)
    return next((families[old] for old in former if old in families), "")


def _of_country(zone: ZoneInfo, locale: Locale) -> str:
    key = get_global("zone_aliases").get(zone.key, zone.key)
    country = get_global("zone_territories").get(key, "")
    zones = get_global("territory_zones").get(country, [])
    if len(zones) != 1 or country not in locale.territories:
        return ""
    return get_timezone_location(zone, locale=locale)


@lru_cache(maxsize=1024)
def _year(zone: ZoneInfo, year: int) -> tuple[timedelta, bool]:
    """Return a zone's lowest offset in a year, and whether its clocks change then."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    days = [(first + n * _FORTNIGHT).astimezone(zone) for n in range(_FORTNIGHTS)]
    lowest = min(day.utcoffset() or timedelta() for day in days)
    return lowest, any(day.dst() for day in days)
