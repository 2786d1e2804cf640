"""Events of the fake Google: listed, read, written, changed and deleted."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.google.calendars import Calendar, Calendars, Entry
from tests.support.google.event_json import etag_of, event_json
from tests.support.google.instants import read_bound, read_moment
from tests.support.google.people import Grant
from tests.support.google.wire import RefusalError, error_of_reason, invalid, not_found
from tests.support.vendor.wire import Call, Reply

EVENT_ID = re.compile(r"[a-v0-9]{5,1024}")
SEND_UPDATES = {"all", "externalOnly", "none"}
WRITABLE = {"owner", "writer"}
LONGEST_KEY, LONGEST_VALUE = 44, 1024


def list_events(state: Calendars, call: Call, calendar: Calendar) -> Reply:
    """Answer a list of a calendar, page by page."""
    query = call.query
    size = min(int(query.get("maxResults", "250")), 2500, state.page_limit)
    entries = [
        it for it in _entries_of(calendar, query) if _is_inside(it, calendar, query)
    ]
    if query.get("orderBy") == "startTime":
        if query.get("singleEvents") != "true":
            raise invalid(
                "The requested ordering is not available for the particular query."
            )
        zone = ZoneInfo(calendar.zone)
        entries.sort(key=lambda it: it.span(zone))
    first = _page_start(query.get("pageToken", ""))
    body: dict[str, Any] = {
        "kind": "calendar#events",
        "etag": '"p33c9x"',
        "summary": calendar.summary,
        "updated": "2027-01-01T00:00:00.000Z",
        "timeZone": query.get("timeZone") or calendar.zone,
        "accessRole": "owner",
        "defaultReminders": [],
        "items": [
            event_json(calendar, it, query.get("timeZone", ""))
            for it in entries[first : first + size]
        ],
    }
    if len(entries) > first + size:
        body["nextPageToken"] = f"page-{first + size}"
    else:
        body["nextSyncToken"] = secrets.token_hex(12)
    return Reply(body=body)


def _entries_of(calendar: Calendar, query: dict[str, str]) -> Iterable[Entry]:
    singly = query.get("singleEvents") == "true"
    deleted = query.get("showDeleted") == "true"
    for entry in calendar.entries.values():
        if entry.status != "cancelled" or deleted:
            yield from entry.instances() if singly else [entry]


def _is_inside(entry: Entry, calendar: Calendar, query: dict[str, str]) -> bool:
    start, end = entry.span(ZoneInfo(calendar.zone))
    end += timedelta(weeks=entry.repeats - 1)
    private = entry.fields.get("extendedProperties", {}).get("private", {})
    name, _, value = query.get("privateExtendedProperty", "").partition("=")
    return (
        ("timeMin" not in query or end > read_bound(query["timeMin"]))
        and ("timeMax" not in query or start < read_bound(query["timeMax"]))
        and (not name or private.get(name) == value)
    )


def _page_start(token: str) -> int:
    if not token:
        return 0
    if not re.fullmatch(r"page-\d+", token):
        raise invalid()
    return int(token.removeprefix("page-"))


def get_event(state: Calendars, call: Call, calendar: Calendar, name: str) -> Reply:
    """Answer one event; one that was deleted is still told for a time."""
    entry = _known(state, calendar, name)
    return Reply(body=event_json(calendar, entry, call.query.get("timeZone", "")))


def insert_event(
    state: Calendars, call: Call, calendar: Calendar, grant: Grant
) -> Reply:
    """Make an event, once for each id, also of one that was deleted since."""
    asked = _body(call)
    _check_guests(asked, grant)
    name = str(asked.get("id") or secrets.token_hex(13))
    if not EVENT_ID.fullmatch(name):
        raise invalid("Invalid resource id value.", "invalid")
    if name in calendar.entries:
        message = "The requested identifier already exists."
        raise RefusalError(409, "duplicate", message)
    end, end_zone = read_moment(asked.get("end"), "end")
    start, start_zone = read_moment(asked.get("start"), "start")
    entry = Entry(name, start, end, zones=(start_zone, end_zone))
    entry.organizer = grant.person.email
    _check_order(entry, calendar)
    _write(state, entry, asked, call)
    calendar.entries[name] = entry
    _tell(state, call, entry, "invitation")
    return Reply(body=event_json(calendar, state.touched(entry)))


def patch_event(
    state: Calendars, call: Call, calendar: Calendar, name: str, grant: Grant
) -> Reply:
    """Change what is named of an event; lists are replaced."""
    entry, asked = _known(state, calendar, name), _body(call)
    _check_version(call, entry)
    if entry.status == "cancelled" and asked.get("status") != "confirmed":
        raise RefusalError(403, "forbidden", "Forbidden")
    _check_guests(asked, grant)
    before = entry.start, entry.end, entry.fields.get("location")
    for which in ("start", "end"):
        if which in asked:
            moment, zone = read_moment(asked[which], which)
            setattr(entry, which, moment)
            entry.zones = (zone, zone)
    _check_order(entry, calendar)
    _write(state, entry, asked, call)
    entry.status = asked.get("status", entry.status)
    if before != (entry.start, entry.end, entry.fields.get("location")):
        entry.sequence += 1
    _tell(state, call, entry, "update")
    return Reply(body=event_json(calendar, state.touched(entry)))


def delete_event(state: Calendars, call: Call, calendar: Calendar, name: str) -> Reply:
    """Delete an event; nothing is left to delete the second time."""
    entry = _known(state, calendar, name)
    if entry.status == "cancelled":
        raise RefusalError(410, "deleted", "Resource has been deleted")
    _check_version(call, entry)
    _check_updates(call)
    entry.status = "cancelled"
    state.touched(entry)
    _tell(state, call, entry, "cancellation")
    return Reply(204)


def _known(state: Calendars, calendar: Calendar, name: str) -> Entry:
    entry = calendar.entries.get(name)
    if entry is None and "_" in name:
        entry = next((it for it in calendar.shown() if it.id == name), None)
    if entry is None or (state.is_forgetful and entry.status == "cancelled"):
        raise not_found()
    return entry


def _body(call: Call) -> dict[str, Any]:
    if not isinstance(call.body, dict):
        raise invalid("Parse Error", "parseError")
    _check_updates(call)
    return call.body


def _check_updates(call: Call) -> None:
    if call.query.get("sendUpdates", "all") not in SEND_UPDATES:
        raise invalid("Invalid value for: sendUpdates", "invalidParameter")


def _check_version(call: Call, entry: Entry) -> None:
    wanted = call.headers.get("if-match")
    if wanted not in {None, "*", etag_of(entry)}:
        raise RefusalError(412, "conditionNotMet", "Precondition Failed")


def _check_guests(asked: dict[str, Any], grant: Grant) -> None:
    acts_for_itself = grant.service_account == grant.person.email
    if asked.get("attendees") and acts_for_itself:
        refused = error_of_reason(403, "forbiddenForServiceAccounts")
        message = refused.body["error"]["message"]
        raise RefusalError(403, "forbiddenForServiceAccounts", message, "calendar")
    if any("email" not in guest for guest in asked.get("attendees") or ()):
        raise invalid("Missing attendee email.", "required")


def _check_order(entry: Entry, calendar: Calendar) -> None:
    if isinstance(entry.start, datetime) != isinstance(entry.end, datetime):
        raise invalid("Start and end times must either both be date or both dateTime.")
    start, end = entry.span(ZoneInfo(calendar.zone))
    if end < start:
        message = "The specified time range is empty."
        raise RefusalError(400, "timeRangeEmpty", message, "calendar")


def _write(state: Calendars, entry: Entry, asked: dict[str, Any], call: Call) -> None:
    for name, value in asked.items():
        if name in {"id", "start", "end", "status", "conferenceData"}:
            continue
        if name == "extendedProperties":
            _write_properties(entry, value)
        elif name == "attendees":
            entry.fields[name] = [
                {"responseStatus": "needsAction", **it} for it in value
            ]
        elif value is None:
            entry.fields.pop(name, None)
        else:
            entry.fields[name] = value
    if call.query.get("conferenceDataVersion") == "1" and "conferenceData" in asked:
        _write_meeting(state, entry, asked["conferenceData"])


def _write_properties(entry: Entry, given: dict[str, Any]) -> None:
    """Merge properties; keys that are too long are lost, and values are cut."""
    kept = entry.fields.setdefault("extendedProperties", {}).setdefault("private", {})
    for name, value in (given.get("private") or {}).items():
        if value is None:
            kept.pop(name, None)
        elif len(name) <= LONGEST_KEY:
            kept[name] = str(value)[:LONGEST_VALUE]


def _write_meeting(
    state: Calendars, entry: Entry, asked: dict[str, Any] | None
) -> None:
    if asked is None:
        entry.fields.pop("conferenceData", None)
        entry.fields.pop("hangoutLink", None)
        return
    request = asked["createRequest"]
    status = "success" if state.meets_at_once else "pending"
    made: dict[str, Any] = {
        "createRequest": {
            "requestId": request["requestId"],
            "conferenceSolutionKey": request["conferenceSolutionKey"],
            "status": {"statusCode": status},
        }
    }
    if state.meets_at_once:
        link = f"https://meet.google.com/{secrets.token_hex(5)}"
        made["conferenceId"] = link.rpartition("/")[2]
        made["entryPoints"] = [{"entryPointType": "video", "uri": link}]
        entry.fields["hangoutLink"] = link
    entry.fields["conferenceData"] = made


def _tell(state: Calendars, call: Call, entry: Entry, what: str) -> None:
    """Note who is written to."""
    if call.query.get("sendUpdates") == "all":
        guests = entry.fields.get("attendees") or ()
        state.mails += [(what, guest["email"]) for guest in guests]
