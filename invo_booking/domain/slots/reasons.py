"""Explain why a start is closed, in detail for staff and briefly for customers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from invo_booking.domain.slots.supply import READING_LIMIT, CalendarFreshness
from invo_booking.domain.wall import MINUTE
from invo_booking.texts import count, say
from invo_booking.texts.dates import clock_text, day_text


class ClosingRule(StrEnum):
    """The rules that can close a start, most important first; the names are stable."""

    OFF_GRID = "off_grid"
    PAST = "past"
    EARLIEST_DAY = "earliest_day"
    DISABLED_WINDOW = "disabled_window"
    BEYOND_HORIZON = "beyond_horizon"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED_HOURS = "closed_hours"
    NOBODY_DESIGNATED = "nobody_designated"
    OUTSIDE_HOURS = "outside_hours"
    AGENTS_BUSY = "agents_busy"
    BUFFERS = "buffers"
    CALENDAR_UNKNOWN = "calendar_unknown"
    PERCENT = "percent"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that closes a start.

    Attributes:
        sentence: The sentence for staff.
        detail: What exactly closes the start, such as a holiday's name; may be empty.
    """

    rule: ClosingRule
    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonFacts:
    """Values for sentences about a start; instants are in the zone for display.

    Each designated agent on duty is counted once: in ``free``, ``booked``, ``busy``,
    ``buffered`` or ``unknown``.

    Attributes:
        step: Distance between starts.
        earliest_day: Beginning of the first bookable day.
        window_ends: First instant after the disabled window.
        disabled_window: Time from now in which no start is open.
        latest: First instant beyond the booking horizon.
        holidays: Names of the holidays that the appointment would touch.
        opening: Opening hours of the day, such as ``09:00-17:00``; empty if closed all
            day.
        serving: Number of agents of the queue and language.
        designated: Number of these agents on duty for the whole appointment.
        free: Number of designated agents who are free.
        percent: Share of the designated agents that must be free, in percent.
        booked: Number of designated agents with another appointment at the time.
        busy: Number of designated agents busy only in their outside calendar.
        buffered: Number of designated agents who would be free without buffers.
        unknown: For each designated agent whose outside calendar was not read recently
            enough, the sentence of ``unread_reason``.
        data_age: Time since the oldest reading that counts; ``None`` if no outside
            calendar counts.
        limit: Age up to which a reading of an outside calendar counts.
    """

    step: timedelta
    earliest_day: datetime
    window_ends: datetime
    disabled_window: timedelta
    latest: datetime
    percent: int
    holidays: tuple[str, ...] = ()
    opening: str = ""
    serving: int = 0
    designated: int = 0
    free: int = 0
    booked: int = 0
    busy: int = 0
    buffered: int = 0
    unknown: tuple[str, ...] = ()
    data_age: timedelta | None = None
    limit: timedelta = READING_LIMIT


def explain_rule(rule: ClosingRule, facts: ReasonFacts) -> Reason:
    """Return the reason for staff why a rule closes a start, with numbers."""
    detail = ""
    if rule is ClosingRule.HOLIDAY:
        detail = ", ".join(facts.holidays)
    elif rule is ClosingRule.CLOSED_HOURS:
        detail = facts.opening
    return Reason(rule, _SENTENCES[rule](facts), detail)


def unread_reason(name: str, reading: CalendarFreshness, now: datetime) -> str:
    """Return a sentence for staff: why an agent's outside calendar does not count."""
    why = f": {reading.problem.rstrip('.')}" if reading.problem else ""
    if reading.read_at is None:
        return say("reasons.unread.never", name=name, why=why)
    return say(
        "reasons.unread.last",
        name=name,
        age=age_in_words(now - reading.read_at),
        why=why,
    )


_TAKEN = "slots.customer.taken"
_TOO_SOON = "slots.customer.too_soon"
_POLITE = {
    ClosingRule.OFF_GRID: "slots.customer.off_grid",
    ClosingRule.PAST: "slots.past",
    ClosingRule.EARLIEST_DAY: _TOO_SOON,
    ClosingRule.DISABLED_WINDOW: _TOO_SOON,
    ClosingRule.BEYOND_HORIZON: "slots.customer.too_far",
    ClosingRule.WEEKEND: "slots.customer.weekend",
    ClosingRule.HOLIDAY: "slots.customer.closed",
    ClosingRule.CLOSED_HOURS: "slots.customer.closed_hours",
    ClosingRule.NOBODY_DESIGNATED: "slots.customer.language",
    ClosingRule.OUTSIDE_HOURS: "slots.customer.nobody",
    ClosingRule.AGENTS_BUSY: _TAKEN,
    ClosingRule.BUFFERS: _TAKEN,
    ClosingRule.CALENDAR_UNKNOWN: "slots.customer.unknown",
    ClosingRule.PERCENT: _TAKEN,
    ClosingRule.CAPACITY: _TAKEN,
}


