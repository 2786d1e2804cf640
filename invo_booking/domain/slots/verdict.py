"""Describe the results of an evaluation, with reasons in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from invo_booking.domain.slots.agents import AgentIndex
from invo_booking.domain.slots.evaluation import Evaluation
from invo_booking.domain.slots.reasons import (
    ClosingRule,
    Reason,
    ReasonFacts,
    explain_rule,
    unread_reason,
)
from invo_booking.domain.slots.rules import Rules
from invo_booking.domain.slots.supply import READING_LIMIT
from invo_booking.domain.wall import MINUTE, Minutes, instant_at
from invo_booking.domain.week import periods_in_words

_NAMES_AGENTS = frozenset({ClosingRule.CALENDAR_UNKNOWN, ClosingRule.PERCENT})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one start.

    Attributes:
        open: Whether the start can be booked.
        reasons: Every rule that closes the start, most important first.
        free: Number of designated agents who are free.
        designated: Number of designated agents on duty for the whole appointment.
        placeable: Agents who can take the start and are not needed for an unassigned
            appointment, ordered by id. Computed even if a rule closes the start.
    """

    open: bool
    reasons: tuple[Reason, ...]
    free: int
    designated: int
    placeable: tuple[UUID, ...]


class StartFinding(NamedTuple):
    """The verdict on one of many starts, without the placeable agents."""

    start: datetime
    open: bool
    reasons: tuple[Reason, ...]
    free: int
    designated: int


class StartReport:
    """The result of an evaluation, start by start.

    Args:
        agents: The agents by index.
        evaluation: The evaluation of the starts.
        starts: The starts, in minutes.
    """

    def __init__(
        self,
        rules: Rules,
        agents: AgentIndex,
        evaluation: Evaluation,
        starts: Minutes,
    ) -> None:
        self._rules = rules
        self._starts = starts
        self._findings = evaluation.findings()
        unread = agents.readings_of(evaluation.unknown)
        known = agents.readings_of(evaluation.known).values()
        read = [it.read_at for it in known if it.read_at]
        self._unread = {
            index: unread_reason(agents.members[index].name, it, rules.now)
            for index, it in unread.items()
        }
        self._basis = replace(
            rule_facts(rules),
            serving=int(evaluation.agents.sum()),
            data_age=rules.now - min(read) if read else None,
            limit=max((it.limit for it in unread.values()), default=READING_LIMIT),
        )
        self._explain = cache(explain_rule)

    def findings(self) -> list[StartFinding]:
        """Return the findings about all starts, earliest first."""
        return [
            self.finding(index, minute)
            for index, minute in enumerate(self._starts.tolist())
        ]

    def finding(self, index: int, minute: int) -> StartFinding:
        """Return the finding about one start."""
        closed = self._findings.closed
        rules = [rule for rule in ClosingRule if rule in closed and closed[rule][index]]
        return StartFinding(
            instant_at(minute),
            not rules,
            self._reasons(index, minute, rules),
            int(self._findings.free[index]),
            int(self._findings.designated[index]),
        )

    def _reasons(
        self, index: int, minute: int, rules: Sequence[ClosingRule]
    ) -> tuple[Reason, ...]:
        if not rules:
            return ()
        findings = self._findings
        facts = replace(
            self._basis,
            holidays=self._holidays(minute) if ClosingRule.HOLIDAY in rules else (),
            opening=self._opening(minute) if ClosingRule.CLOSED_HOURS in rules else "",
            designated=int(findings.designated[index]),
            free=int(findings.free[index]),
            booked=int(findings.booked[index]),
            busy=int(findings.busy[index]),
            buffered=int(findings.buffered[index]),
            unknown=() if _NAMES_AGENTS.isdisjoint(rules) else self._unknown(minute),
        )
        return tuple(self._explain(rule, facts) for rule in rules)

    def _unknown(self, minute: int) -> tuple[str, ...]:
        end = minute + self._rules.length_minutes
        agents = self._findings.unread.agents_with_room(minute, end).tolist()
        return tuple(self._unread[agent] for agent in agents)

    def _opening(self, minute: int) -> str:
        day = instant_at(minute).astimezone(self._rules.zone).weekday()
        periods = dict(self._rules.opening or ()).get(day)
        return periods_in_words(periods) if periods else ""

    def _holidays(self, minute: int) -> tuple[str, ...]:
        zone, start = self._rules.zone, instant_at(minute)
        day = start.astimezone(zone).date()
        last = (start + self._rules.length - MINUTE).astimezone(zone).date()
        return tuple(
            name
            for date, name in sorted(self._rules.holidays.items())
            if day <= date <= last
        )


def rule_facts(rules: Rules) -> ReasonFacts:
    """Return the facts that all starts share; the other facts keep their defaults."""
    return ReasonFacts(
        step=rules.step,
        earliest_day=rules.earliest_day.astimezone(rules.zone),
        window_ends=(rules.now + rules.disabled_window).astimezone(rules.zone),
        disabled_window=rules.disabled_window,
        latest=rules.latest.astimezone(rules.zone),
        percent=rules.percent,
    )
