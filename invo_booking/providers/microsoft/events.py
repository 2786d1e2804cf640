"""Convert events between Graph's form and ours."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import EventDraft, HostEvent, UnreadableEvent
from invo_booking.domain.calendars.provider_errors import EventUnreadableError
from invo_booking.providers.microsoft import times

OUR_KEY = "String {6c1b3a52-7d0e-4f0a-9b63-0c5d8e2f41a7} Name InvoAppointment"
"""Extended property that marks our own events, even if other fields were copied."""

FIELDS = {
    "$select": "id,changeKey,iCalUId,transactionId,start,end,isAllDay,isCancelled,"
    "onlineMeeting",
    "$expand": f"singleValueExtendedProperties($filter=id eq '{OUR_KEY}')",
}
"""Fields read of an event, without subject and text."""

_HTTPS = re.compile(r"https://\S+")


def new_event_body(draft: EventDraft) -> dict[str, Any]:
    """Return the body of a new event; its key makes Graph create it only once."""
    return {
        **_common(draft),
        **_marks(draft),
        **_meeting_fields(draft),
        "body": _body(draft),
    }


def event_update_body(known: HostEvent, draft: EventDraft) -> dict[str, Any]:
    """Return the body of an update of an event.

    The text of an event with an online meeting is not updated: Outlook stores the
    joining details there, and replacing it would remove them.
    """
    fields = {**_common(draft), **_meeting_fields(draft), "isAllDay": False}
    if known.join_url or draft.online_meeting:
        return fields
    return {**fields, "body": _body(draft)}


def read_event(found: Mapping[str, Any], zone: ZoneInfo) -> HostEvent:
    """Return an event of Graph as our value.

    Args:
        found: The event in Graph's form.
        zone: Zone of all-day events.

    Raises:
        EventUnreadableError: If the event cannot be read.
    """
    try:
        return HostEvent(
            id=str(found["id"]),
            version=str(found["changeKey"]),
            uid=str(found.get("iCalUId") or ""),
            period=times.event_period(found, zone),
            key=_key(found),
            cancelled=bool(found.get("isCancelled")),
            join_url=_join_url(found),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise EventUnreadableError(
            "Microsoft's answer about an event cannot be read. It is tried again by "
            "itself.",
            ambiguous=True,
        ) from None


def unreadable_event(found: Mapping[str, Any], zone: ZoneInfo) -> UnreadableEvent:
    """Return the known values of an unreadable event."""
    name = found.get("id")
    try:
        key = _key(found)
    except (AttributeError, KeyError, TypeError):
        key = None
    return UnreadableEvent(
        id=name if isinstance(name, str) else "",
        key=key,
        period=times.longest_period(found, zone),
    )


def if_unchanged_header(known: HostEvent) -> dict[str, str]:
    """Return the header that makes Graph refuse to overwrite another change."""
    return {"If-Match": f'W/"{known.version}"'} if known.version else {}


def _common(draft: EventDraft) -> dict[str, Any]:
    return {
        "subject": draft.subject,
        "start": times.write_instant(draft.period.start),
        "end": times.write_instant(draft.period.end),
        "location": {"displayName": draft.location},
        "attendees": [
            {
                "emailAddress": {"address": address, "name": name},
                "type": "required",
            }
            for address, name in draft.attendees
        ],
        "showAs": "busy",
        "allowNewTimeProposals": False,  # times are changed where they were booked
    }


def _marks(draft: EventDraft) -> dict[str, Any]:
    return {
        "transactionId": str(draft.key),
        "singleValueExtendedProperties": [{"id": OUR_KEY, "value": str(draft.key)}],
    }


def _meeting_fields(draft: EventDraft) -> dict[str, Any]:
    if not draft.online_meeting:
        return {}
    return {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}


def _body(draft: EventDraft) -> dict[str, str]:
    return {"contentType": "text", "content": draft.body}


def _key(found: Mapping[str, Any]) -> UUID | None:
    """Return our key: from the mark, or else from the transaction id."""
    marks = found.get("singleValueExtendedProperties") or ()
    texts = [mark["value"] for mark in marks if mark["id"].lower() == OUR_KEY.lower()]
    for text in (*texts, found.get("transactionId") or ""):
        try:
            return UUID(text)
        except ValueError:
            continue
    return None


def _join_url(found: Mapping[str, Any]) -> str:
    meeting: Mapping[str, Any] = found.get("onlineMeeting") or {}
    address = str(meeting["joinUrl"] or "") if "joinUrl" in meeting else ""
    return address if _HTTPS.fullmatch(address) else ""