_SENTENCES: dict[ClosingRule, Callable[[ReasonFacts], str]] = {
    ClosingRule.OFF_GRID: lambda it: say("reasons.off_grid", minutes=it.step // MINUTE),
    ClosingRule.PAST: lambda _: say("slots.past"),
    ClosingRule.EARLIEST_DAY: lambda it: say(
        "reasons.earliest_day", day=day_text(it.earliest_day)
    ),
    ClosingRule.DISABLED_WINDOW: lambda it: say(
        "reasons.window",
        window=age_in_words(it.disabled_window),
        until=_when(it.window_ends),
    ),
    ClosingRule.BEYOND_HORIZON: lambda it: say(
        "reasons.horizon", until=_when(it.latest)
    ),
    ClosingRule.WEEKEND: lambda _: say("reasons.weekend"),
    ClosingRule.HOLIDAY: lambda it: say("reasons.holiday", days=", ".join(it.holidays)),
    ClosingRule.CLOSED_HOURS: lambda it: _closed_hours(it.opening),
    ClosingRule.NOBODY_DESIGNATED: lambda _: say("reasons.nobody"),
    ClosingRule.OUTSIDE_HOURS: lambda it: say(
        "reasons.off_duty", agents=_agents(it.serving)
    ),
    ClosingRule.AGENTS_BUSY: lambda it: say(
        "reasons.busy", agents=_agents(it.designated), why=_busy(it)
    ),
    ClosingRule.BUFFERS: lambda it: say(
        "reasons.buffers", free=it.buffered, agents=_agents(it.designated)
    ),
    ClosingRule.CALENDAR_UNKNOWN: lambda it: say(
        "reasons.unknown",
        unknown=len(it.unknown),
        agents=_agents(it.designated),
        limit=age_in_words(it.limit),
        names=_some(it.unknown),
    ),
    ClosingRule.PERCENT: lambda it: say(
        "reasons.percent",
        free=it.free,
        agents=_agents(it.designated),
        percent=it.percent,
        more=_but(it),
    ),
    ClosingRule.CAPACITY: lambda it: say(
        "reasons.capacity", free=it.free, agents=_agents(it.designated)
    ),
}


def customer_sentence(reasons: Sequence[Reason]) -> str:
    """Return a sentence for customers: why a start is closed; empty if it is open.

    The sentence gives only the first reason and no numbers of agents.
    """
    if not reasons:
        return ""
    first = reasons[0]
    if first.rule is ClosingRule.HOLIDAY and first.detail:
        return say("slots.customer.holiday", days=first.detail)
    return say(_POLITE[first.rule])


_NAMED = 3


def _closed_hours(opening: str) -> str:
    if not opening:
        return say("reasons.closed_weekday")
    return say("reasons.closed_hours", hours=opening)


def _busy(it: ReasonFacts) -> str:
    booked = count("reasons.booked", it.booked) if it.booked else ""
    if not it.busy:
        return booked
    busy = count("reasons.own_calendar", it.busy, age=_by_data(it))
    return say("reasons.both", booked=booked, busy=busy) if booked else busy


def _by_data(it: ReasonFacts) -> str:
    if it.data_age is None:
        return ""
    age = age_in_words(it.data_age)
    if it.data_age >= MINUTE:
        return say("reasons.data_at_most", age=age)
    return say("reasons.data", age=age)


def _but(it: ReasonFacts) -> str:
    names = _some(it.unknown)
    unknown = say("reasons.but_unknown", names=names) if it.unknown else ""
    if not it.busy:
        return unknown
    return say("reasons.but_busy", busy=it.busy, age=_by_data(it)) + unknown


def _some(names: Sequence[str]) -> str:
    more = (
        [say("reasons.more", count=len(names) - _NAMED)] if len(names) > _NAMED else []
    )
    return ", ".join([*names[:_NAMED], *more])


def _agents(number: int) -> str:
    return count("reasons.agents", number)


_AGES = (
    (1440, "reasons.age.days"),
    (60, "reasons.age.hours"),
    (1, "reasons.age.minutes"),
)


def age_in_words(span: timedelta) -> str:
    """Return a duration in its largest unit, such as ``4 minutes``."""
    minutes = span // MINUTE
    for length, key in _AGES:
        if minutes >= 2 * length or length == minutes == 1:
            return count(key, minutes // length)
    return say("reasons.age.short")


def _when(instant: datetime) -> str:
    return say("reasons.day_and_time", day=day_text(instant), time=clock_text(instant))
