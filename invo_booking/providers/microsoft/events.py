"""Convert events between Graph's form and ours."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import EventDraft, HostEvent, UnreadableEvent
from invo_booking.domain.calendars.provider_errors import EventUnreadableError
from invo_booking.providers.events import event_of_unreadable
from invo_booking.providers.microsoft import times
from invo_booking.texts import say

OUR_KEY = "String {6c1b3a52-7d0e-4f0a-9b63-0c5d8e2f41a7} Name InvoAppointment"
"""Extended property that holds our key, and so marks our own events."""

FIELDS = {
    "$select": "id,changeKey,iCalUId,transactionId,start,end,isAllDay,isCancelled,"
    "onlineMeeting,type,seriesMasterId",
    "$expand": f"singleValueExtendedProperties($filter=id eq '{OUR_KEY}')",
}
"""Fields read of an event; subject and body are not among them."""

_HTTPS = re.compile(r"https://\S+")


def new_event_body(draft: EventDraft) -> dict[str, Any]:
    """Return the body of a new event; its ``transactionId`` prevents duplicates."""
    place = {"location": {"displayName": draft.location}} if draft.location else {}
    return {
        "transactionId": str(draft.key),
        "subject": draft.subject,
        "body": body_fields(draft),
        "start": times.write_instant(draft.period.start),
        "end": times.write_instant(draft.period.end),
        "attendees": attendee_list(draft),
        "showAs": "busy",
        "sensitivity": graph_sensitivity(draft),
        "allowNewTimeProposals": False,  # a proposal would not change the appointment
        **place,
        **meeting_fields(draft),
    }


def key_mark(draft: EventDraft) -> dict[str, str]:
    """Return the extended property that holds our key of an event."""
    return {"id": OUR_KEY, "value": str(draft.key)}


def attendee_list(draft: EventDraft) -> list[dict[str, Any]]:
    """Return a draft's attendees in Graph's form."""
    return [
        {"emailAddress": {"address": address, "name": name}, "type": "required"}
        for address, name in draft.attendees
    ]


def graph_sensitivity(draft: EventDraft) -> str:
    """Return Graph's word for how much of the event others may see."""
    return "private" if draft.is_private else "normal"


def meeting_fields(draft: EventDraft) -> dict[str, Any]:
    """Return the fields that make Graph add an online meeting, if the draft has one."""
    if not draft.online_meeting:
        return {}
    return {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}


def body_fields(draft: EventDraft) -> dict[str, str]:
    """Return a draft's text in Graph's form."""
    return {"contentType": "text", "content": draft.body}


def read_event(event: Mapping[str, Any], zone: ZoneInfo) -> HostEvent:
    """Return an event in our form.

    Args:
        event: The event in Graph's form.
        zone: Zone of all-day events.

    Raises:
        EventUnreadableError: If the event cannot be read.
    """
    try:
        return HostEvent(
            id=str(event["id"]),
            version=_version(event),
            uid=str(event.get("iCalUId") or ""),
            period=times.event_period(event, zone),
            key=_key(event),
            cancelled=bool(event.get("isCancelled")),
            join_url=_join_url(event),
            series_id=_series_id(event),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise EventUnreadableError(
            say("microsoft.events.unreadable"),
            ambiguous=True,
        ) from None


def unreadable_event(event: Mapping[str, Any], zone: ZoneInfo) -> UnreadableEvent:
    """Return id, key and longest period of an event that cannot be read."""
    return event_of_unreadable(event, _key, times.longest_period(event, zone))


def if_unchanged_header(known: HostEvent) -> dict[str, str]:
    """Return the header that makes Graph refuse to overwrite others' changes."""
    return {"If-Match": f'W/"{known.version}"'} if known.version else {}


def _version(event: Mapping[str, Any]) -> str:
    """Return the event's change key.

    In lists of changes, occurrences of a series have the change key only in their
    ``@odata.etag``.

    Source:
        github.com/microsoftgraph/microsoft-graph-docs/issues/7632
    """
    if key := event.get("changeKey"):
        return str(key)
    return str(event["@odata.etag"]).removeprefix('W/"').removesuffix('"')


def _key(event: Mapping[str, Any]) -> UUID | None:
    """Return our key, from the extended property or from the ``transactionId``.

    ``None`` for events without a key and for invitations that the account received.
    """
    if event.get("isOrganizer") is False:
        return None
    marks = event.get("singleValueExtendedProperties") or ()
    texts = [mark["value"] for mark in marks if mark["id"].lower() == OUR_KEY.lower()]
    for text in (*texts, event.get("transactionId") or ""):
        try:
            return UUID(text)
        except ValueError:
            continue
    return None


def _series_id(event: Mapping[str, Any]) -> str:
    """Return the id of the event's series; empty if it is a single event.

    If somebody turns an event into a series in Outlook, the master of the series keeps
    the event's id. Listings hold only the occurrences, each with its own id.

    Source:
        learn.microsoft.com/graph/api/group-list-calendarview
        learn.microsoft.com/graph/api/resources/event on type and seriesMasterId
    """
    if event.get("type") in {None, "singleInstance"}:
        return ""
    return str(event.get("seriesMasterId") or event["id"])


def _join_url(event: Mapping[str, Any]) -> str:
    meeting: Mapping[str, Any] = event.get("onlineMeeting") or {}
    address = str(meeting["joinUrl"] or "") if "joinUrl" in meeting else ""
    return address if _HTTPS.fullmatch(address) else ""
