"""What happened to an appointment, in sentences."""

from datetime import UTC, datetime

from invo_booking.domain.appointment import CancelledBy
from invo_booking.usecases.staff.detail import DetailHistoryEntry
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import ViewerContext

CUSTOMER = "customer"
SENTENCES = {
    "requested": "Requested on the web page",
    "held": "Requested on the web page, held until the customer makes room for it",
    "confirmed": "Confirmed by the customer",
    "expired": "Expired, because it was not confirmed in time",
    "completed": "Completed",
    "ended": "Ended",
    "reminded": "The customer was reminded by mail",
    "joined": "The customer joined",
    "running late": "The customer said they are running late",
}
REQUESTS = frozenset({"requested", "held"})
BY_STAFF = {
    "created": "{who} made it",
    "taken": "{who} took it",
    "given back": "{who} gave it back at once",
    "cancelled": "{who} cancelled it",
    "cancelled as late": "{who} cancelled it, because nobody came",
    "kept waiting": "{who} keeps waiting",
    "changed": "{who} changed it",
    "confirmation sent again": "{who} sent the confirmation again",
    "put back": "{who} had it moved back in the host calendar",
    "written again": "{who} had it written to the host calendar again",
}


def history_sentence(line: DetailHistoryEntry, viewer: ViewerContext) -> str:
    """Return one fact of an appointment's life in words."""
    who = "The customer" if line.actor == CUSTOMER else line.actor
    if "to" in line.detail:
        when = _when_text(line.detail["to"], viewer)
        return f"{who} moved it to {when}{_new_agent_text(line)}"
    if "agent" in line.detail and line.action == "changed":
        return _assignment_text(who, line)
    if line.detail.get("by") == CancelledBy.PROVIDER:
        return f"Cancelled, because it was deleted in {who}"
    usual = SENTENCES.get(line.action)
    told = usual or BY_STAFF.get(line.action, f"{line.action.title()}").format(who=who)
    return f"{told}{_first_assignment_text(line)}"


def _assignment_text(who: str, line: DetailHistoryEntry) -> str:
    agent, before = line.detail["agent"], line.detail.get("agent_before")
    if not agent:
        return f"{who} took it from {before}"
    return f"{who} gave it to {agent}"


def _first_assignment_text(line: DetailHistoryEntry) -> str:
    """Say who got a request, and by which rule."""
    agent = line.detail.get("agent") if line.action in REQUESTS else ""
    return f", given to {agent}. {line.detail['because']}" if agent else ""


def _new_agent_text(line: DetailHistoryEntry) -> str:
    """Say who has a moved appointment, where that is another agent now."""
    if "agent" not in line.detail:
        return ""
    agent, because = line.detail["agent"], line.detail.get("because")
    told = f", now with {agent}" if agent else ", now unassigned"
    return f"{told}. {because}" if because else told


def _when_text(text: str, viewer: ViewerContext) -> str:
    at = datetime.fromisoformat(text).astimezone(UTC)
    day = times.short_day(viewer.day(at), viewer.locale)
    return f"{day}, {viewer.clock(at)}"
