"""Explain why a start is closed, exactly for staff and briefly for customers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from invo_booking.domain.slots.supply import READING_LIMIT, CalendarFreshness
from invo_booking.domain.wall import MINUTE


class ClosingRule(StrEnum):
    """The rules that can close a start, most important first; the names are stable."""

    OFF_GRID = "off_grid"
    PAST = "past"
    EARLIEST_DAY = "earliest_day"
    DISABLED_WINDOW = "disabled_window"
    BEYOND_HORIZON = "beyond_horizon"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
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
        detail: For example the holiday's name; may be empty.
    """

    rule: ClosingRule
    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonFacts:
    """The facts for sentences about a start; instants are in the zone to show.

    Each agent on duty is counted in ``free``, ``booked``, ``busy``, ``buffered`` or
    ``unknown``.

    Attributes:
        step: Distance between starts.
        earliest_day: Beginning of the first bookable day.
        window_ends: First instant after the disabled window.
        disabled_window: Time from now in which no start is open.
        latest: First instant beyond the booking horizon.
        holidays: Names of the holidays the span touches.
        serving: Number of agents of the queue and language.
        designated: Number of these on duty for the whole span.
        free: Number of designated agents who are free.
        percent: Share of the designated agents that must be free.
        booked: Number of designated agents with an appointment in the span.
        busy: Number that have none but are busy in their own calendar.
        buffered: Number that would be free without buffers.
        unknown: Designated agents whose calendar is not known, with the reason as in
            ``unread_reason``.
        data_age: Age of the oldest known reading; ``None`` if no outside calendar
            counts.
        limit: How long a reading of a calendar is relied on.
    """

    step: timedelta
    earliest_day: datetime
    window_ends: datetime
    disabled_window: timedelta
    latest: datetime
    percent: int
    holidays: tuple[str, ...] = ()
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
    """Return why a rule closes a start, with figures, for staff."""
    detail = ", ".join(facts.holidays) if rule is ClosingRule.HOLIDAY else ""
    return Reason(rule, _SENTENCES[rule](facts), detail)


def unread_reason(name: str, reading: CalendarFreshness, now: datetime) -> str:
    """Return why an agent's calendar is not known, for staff."""
    why = f": {reading.problem.rstrip('.')}" if reading.problem else ""
    if reading.read_at is None:
        return f"{name} (never read{why})"
    return f"{name} (last read {age_in_words(now - reading.read_at)} ago{why})"


_TAKEN = "This time has just been taken."
_TOO_SOON = "This time is too soon for us. Please pick a later one."
_POLITE = {
    ClosingRule.OFF_GRID: "We have no appointment that starts at this time.",
    ClosingRule.PAST: "This time has already passed.",
    ClosingRule.EARLIEST_DAY: _TOO_SOON,
    ClosingRule.DISABLED_WINDOW: _TOO_SOON,
    ClosingRule.BEYOND_HORIZON: "We do not plan that far ahead. Please pick an earlier "
    "time.",
    ClosingRule.WEEKEND: "We are closed at the weekend.",
    ClosingRule.HOLIDAY: "We are closed on this day.",
    ClosingRule.NOBODY_DESIGNATED: "Nobody can help with this in the language you "
    "chose.",
    ClosingRule.OUTSIDE_HOURS: "Nobody is here to help you at this time.",
    ClosingRule.AGENTS_BUSY: _TAKEN,
    ClosingRule.BUFFERS: _TAKEN,
    ClosingRule.CALENDAR_UNKNOWN: (
        "We cannot say just now who is free at this time. Please pick another one."
    ),
    ClosingRule.PERCENT: _TAKEN,
    ClosingRule.CAPACITY: _TAKEN,
}


