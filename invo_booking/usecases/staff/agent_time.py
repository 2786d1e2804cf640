"""Determine when an agent is not free, and describe the reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from invo_booking.domain.interval import Interval, merge_intervals, subtract_intervals
from invo_booking.domain.slots.reasons import (
    age_in_words,
    unread_reason,
)
from invo_booking.domain.slots.search import AgentSupply, Booking
from invo_booking.domain.wall import days_of
from invo_booking.texts import say
from invo_booking.usecases.slots import availability

SATURDAY = 5


class SpanKind(StrEnum):
    """The state of one part of a lane in the staff calendar."""

    OPEN = "open"
    SHUT = "shut"
    OFF = "off"
    TAKEN = "taken"
    BUSY = "busy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of a lane in the staff calendar, with the same state throughout.

    Attributes:
        starts_at: In UTC.
        ends_at: In UTC. A part ends at the latest at the institution's first midnight
            after ``starts_at``.
        word: The state in one or two words; may be empty.
        sentences: Reasons why this part is closed, most important first; empty if it is
            open.
    """

    kind: SpanKind
    starts_at: datetime
    ends_at: datetime
    word: str = ""
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The institution's closed dates, time zone and current time.

    Attributes:
        holidays: Names of closed days by date.
    """

    zone: ZoneInfo
    now: datetime
    holidays: Mapping[date, str]
    weekends_off: bool

    def closure_words(self, day: date) -> tuple[str, str]:
        """Return why a date is closed, as a word and as a sentence; empty if open."""
        if day in self.holidays:
            return self.holidays[day], say(
                "staff.agent_time.closed", holidays=self.holidays[day]
            )
        if self.weekends_off and day.weekday() >= SATURDAY:
            return say("staff.agent_time.weekend"), say("staff.agent_time.weekend_help")
        return "", ""

    def split(self, span: Interval) -> list[tuple[date, Interval]]:
        """Return the parts of a span, divided at the institution's midnights."""
        parts: list[tuple[date, Interval]] = []
        for day in days_of(span, self.zone):
            start = max(span.start, availability.plain_midnight(day, self.zone))
            past = availability.plain_midnight(day + timedelta(days=1), self.zone)
            if start < min(span.end, past):
                parts.append((day, Interval(start, min(span.end, past))))
        return parts

    def clocks(self, span: Interval) -> str:
        """Return a span in institution time, such as ``09:00-09:30``."""
        start, end = span.start.astimezone(self.zone), span.end.astimezone(self.zone)
        return f"{start:%H:%M}-{end:%H:%M}"


def unavailable_spans(
    calendar: AgentSupply, window: Interval, shown: Iterable[Interval], days: Days
) -> list[Span]:
    """Return the parts of a window in which an agent is not free, earliest first.

    The parts do not overlap. Where several reasons apply, appointments take precedence
    over the outside calendar, and the outside calendar over buffers.

    Args:
        calendar: The agent's duty, bookings and busy times around the window.
        window: Span to examine, in UTC.
        shown: Periods of appointments that the page shows as appointments. The result
            leaves these periods out.
        days: Closed dates and the current time.
    """
    spans, free = _off(calendar, window, days)
    free = _without(free, shown)
    for kind, cause, words in _causes(calendar, days):
        pieces = [piece for span in free for piece in _common(span, cause)]
        spans += [_span(kind, piece, *words) for piece in pieces]
        free = _without(free, [cause])
    if calendar.reading and not calendar.reading.is_known(days.now):
        reason = unread_reason(calendar.name, calendar.reading, days.now)
        words = (
            say("staff.agent_time.unknown"),
            say("staff.agent_time.unknown_help", reason=reason),
        )
        spans += [_span(SpanKind.UNKNOWN, piece, *words) for piece in free]
    return sorted(spans, key=lambda span: span.starts_at)


def _off(
    calendar: AgentSupply, window: Interval, days: Days
) -> tuple[list[Span], list[Interval]]:
    """Return the parts of a window outside working time, and those in working time."""
    off: list[Span] = []
    free: list[Interval] = []
    for day, part in days.split(window):
        word, sentence = days.closure_words(day)
        worked = [] if word else _inside(part, calendar.duty)
        off += [
            _span(
                SpanKind.OFF,
                gap,
                word or say("staff.agent_time.off_duty"),
                sentence or say("staff.agent_time.off_duty_help"),
            )
            for gap in subtract_intervals(part, worked)
        ]
        free += worked
    return off, free


def _causes(
    calendar: AgentSupply, days: Days
) -> Iterable[tuple[SpanKind, Interval, tuple[str, str]]]:
    bookings = sorted(calendar.booked, key=lambda it: it.period)
    for booking in bookings:
        words = (
            say("staff.agent_time.taken"),
            say(
                "staff.agent_time.taken_help",
                clocks=days.clocks(booking.period),
            ),
        )
        yield SpanKind.TAKEN, booking.period, words
    read_at = calendar.reading.read_at if calendar.reading else None
    read = (
        say("staff.agent_time.age", age_in_words=age_in_words(days.now - read_at))
        if read_at
        else ""
    )
    for span in merge_intervals(calendar.busy):
        sentence = say(
            "staff.agent_time.busy_help", clocks=days.clocks(span), read=read
        )
        yield SpanKind.BUSY, span, (say("staff.agent_time.busy"), sentence)
    for booking in bookings:
        yield from _around(booking, days)


def _around(
    booking: Booking, days: Days
) -> Iterable[tuple[SpanKind, Interval, tuple[str, str]]]:
    start, end = booking.period.start, booking.period.end
    clocks = days.clocks(booking.period)
    if booking.before:
        words = (
            say("staff.agent_time.buffer"),
            say("staff.agent_time.buffer_before_help", clocks=clocks),
        )
        yield SpanKind.TAKEN, Interval(start - booking.before, start), words
    if booking.after:
        words = (
            say("staff.agent_time.buffer"),
            say("staff.agent_time.buffer_after_help", clocks=clocks),
        )
        yield SpanKind.TAKEN, Interval(end, end + booking.after), words


def _span(kind: SpanKind, part: Interval, word: str, sentence: str) -> Span:
    return Span(
        kind=kind,
        starts_at=part.start,
        ends_at=part.end,
        word=word,
        sentences=(sentence,),
    )


def _without(free: Sequence[Interval], gone: Iterable[Interval]) -> list[Interval]:
    cut = merge_intervals(gone)
    return [piece for span in free for piece in subtract_intervals(span, cut)]


def _inside(part: Interval, spans: Iterable[Interval]) -> list[Interval]:
    return [piece for span in merge_intervals(spans) for piece in _common(part, span)]


def _common(one: Interval, other: Interval) -> list[Interval]:
    if not one.overlaps(other):
        return []
    return [Interval(max(one.start, other.start), min(one.end, other.end))]
