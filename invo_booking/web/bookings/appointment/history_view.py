"""Describe the history of an appointment in sentences."""

from datetime import UTC, datetime

from invo_booking.domain.appointment import CancelledBy
from invo_booking.texts import say
from invo_booking.usecases.appointment.history import CUSTOMER, HOST_CALENDAR
from invo_booking.usecases.staff.detail import DetailHistoryEntry
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import ViewerContext

SENTENCES = {
    "requested": "history.requested",
    "held": "history.held",
    "confirmed": "history.confirmed",
    "expired": "history.expired",
    "completed": "history.completed",
    "ended": "history.ended",
    "reminded": "history.reminded",
    "joined": "history.joined",
    "running late": "history.running_late",
    "in time": "history.in_time",
}
REQUESTS = frozenset({"requested", "held"})
BY_STAFF = {
    "created": "history.by.created",
    "taken": "history.by.taken",
    "given back": "history.by.given_back",
    "cancelled": "history.by.cancelled",
    "cancelled as late": "history.by.cancelled_as_late",
    "kept waiting": "history.by.kept_waiting",
    "changed": "history.by.changed",
    "confirmation sent again": "history.by.confirmation_again",
    "put back": "history.by.put_back",
    "written again": "history.by.written_again",
    "staff joined": "history.by.joined",
}


PARTIES = {
    CUSTOMER: say("history.customer"),
    HOST_CALENDAR: say("history.host_calendar"),
}
"""Names of actors in the history who are not people of the institution."""


def appointment_history_sentence(
    line: DetailHistoryEntry, viewer: ViewerContext
) -> str:
    """Return a sentence about one entry of an appointment's history."""
    who = PARTIES.get(line.actor, line.actor)
    if "to" in line.detail:
        when = _when_text(line.detail["to"], viewer)
        return say("history.moved", who=who, when=when, agent=_new_agent_text(line))
    if "agent" in line.detail and line.action == "changed":
        return _assignment_text(who, line)
    if line.detail.get("by") == CancelledBy.PROVIDER:
        return say("history.deleted")
    return f"{_usual_sentence(line.action, who)}{_first_assignment_text(line)}"


def _usual_sentence(action: str, who: str) -> str:
    if action in SENTENCES:
        return say(SENTENCES[action])
    return say(BY_STAFF[action], who=who) if action in BY_STAFF else action.title()


def _assignment_text(who: str, line: DetailHistoryEntry) -> str:
    agent, before = line.detail["agent"], line.detail.get("agent_before")
    if not agent:
        return say("history.took_from", who=who, agent=before)
    return say("history.gave_to", who=who, agent=agent)


def _first_assignment_text(line: DetailHistoryEntry) -> str:
    """Return a sentence about the first agent, and the rule that chose the agent."""
    agent = line.detail.get("agent") if line.action in REQUESTS else ""
    return (
        say("history.given_by_rule", agent=agent, rule=line.detail["because"])
        if agent
        else ""
    )


def _new_agent_text(line: DetailHistoryEntry) -> str:
    """Return a sentence about the new agent of a moved appointment."""
    if "agent" not in line.detail:
        return ""
    agent, because = line.detail["agent"], line.detail.get("because")
    change = (
        say("history.now_with", agent=agent) if agent else say("history.now_unassigned")
    )
    if not because:
        return change
    return say("history.now_with_because", told=change, because=because)


def _when_text(text: str, viewer: ViewerContext) -> str:
    at = datetime.fromisoformat(text).astimezone(UTC)
    day = times.short_day_text(viewer.day(at), viewer.locale)
    return f"{day}, {viewer.clock(at)}"
