"""Find a time zone by what people call it: a place, a country, a name, an offset."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from babel.core import get_global

from invo_booking.domain.contact import plain_text, text_to_compare, time_zones
from invo_booking.texts import page_language, say
from invo_booking.web.kit.text.times import zone_city

_COMMON: Mapping[str, str] = {
    "kit.zones.eastern": "America/New_York",
    "kit.zones.central": "America/Chicago",
    "kit.zones.mountain": "America/Denver",
    "kit.zones.pacific": "America/Los_Angeles",
}
"""The zones that most people in the United States use; listed first."""

_SPOKEN: Mapping[str, str] = {
    "America/New_York": "eastern, us eastern, est, edt, et, florida, georgia usa, "
    "massachusetts, pennsylvania, virginia, north carolina, new jersey, ohio, "
    "michigan, washington, washington dc, boston, miami, atlanta, usa, us",
    "America/Chicago": "central, us central, cst, cdt, ct, illinois, texas, minnesota, "
    "wisconsin, missouri, louisiana, alabama, oklahoma, iowa, houston, dallas",
    "America/Denver": "mountain, us mountain, mst, mdt, mt, colorado, utah, "
    "new mexico, montana, wyoming",
    "America/Phoenix": "arizona",
    "America/Los_Angeles": "pacific, us pacific, pst, pdt, pt, california, nevada, "
    "oregon, washington state, san francisco, seattle, las vegas",
    "America/Anchorage": "alaska, akst, akdt",
    "Pacific/Honolulu": "hawaii, hst",
    "America/Halifax": "atlantic, ast, adt",
    "America/St_Johns": "newfoundland, nst, ndt",
    "America/Toronto": "canada, ontario, ottawa",
    "America/Sao_Paulo": "brazil, brasil, brt, brasilia, rio de janeiro",
    "America/Argentina/Buenos_Aires": "art",
    "Australia/Sydney": "australia, aest, aedt, canberra",
    "Australia/Adelaide": "acst, acdt",
    "Australia/Perth": "awst",
    "Pacific/Auckland": "nzst, nzdt, wellington",
    "Europe/London": "uk, great britain, britain, england, scotland, wales, bst",
    "Europe/Berlin": "cet, cest, met, central europe, central european, frankfurt, "
    "munich",
    "Europe/Bucharest": "eet, eest, eastern europe, eastern european",
    "Europe/Lisbon": "wet, west, western europe, western european",
    "Europe/Kyiv": "ukraine",
    "Europe/Moscow": "russia, msk",
    "Asia/Kolkata": "ist, bombay, mumbai, new delhi, delhi, bangalore, chennai",
    "Asia/Shanghai": "beijing, peking, shenzhen",
    "Asia/Tokyo": "jst, osaka",
    "Asia/Seoul": "kst",
    "Asia/Singapore": "sgt",
    "Asia/Hong_Kong": "hkt",
    "Asia/Dubai": "gst, abu dhabi, uae",
    "Africa/Johannesburg": "sast, cape town, pretoria",
    "Africa/Lagos": "wat",
    "Africa/Nairobi": "eat",
    "UTC": "gmt, utc, zulu, z, universal, coordinated universal, greenwich mean",
}
"""Further names of zones, besides their city, their country and their former names."""

_FRACTIONS: Mapping[int, str] = {
    -570: "Pacific/Marquesas",
    210: "Asia/Tehran",
    270: "Asia/Kabul",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    390: "Asia/Yangon",
    525: "Australia/Eucla",
    570: "Australia/Darwin",
}
"""Zones with a constant offset from UTC, by this offset in minutes."""

_OFFSET = re.compile(
    r"(?:utc|gmt)?\s*([+\-\u2212])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE
)
_FURTHEST = (-12, 14)
_SHORTEST_PART = 3
_APART = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"\u0142": "l", "\u00f8": "o", "\u0131": "i", "\u0111": "d"})


def zones_by_label() -> Mapping[str, str]:
    """Return IANA names by the label in the list of zones, as in ``Chicago time``."""
    return _zones_by_label(page_language())


@lru_cache(maxsize=8)
def _zones_by_label(_language: str) -> Mapping[str, str]:
    labels: dict[str, str] = {"UTC": "UTC"}
    for zone in sorted(_current_zones(), key=lambda name: (zone_city(name), name)):
        label = say("kit.zones.place", city=zone_city(zone))
        labels[label if label not in labels else f"{label}, {zone}"] = zone
    return labels


def zone_options() -> tuple[str, ...]:
    """Return the suggestions of a time zone field; ``find_zone`` accepts each."""
    return (*map(say, _COMMON), *zones_by_label())


def zone_label_of(zone: str) -> str:
    """Return the label of a zone in the list; ``find_zone`` accepts the label."""
    labels = {name: label for label, name in zones_by_label().items()}
    return labels.get(zone) or (zone_city(zone) if zone.startswith("Etc/GMT") else zone)


def find_zone(typed: str) -> str:
    """Return the IANA name for a typed or picked text; empty if unknown.

    Capitals, accents, hyphens and a trailing "time" make no difference. The first
    letters are enough if they match only one zone.
    """
    text = plain_text(typed).partition(" (")[0]
    if "/" in text and text in time_zones():
        return text
    if offset := _OFFSET.fullmatch(text):
        return _zone_at_offset(*offset.groups())
    words = _fold(text)
    zones = _zones_by_words()
    return zones.get(words) or zones.get(_strip_time(words)) or _only_zone(words)


def _zone_at_offset(sign: str, hours: str, minutes: str | None) -> str:
    ahead = 60 * int(hours) + int(minutes or 0)
    ahead = ahead if sign == "+" else -ahead
    if ahead % 60:
        return _FRACTIONS.get(ahead, "")
    hour = ahead // 60
    if not _FURTHEST[0] <= hour <= _FURTHEST[1]:
        return ""
    return f"Etc/GMT{-hour:+d}" if hour else "UTC"  # in this name, plus means west


def _only_zone(words: str) -> str:
    """Return the zone whose name begins with a text; empty unless exactly one does."""
    if len(words) < _SHORTEST_PART:
        return ""
    zones = {it for known, it in _zones_by_words().items() if known.startswith(words)}
    return zones.pop() if len(zones) == 1 else ""


def _zones_by_words() -> Mapping[str, str]:
    """Return zones by all their names, in English and in the language of the page."""
    return _zones_by_words_in(page_language())


@lru_cache(maxsize=8)
def _zones_by_words_in(language: str) -> Mapping[str, str]:
    """Return zones by all their names; of zones with the same name, the first."""
    zones: dict[str, str] = {}
    spoken = ((zone, text.split(", ")) for zone, text in _SPOKEN.items())
    _add_names(zones, spoken)
    _add_names(zones, zip(_COMMON.values(), ([say(it)] for it in _COMMON), strict=True))
    _add_names(zones, ((zone, [label]) for label, zone in zones_by_label().items()))
    _add_names(zones, ((zone, [zone_city(zone)]) for zone in zones_by_label().values()))
    for spoken_here in dict.fromkeys((language, "en")):
        countries = _zones_by_country(spoken_here).items()
        _add_names(zones, ((zone, [name]) for name, zone in countries))
    _add_names(zones, _former_names())
    return zones


def _add_names(
    zones: dict[str, str], named: Iterable[tuple[str, Iterable[str]]]
) -> None:
    for zone, names in named:
        for name in names:
            words = _fold(name)
            zones.setdefault(words, zone)
            zones.setdefault(_strip_time(words), zone)


def _former_names() -> Iterable[tuple[str, list[str]]]:
    """Return all current and former names of zones, and their last parts (``Kiev``)."""
    now = get_global("zone_aliases")
    for name in sorted(it for it in time_zones() if not it.startswith("Etc/")):
        zone = now.get(name, name)
        yield zone if zone in time_zones() else name, [name, name.rpartition("/")[2]]


def _zones_by_country(language: str) -> Mapping[str, str]:
    """Return the first zone of each country, which is the most populous zone."""
    names = Locale.parse(language).territories
    zones: dict[str, str] = {}
    for country, zone in _table_rows():
        zones.setdefault(names.get(country, country), zone)
    return zones


def _current_zones() -> frozenset[str]:
    """Return the current zones, without former names, groups and plain offsets."""
    return frozenset(zone for _, zone in _table_rows()) & time_zones()


@lru_cache(maxsize=1)
def _table_rows() -> tuple[tuple[str, str], ...]:
    """Return country and zone of each row in ``zone.tab`` of the time zone database."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line[:1] != "#")
    return tuple((row[0], row[2]) for row in rows)


def _strip_time(words: str) -> str:
    for ending in (" standard time", " daylight time", " summer time", " time"):
        if words.endswith(ending):
            return words.removesuffix(ending)
    return words


def _fold(text: str) -> str:
    """Return text in lower case without accents, with single spaces between words."""
    bare = unicodedata.normalize("NFKD", text_to_compare(text).translate(_LETTERS))
    letters = "".join(it for it in bare if not unicodedata.combining(it))
    return _APART.sub(" ", letters).strip()
