"""Convert events between Google's form and ours.

Source:
    developers.google.com/workspace/calendar/api/v3/reference/events
"""

import html
import re
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import EventDraft, HostEvent, UnreadableEvent
from invo_booking.domain.calendars.provider_errors import EventUnreadableError
from invo_booking.providers.events import event_of_unreadable
from invo_booking.providers.google import times
from invo_booking.providers.written import written_text
from invo_booking.texts import say

OUR_KEY, WRITTEN = "invoAppointment", "invoWritten"
"""Private properties of an event: our key, and a record of what we wrote last."""

LONGEST_VALUE = 1_024
"""Largest number of characters in a property's value; Google truncates longer
values."""

_TIMES = "id,etag,iCalUID,status,start,end,recurringEventId,recurrence"
_MEETING = "hangoutLink,conferenceData/entryPoints"
FIELDS = f"{_TIMES},{_MEETING},extendedProperties/private"
"""Fields read of an event; title and description are not among them."""

_HTTPS = re.compile(r"https://\S+")


def event_name(key: UUID, tries: int = 0) -> str:
    """Return an event id in base32hex, because Google lets the client choose the id.

    The id of a deleted event cannot be used again, so there are several ids for each
    key.

    Args:
        key: Our key.
        tries: How many ids of this key are in use already.
    """
    return f"{key.hex}v{tries}" if tries else key.hex


def new_event_body(draft: EventDraft, name: str) -> dict[str, Any]:
    """Return the body of a new event."""
    return {
        "id": name,
        "summary": draft.subject,
        "description": body_text(draft),
        "location": draft.location,
        **time_fields(draft),
        "attendees": attendee_list(draft),
        "visibility": google_visibility(draft),
        "guestsCanModify": False,
        "guestsCanInviteOthers": False,
        "extendedProperties": google_marks(draft),
        **(meeting_fields(draft) if draft.online_meeting else {}),
    }


def google_visibility(draft: EventDraft) -> str:
    """Return Google's word for how much of the event others may see."""
    return "private" if draft.is_private else "default"


def time_fields(draft: EventDraft) -> dict[str, Any]:
    """Return start and end of a draft, for a new event."""
    names = (("start", draft.period.start), ("end", draft.period.end))
    written = {name: times.write_instant(at) for name, at in names}
    for moment in written.values():
        moment.pop("date")
    return written


def google_marks(draft: EventDraft) -> dict[str, dict[str, str | None]]:
    """Return the private properties of our events."""
    text = written_text(draft)
    known = text if len(text) <= LONGEST_VALUE else None
    return {"private": {OUR_KEY: str(draft.key), WRITTEN: known or ""}}


def attendee_list(draft: EventDraft) -> list[dict[str, Any]]:
    """Return a draft's attendees in Google's form."""
    return [
        {"email": address, "displayName": name} if name else {"email": address}
        for address, name in draft.attendees
    ]


def body_text(draft: EventDraft) -> str:
    """Return a draft's text as HTML, which is how Google reads descriptions."""
    return html.escape(draft.body, quote=False)


def meeting_fields(draft: EventDraft) -> dict[str, Any]:
    """Return the fields that make Google add or remove an online meeting."""
    if not draft.online_meeting:
        return {"conferenceData": None}
    request = {
        "requestId": draft.key.hex,
        "conferenceSolutionKey": {"type": "hangoutsMeet"},
    }
    return {"conferenceData": {"createRequest": request}}


def read_event(event: Mapping[str, Any], zone: ZoneInfo) -> HostEvent:
    """Return an event in our form.

    Args:
        event: The event in Google's form.
        zone: Zone of all-day events.

    Raises:
        EventUnreadableError: If the event cannot be read.
    """
    try:
        return HostEvent(
            id=str(event["id"]),
            version=str(event["etag"]),
            uid=str(event.get("iCalUID") or ""),
            period=times.event_period(event, zone),
            key=_key(event),
            cancelled=event.get("status") == "cancelled",
            join_url=_join_url(event),
            series_id=_series_id(event),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise EventUnreadableError(
            say("google.events.unreadable"),
            ambiguous=True,
        ) from None


def unreadable_event(event: Mapping[str, Any], zone: ZoneInfo) -> UnreadableEvent:
    """Return id, key and longest period of an event that cannot be read."""
    return event_of_unreadable(event, _key, times.longest_period(event, zone))


def private_properties(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the properties that only this product reads."""
    properties: Any = event.get("extendedProperties") or {}
    return cast("Mapping[str, Any]", properties.get("private") or {})


def _key(event: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(private_properties(event).get(OUR_KEY) or "")
    except (AttributeError, ValueError):
        return None


def _series_id(event: Mapping[str, Any]) -> str:
    if event.get("recurringEventId"):
        return str(event["recurringEventId"])
    return str(event["id"]) if event.get("recurrence") else ""


def _join_url(event: Mapping[str, Any]) -> str:
    meeting: Any = event.get("conferenceData") or {}
    entries: Any = meeting.get("entryPoints") or ()
    links = [str(event.get("hangoutLink") or "")]
    links += [
        str(it.get("uri")) for it in entries if it.get("entryPointType") == "video"
    ]
    return next((link for link in links if _HTTPS.fullmatch(link)), "")