_SENTENCES: dict[ClosingRule, Callable[[ReasonFacts], str]] = {
    ClosingRule.OFF_GRID: lambda it: (
        f"Appointments start every {it.step // MINUTE} minutes from midnight."
    ),
    ClosingRule.PAST: lambda _: "This time has already passed.",
    ClosingRule.EARLIEST_DAY: lambda it: (
        f"Before the first day that can be booked, {_day(it.earliest_day)}."
    ),
    ClosingRule.DISABLED_WINDOW: lambda it: (
        f"Too soon: nothing can start within {age_in_words(it.disabled_window)} from"
        f" now, so not before {_when(it.window_ends)}."
    ),
    ClosingRule.BEYOND_HORIZON: lambda it: (
        f"Beyond the last day that can be booked: it ends {_when(it.latest)}."
    ),
    ClosingRule.WEEKEND: lambda _: "Weekends are switched off.",
    ClosingRule.HOLIDAY: lambda it: f"Closed for {', '.join(it.holidays)}.",
    ClosingRule.NOBODY_DESIGNATED: lambda _: (
        "No agent serves this queue in this language."
    ),
    ClosingRule.OUTSIDE_HOURS: lambda it: (
        f"Outside working hours: none of {_agents(it.serving)} is on duty throughout."
    ),
    ClosingRule.AGENTS_BUSY: lambda it: (
        f"Nobody is free: of {_agents(it.designated)} on duty {_busy(it)}."
    ),
    ClosingRule.BUFFERS: lambda it: (
        f"Too close to other appointments: {it.buffered} of"
        f" {_agents(it.designated)} on duty would be free without the time kept free"
        f" around appointments."
    ),
    ClosingRule.CALENDAR_UNKNOWN: lambda it: (
        f"{len(it.unknown)} of {_agents(it.designated)} on duty cannot be counted as"
        f" free, because the calendar was not read in the last"
        f" {age_in_words(it.limit)}: {_some(it.unknown)}."
    ),
    ClosingRule.PERCENT: lambda it: (
        f"Only {it.free} of {_agents(it.designated)} on duty free, fewer than the"
        f" {it.percent} percent that must be{_but(it)}."
    ),
    ClosingRule.CAPACITY: lambda it: (
        f"Free: {it.free} of {_agents(it.designated)} on duty, but needed for"
        " unassigned appointments."
    ),
}


def customer_sentence(reasons: Sequence[Reason]) -> str:
    """Return the customer's sentence about a closed start; empty if it is open.

    Gives only the first reason, and no number of agents.
    """
    if not reasons:
        return ""
    first = reasons[0]
    if first.rule is ClosingRule.HOLIDAY and first.detail:
        return f"We are closed for {first.detail}."
    return _POLITE[first.rule]


_NAMED = 3


def _busy(it: ReasonFacts) -> str:
    booked = f"{it.booked} {'has' if it.booked == 1 else 'have'} an appointment"
    busy = f"{it.busy} {'is' if it.busy == 1 else 'are'} busy in their own calendar"
    parts = [booked] * bool(it.booked) + [busy + _by_data(it)] * bool(it.busy)
    return " and ".join(parts)


def _by_data(it: ReasonFacts) -> str:
    if not it.busy or it.data_age is None:
        return ""
    most = "at most " if it.data_age >= MINUTE else ""
    return f" (data {most}{age_in_words(it.data_age)} old)"


def _but(it: ReasonFacts) -> str:
    unknown = f"; not known: {_some(it.unknown)}" if it.unknown else ""
    busy = f"; {it.busy} busy in their own calendar{_by_data(it)}" if it.busy else ""
    return busy + unknown


def _some(names: Sequence[str]) -> str:
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return ", ".join([*names[:_NAMED], *more])


def _agents(count: int) -> str:
    return "1 agent" if count == 1 else f"{count} agents"


def age_in_words(span: timedelta) -> str:
    """Return a duration in its largest unit, as in ``4 minutes``."""
    minutes = max(span // MINUTE, 0)
    for length, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= 2 * length or length == minutes == 1:
            count = minutes // length
            return f"1 {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"


def _day(instant: datetime) -> str:
    return f"{instant:%A} {instant.day} {instant:%B}"


def _when(instant: datetime) -> str:
    return f"{_day(instant)} at {instant:%H:%M}"
