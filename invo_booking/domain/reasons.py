"""Why a start is closed: exact words for staff, kind ones for the public."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Rule(StrEnum):
    """Every rule that can close a start; the names are stable."""

    OFF_GRID = "off_grid"
    PAST = "past"
    TOO_EARLY = "too_early"
    BEYOND_HORIZON = "beyond_horizon"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    NOBODY_DESIGNATED = "nobody_designated"
    OUTSIDE_HOURS = "outside_hours"
    AGENTS_BUSY = "agents_busy"
    PERCENT = "percent"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that closes a start.

    Attributes:
        sentence: What staff read.
        detail: What the sentence is about, such as the holiday's name; may be empty.
    """

    rule: Rule
    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What sentences about a start are made of; instants are in the zone to tell.

    Attributes:
        step: Distance between starts.
        earliest: First instant that may be booked.
        latest: First instant beyond the horizon.
        holidays: Names of the holidays the span touches.
        serving: Agents of the queue and language.
        designated: Those of them on duty for the whole span.
        free: Those of the designated who are free.
        percent: Share of the designated that must be free.
    """

    start: datetime
    step: timedelta
    earliest: datetime
    latest: datetime
    holidays: tuple[str, ...]
    serving: int
    designated: int
    free: int
    percent: int


def explain(rule: Rule, facts: Facts) -> Reason:
    """Return why a rule closes a start, with its figures, for staff."""
    detail = ", ".join(facts.holidays) if rule is Rule.HOLIDAY else ""
    return Reason(rule, _SENTENCES[rule](facts), detail)


_TAKEN = "This time has just been taken."
_POLITE = {
    Rule.OFF_GRID: "We have no appointment that starts at this time.",
    Rule.PAST: "This time has already passed.",
    Rule.TOO_EARLY: "This time is too soon for us. Please pick a later one.",
    Rule.BEYOND_HORIZON: "We do not plan that far ahead. Please pick an earlier time.",
    Rule.WEEKEND: "We are closed at the weekend.",
    Rule.HOLIDAY: "We are closed on this day.",
    Rule.NOBODY_DESIGNATED: "Nobody can help with this in the language you chose.",
    Rule.OUTSIDE_HOURS: "Nobody is here to help you at this time.",
    Rule.AGENTS_BUSY: _TAKEN,
    Rule.PERCENT: _TAKEN,
    Rule.CAPACITY: _TAKEN,
}


_SENTENCES: dict[Rule, Callable[[Facts], str]] = {
    Rule.OFF_GRID: lambda it: (
        f"Appointments start every {it.step // timedelta(minutes=1)} minutes"
        " from midnight."
    ),
    Rule.PAST: lambda _: "This time has already passed.",
    Rule.TOO_EARLY: lambda it: f"Before the earliest time, {_when(it.earliest)}.",
    Rule.BEYOND_HORIZON: lambda it: (
        f"Beyond the last day that can be booked: it ends {_when(it.latest)}."
    ),
    Rule.WEEKEND: lambda _: "Weekends are switched off.",
    Rule.HOLIDAY: lambda it: f"Closed for {', '.join(it.holidays)}.",
    Rule.NOBODY_DESIGNATED: lambda _: "No agent serves this queue in this language.",
    Rule.OUTSIDE_HOURS: lambda it: (
        f"Outside working hours: none of {_agents(it.serving)} is on duty throughout."
    ),
    Rule.AGENTS_BUSY: lambda it: f"All of {_agents(it.designated)} on duty are busy.",
    Rule.PERCENT: lambda it: (
        f"Only {it.free} of {_agents(it.designated)} on duty free, fewer than the"
        f" {it.percent} percent that must be."
    ),
    Rule.CAPACITY: lambda it: (
        f"Free: {it.free} of {_agents(it.designated)} on duty, but needed for"
        " unassigned appointments."
    ),
}


def polite(reasons: Sequence[Reason]) -> str:
    """Return what a customer reads about a closed start; empty if it is open.

    Only the first reason is told, and never how many agents there are.
    """
    if not reasons:
        return ""
    first = reasons[0]
    if first.rule is Rule.HOLIDAY and first.detail:
        return f"We are closed for {first.detail}."
    return _POLITE[first.rule]


def _agents(count: int) -> str:
    return "1 agent" if count == 1 else f"{count} agents"


def _when(instant: datetime) -> str:
    return f"{instant:%A} {instant.day} {instant:%B} at {instant:%H:%M}"
