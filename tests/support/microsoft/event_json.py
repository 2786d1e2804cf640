"""Events as Graph writes them, and what it reads when somebody writes one."""

from datetime import datetime, time
from typing import Any

from tests.support.microsoft.calendars import Calendars
from tests.support.microsoft.entries import Entry
from tests.support.microsoft.instants import instant, stamp, written
from tests.support.microsoft.people import Person
from tests.support.microsoft.wire import RefusalError

JOIN = "https://teams.example/l/meetup-join/"
NO_REPLY = {"response": "none", "time": "0001-01-01T00:00:00Z"}
READ_ONLY = {
    "id",
    "changeKey",
    "createdDateTime",
    "iCalUId",
    "isOrganizer",
    "lastModifiedDateTime",
    "onlineMeeting",
    "onlineMeetingUrl",
    "organizer",
    "responseStatus",
    "webLink",
}
SPECIAL = {"start", "end", "transactionId", "singleValueExtendedProperties"}


def event_json(world: Calendars, entry: Entry, zone: str) -> dict[str, Any]:
    """Return the whole event, its times on the clock of ``zone``."""
    fields = entry.fields
    online = {"joinUrl": JOIN + entry.uid[-32:]} if fields["isOnlineMeeting"] else None
    return {
        "@odata.etag": entry.etag,
        "id": entry.id,
        "createdDateTime": stamp(entry.created),
        "lastModifiedDateTime": stamp(entry.modified),
        "changeKey": entry.change_key,
        "transactionId": entry.transaction,
        "originalStartTimeZone": "UTC",
        "originalEndTimeZone": "UTC",
        "iCalUId": entry.uid,
        "hasAttachments": False,
        "isDraft": False,
        "isOrganizer": True,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "webLink": f"https://outlook.office365.com/owa/?itemid={entry.id}",
        "onlineMeetingUrl": None,
        "onlineMeeting": online,
        **fields,
        "start": event_time(entry, entry.start, zone),
        "end": event_time(entry, entry.end, zone),
        "organizer": {"emailAddress": _organizer(world, entry)},
        **entry.oddities,
    }


def event_time(entry: Entry, at: datetime, zone: str) -> dict[str, str]:
    """Return a time of an event; dates of an all-day event are midnights anywhere."""
    if entry.fields["isAllDay"]:
        return {**written(at, "UTC"), "timeZone": zone}
    return written(at, zone)


def read_event(body: Any) -> dict[str, Any]:
    """Return the fields of a request to write an event.

    Raises:
        RefusalError: If Graph would not read it.
    """
    if not isinstance(body, dict):
        raise RefusalError(400, "RequestBodyRead", "The request has no event in it.")
    fixed = sorted(READ_ONLY & body.keys())
    if fixed:
        raise RefusalError(
            400, "ErrorInvalidRequest", f"The property '{fixed[0]}' is read-only."
        )
    return body


def write(entry: Entry, body: dict[str, Any]) -> None:
    """Take over everything; replies stand as long as the time does.

    Raises:
        RefusalError: If start or end are unreadable or reversed.
    """
    was = entry.start, entry.end
    _write_times(entry, body)
    _write_fields(entry, body, is_moved=was != (entry.start, entry.end))


def _write_times(entry: Entry, body: dict[str, Any]) -> None:
    start = instant(body["start"]) if "start" in body else entry.start
    end = instant(body["end"]) if "end" in body else entry.end
    if end < start:
        raise RefusalError(
            400,
            "ErrorPropertyValidationFailure",
            "At least one property failed validation.",
        )
    if body.get("isAllDay", entry.fields["isAllDay"]) and not _is_whole(start, end):
        raise RefusalError(
            400,
            "ErrorInvalidRequest",
            "Event.Start property for an all-day event needs to be set to midnight.",
        )
    entry.start, entry.end = start, end


def _is_whole(start: datetime, end: datetime) -> bool:
    return start < end and all(it.time() == time() for it in (start, end))


def _write_fields(entry: Entry, body: dict[str, Any], *, is_moved: bool) -> None:
    replies = {} if is_moved else _replies(entry)
    entry.fields.update({k: v for k, v in body.items() if k not in SPECIAL})
    held = {it["id"]: it for it in entry.properties}
    given = {it["id"]: it for it in body.get("singleValueExtendedProperties", ())}
    entry.properties = list((held | given).values())
    entry.fields["bodyPreview"] = (entry.fields["body"].get("content") or "")[:255]
    entry.fields["attendees"] = [
        _attendee(given, replies) for given in entry.fields["attendees"]
    ]
    if entry.fields["isOnlineMeeting"]:
        entry.fields["onlineMeetingProvider"] = "teamsForBusiness"


def invite_the_house(world: Calendars, entry: Entry, creator: Person) -> None:
    """Add the group and who made the event, as the service does for group events."""
    group = world.group_of[entry.calendar]
    for address, name in ((group.mail, group.name), (creator.email, creator.name)):
        if not entry.attends(address):
            given = {"address": address, "name": name}
            entry.fields["attendees"].append(_attendee({"emailAddress": given}, {}))


def _replies(entry: Entry) -> dict[str, dict[str, str]]:
    return {
        attendee["emailAddress"]["address"].lower(): attendee["status"]
        for attendee in entry.fields["attendees"]
        if "status" in attendee
    }


def _attendee(
    given: dict[str, Any], replies: dict[str, dict[str, str]]
) -> dict[str, Any]:
    email = given["emailAddress"]
    return {
        "type": "required",
        **given,
        "status": replies.get(email["address"].lower(), NO_REPLY),
        "emailAddress": {"name": email["address"], **email},
    }


def _organizer(world: Calendars, entry: Entry) -> dict[str, str]:
    group = world.group_of.get(entry.calendar)
    if group is None:
        return {"name": entry.calendar, "address": entry.calendar}
    return {"name": group.name, "address": group.mail}
