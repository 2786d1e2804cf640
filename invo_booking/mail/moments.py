"""Format instants in a reader's zone and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    get_timezone_gmt,
)

from invo_booking.domain.interval import Interval
from invo_booking.mail.zone_names import mail_zone_name


@dataclass(frozen=True, slots=True)
class Clock:
    """Formats dates and times in one zone and locale."""

    zone: ZoneInfo
    locale: Locale

    def day(self, at: datetime) -> str:
        """Return a date such as ``"Tuesday, November 24, 2026"``."""
        return format_date(at.astimezone(self.zone), "full", self.locale)

    def short_day(self, at: datetime) -> str:
        """Return a date such as ``"Tue, Nov 24"``."""
        return format_skeleton("MMMEd", at, self.zone, locale=self.locale)

    def time(self, at: datetime) -> str:
        """Return a time such as ``"10:15 AM"``.

        In the hour that repeats when clocks go back, the offset is added to the time.
        """
        text = _with_plain_spaces(format_time(at, "short", self.zone, self.locale))
        return f"{text} ({self.offset(at)})" if self._comes_twice(at) else text

    def span(self, period: Interval) -> str:
        """Return a span such as ``"10:15 - 10:45 AM"``, with the language's dash.

        If the clocks change between start and end, or start or end is in the hour that
        repeats, the offset is added to both times.
        """
        comes_twice = self._comes_twice(period.start) or self._comes_twice(period.end)
        if comes_twice or self._offset_changes(period):
            return f"{self._exact(period.start)} \u2013 {self._exact(period.end)}"
        skeleton = "hm" if self._has_two_halves() else "Hm"
        start, end = period.start, period.end
        text = format_interval(
            start, end, skeleton, tzinfo=self.zone, locale=self.locale
        )
        return _with_plain_spaces(text)

    def place(self, at: datetime) -> str:
        """Return a zone such as ``"Central Standard Time (Chicago)"``."""
        return mail_zone_name(at, self.zone, self.locale)

    def offset(self, at: datetime) -> str:
        """Return an offset such as ``"GMT-05:00"``."""
        return get_timezone_gmt(at.astimezone(self.zone), locale=self.locale)

    def language(self, code: str) -> str:
        """Return a language's name; empty for an unknown code."""
        names = cast("Mapping[str, str]", self.locale.languages)
        name = names.get(code, "")
        return name[:1].upper() + name[1:]

    def same_day(self, one: datetime, other: datetime) -> bool:
        """Whether both instants are on the same date in this zone."""
        here = (one.astimezone(self.zone), other.astimezone(self.zone))
        return here[0].date() == here[1].date()

    def agrees(self, other: "Clock", period: Interval) -> bool:
        """Whether two clocks show the same time at both ends of a span."""
        return all(
            _utc_offset(self.zone, at) == _utc_offset(other.zone, at)
            for at in (period.start, period.end)
        )

    def _exact(self, at: datetime) -> str:
        text = _with_plain_spaces(format_time(at, "short", self.zone, self.locale))
        return f"{text} ({self.offset(at)})"

    def _comes_twice(self, at: datetime) -> bool:
        here = at.astimezone(self.zone)
        first, second = here.replace(fold=0), here.replace(fold=1)
        first_offset, second_offset = first.utcoffset(), second.utcoffset()
        return (first_offset or timedelta()) > (second_offset or timedelta())

    def _offset_changes(self, period: Interval) -> bool:
        before, after = period.start, period.end
        return _utc_offset(self.zone, before) != _utc_offset(self.zone, after)

    def _has_two_halves(self) -> bool:
        pattern = str(self.locale.time_formats["short"])
        return "a" in pattern or "b" in pattern.lower()


def mail_reader_clock(zone: str, locale: Locale, *, other_zone: str = "UTC") -> Clock:
    """Return the clock of a reader in this zone with this locale.

    If the zone is unknown, ``other_zone`` is used; if that zone is unknown too, UTC.
    """
    return Clock(_zone(zone) or _zone(other_zone) or ZoneInfo("UTC"), locale)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _utc_offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _with_plain_spaces(text: str) -> str:
    """Return ``text`` with CLDR's thin spaces replaced by spaces of normal width.

    A narrow no-break space becomes a no-break space.
    """
    return text.replace("\u2009", " ").replace("\u202f", "\u00a0")
