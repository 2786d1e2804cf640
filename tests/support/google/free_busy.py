"""When people are busy, as Google tells it: ranges, and no entries."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.google.calendars import Calendar, Calendars
from tests.support.google.instants import read_bound, rfc3339, zone_named
from tests.support.google.people import Grant
from tests.support.google.wire import RefusalError
from tests.support.vendor.wire import Call, Reply

LONGEST = timedelta(days=90)
Span = tuple[datetime, datetime]


def answer_free_busy(state: Calendars, call: Call, grant: Grant) -> Reply:
    """Answer a question about any number of calendars and groups."""
    asked = call.body if isinstance(call.body, dict) else {}
    start, end = read_bound(asked.get("timeMin")), read_bound(asked.get("timeMax"))
    _check_range(start, end)
    zone = zone_named(str(asked.get("timeZone") or "UTC"))
    names = [str(item.get("id", "")) for item in asked.get("items") or ()]
    groups, addresses = _expanded(state, names, asked)
    most = min(asked.get("calendarExpansionMax", 50), state.most_calendars)
    is_too_many = len(addresses) > most
    with_guests = state.with_guests()
    calendars = {
        name: _error("tooManyCalendarsRequested")
        if is_too_many
        else _calendar(state, name, grant, (start, end), zone, with_guests)
        for name in addresses
    }
    body: dict[str, Any] = {
        "kind": "calendar#freeBusy",
        "timeMin": _bound(start),
        "timeMax": _bound(end),
        "calendars": calendars,
    }
    return Reply(body=body | ({"groups": groups} if groups else {}))


def _check_range(start: datetime, end: datetime) -> None:
    if end <= start:
        message = "The specified time range is empty."
        raise RefusalError(400, "timeRangeEmpty", message, "calendar")
    if end - start > LONGEST:
        message = "The requested time range is too long."
        raise RefusalError(400, "timeRangeTooLong", message, "calendar")


def _expanded(
    state: Calendars, names: list[str], asked: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return the groups asked for, and all calendars, those of groups included."""
    groups: dict[str, Any] = {}
    addresses: list[str] = []
    for name in names:
        members = state.groups.get(name.lower())
        if members is None:
            addresses.append(name)
        elif len(members) > asked.get("groupExpansionMax", 100):
            groups[name] = {"errors": _error("groupTooBig")["errors"]}
        else:
            groups[name] = {"calendars": list(members)}
            addresses += members
    return groups, list(dict.fromkeys(addresses))


def _calendar(
    state: Calendars,
    name: str,
    grant: Grant,
    window: Span,
    zone: ZoneInfo,
    with_guests: list[Calendar],
) -> dict[str, Any]:
    reason = _why_closed(state, name, grant)
    if reason:
        return _error(reason)
    spans = _inside(
        state.busy_spans(name.lower(), with_guests), window, clips=state.clips
    )
    return {
        "busy": [
            {"start": rfc3339(start, zone), "end": rfc3339(end, zone)}
            for start, end in _merged(spans)
        ]
    }


def _why_closed(state: Calendars, name: str, grant: Grant) -> str:
    """Return the reason of an error; who sees nothing and who is not, look the same."""
    calendar = state.calendar(name)
    closed = state.closed.get(name.lower(), "")
    if closed in {"unknown", "hidden"} or calendar is None:
        return "notFound"
    person = grant.person
    shares = person.domain and name.lower().endswith(f"@{person.domain}")
    is_seen = shares or calendar.role(person.email)
    return closed if is_seen else "notFound"


def _error(reason: str) -> dict[str, Any]:
    return {"errors": [{"domain": "global", "reason": reason}], "busy": []}


def _inside(spans: Iterable[Span], window: Span, *, clips: bool) -> list[Span]:
    touching = [it for it in spans if it[0] < window[1] and it[1] > window[0]]
    if not clips:
        return touching
    return [(max(a, window[0]), min(b, window[1])) for a, b in touching]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _bound(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
