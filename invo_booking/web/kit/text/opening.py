"""Opening hours in words."""

from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.hours import Periods
from invo_booking.domain.opening import OpeningHours
from invo_booking.texts import page_language, say
from invo_booking.web.kit.text import times

_MONDAY = date(2024, 1, 1)
_WEEK = 7


def opening_hours_text(opening: OpeningHours, zone: ZoneInfo, locale: Locale) -> str:
    """Return opening hours in one sentence, with their time zone.

    Empty if there are no opening hours.
    """
    if not opening:
        return ""
    return say(
        "kit.opening.sentence",
        hours="; ".join(_day_texts(dict(opening), locale)),
        clock=say("kit.zones.place", city=times.zone_city(zone.key)),
    )


def opening_locale(country: str) -> Locale:
    """Return the page's language with the formats of an ISO 3166 country."""
    return times.locale_of(f"{page_language()}-{country}")


def _day_texts(weekly: dict[int, Periods], locale: Locale) -> list[str]:
    """Return the hours as texts; consecutive days with equal hours are joined."""
    first = times.first_day_of_week(_MONDAY, locale).weekday()
    days = [(first + shift) % _WEEK for shift in range(_WEEK)]
    groups = groupby(days, key=lambda day: weekly.get(day, ()))
    return [
        f"{_days_text(list(same), locale)} {_periods_text(periods, locale)}"
        for periods, same in groups
        if periods
    ]


def _days_text(days: list[int], locale: Locale) -> str:
    names = locale.days["stand-alone"]["abbreviated"]
    if len(days) == _WEEK:
        return say("kit.opening.daily")
    if len(days) == 1:
        return names[days[0]]
    return say("kit.times.days", start=names[days[0]], end=names[days[-1]])


def _periods_text(periods: Periods, locale: Locale) -> str:
    spans = [
        times.clock_span_text(
            datetime.combine(_MONDAY, begins), datetime.combine(_MONDAY, ends), locale
        )
        for begins, ends in periods
    ]
    return ", ".join(spans)
