"""Events as Google writes them."""

import base64
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.google.calendars import Calendar, Entry
from tests.support.google.instants import write_moment

STATED = (
    "summary",
    "description",
    "location",
    "transparency",
    "visibility",
    "attendees",
    "extendedProperties",
    "conferenceData",
    "hangoutLink",
    "guestsCanModify",
    "guestsCanInviteOthers",
)
"""What is repeated as it was written."""


def etag_of(entry: Entry) -> str:
    """Return the version of an event, with its quotes."""
    return f'"{3_000_000_000_000_000 + entry.etag}"'


def event_json(calendar: Calendar, entry: Entry, zone_name: str = "") -> dict[str, Any]:
    """Return an event as Google writes it, on the clock of its calendar or a zone."""
    zone = ZoneInfo(zone_name or calendar.zone)
    link = base64.urlsafe_b64encode(f"{entry.id} {calendar.id}".encode()).decode()
    found: dict[str, Any] = {
        "kind": "calendar#event",
        "etag": etag_of(entry),
        "id": entry.id,
        "status": entry.status,
        "htmlLink": f"https://www.google.com/calendar/event?eid={link}",
        "created": f"{entry.created:%Y-%m-%dT%H:%M:%S}.000Z",
        "updated": f"{entry.updated:%Y-%m-%dT%H:%M:%S}.{entry.updated:%f}"[:23] + "Z",
        **{name: entry.fields[name] for name in STATED if name in entry.fields},
        "creator": {"email": entry.organizer},
        "organizer": {"email": calendar.id, "displayName": calendar.summary},
        "start": write_moment(entry.start, zone, entry.zones[0]),
        "end": write_moment(entry.end, zone, entry.zones[1]),
        "iCalUID": f"{entry.series or entry.id}@google.com",
        "sequence": entry.sequence,
        "reminders": {"useDefault": True},
        "eventType": entry.fields.get("eventType", "default"),
    }
    if entry.repeats > 1:
        found["recurrence"] = [f"RRULE:FREQ=WEEKLY;COUNT={entry.repeats}"]
    if entry.series:
        found["recurringEventId"] = entry.series
        found["originalStartTime"] = found["start"]
    return found
