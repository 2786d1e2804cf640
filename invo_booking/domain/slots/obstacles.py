"""Explain why an agent cannot take a span."""

from collections.abc import Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.slots.demand import collision_flags
from invo_booking.domain.slots.matching import Claim
from invo_booking.domain.slots.reasons import unread_reason
from invo_booking.domain.slots.rules import Rules
from invo_booking.domain.slots.schedules import AgentSchedules, Spans
from invo_booking.domain.wall import instant_at
from invo_booking.texts import say


def agent_obstacle(
    schedules: AgentSchedules,
    agent: int,
    claim: Claim,
    rules: Rules,
    branch_id: UUID | None = None,
) -> str:
    """Return why an agent cannot take a span; empty if the agent is free.

    Args:
        schedules: The agent's time around the span, without an appointment that is
            being moved.
        agent: Index of the agent.
        claim: The span with its buffers.
        rules: Rules with the current instant and the zone in which to name times.
        branch_id: Branch of a visit; ``None`` for calls.
    """
    if not schedules.is_worked(agent, claim.start, claim.end, branch_id):
        if schedules.is_worked(agent, claim.start, claim.end):
            return say("reasons.agent.elsewhere")
        return say("reasons.agent.off_duty")
    for clock in _obstacles_in_order(schedules.own, agent, claim, rules.zone):
        return say("reasons.agent.appointment", time=clock)
    for clock in _obstacles_in_order(schedules.outside, agent, claim, rules.zone):
        return say("reasons.agent.busy", time=clock)
    reading = schedules.agent_index.readings[agent]
    if reading and not reading.is_known(rules.now):
        name = schedules.agent_index.members[agent].name
        reason = unread_reason(name, reading, rules.now)
        return say("reasons.agent.unknown", why=reason)
    return ""


def _obstacles_in_order(
    spans: Spans, agent: int, claim: Claim, zone: ZoneInfo
) -> Iterator[str]:
    """Yield the times of colliding spans, such as ``09:00-09:30``, earliest first."""
    there = np.flatnonzero((spans.agent == agent) & collision_flags(spans, claim))
    for start, end in sorted(
        zip(spans.start[there].tolist(), spans.end[there].tolist(), strict=True)
    ):
        clocks = [instant_at(it).astimezone(zone) for it in (start, end)]
        yield f"{clocks[0]:%H:%M}-{clocks[1]:%H:%M}"
