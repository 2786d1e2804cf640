"""Find which fields of an existing event have to be updated.

People add rooms and colleagues in Outlook, and write notes into the subject. So an
extended property of the event records what we wrote last, and only the fields whose
values differ from that record are written again. This also avoids needless mails to
attendees: "If you update only the attendees property, only those attendees added or
removed are notified".

Source:
    learn.microsoft.com/graph/api/event-update on attendees
"""

from collections.abc import Mapping
from typing import Any

from invo_booking.domain.calendars.outside import EventDraft, HostEvent
from invo_booking.providers.microsoft import events, times
from invo_booking.providers.written import (
    Written,
    attendee_changes,
    read_written,
    written_digest,
    written_of_draft,
    written_text,
)

WRITTEN = "String {6c1b3a52-7d0e-4f0a-9b63-0c5d8e2f41a7} Name InvoWritten"
"""Extended property of an event that records what we wrote last."""

FIELDS = {
    "$select": f"{events.FIELDS['$select']},subject,location,attendees,isOnlineMeeting,"
    "sensitivity",
    "$expand": f"singleValueExtendedProperties($filter=id eq '{events.OUR_KEY}' or "
    f"id eq '{WRITTEN}')",
}
"""Fields read before an event is changed; their values are not stored."""


def written_mark(draft: EventDraft) -> dict[str, str]:
    """Return the extended property that records what a draft writes."""
    return {"id": WRITTEN, "value": written_text(draft)}


def differing_fields(
    event: Mapping[str, Any], standing: HostEvent, draft: EventDraft
) -> dict[str, Any]:
    """Return the fields that make an event match a draft.

    The body of an event with an online meeting is not updated, because Outlook keeps
    the meeting's link in the body.

    Args:
        event: The current event in Graph's form, with ``FIELDS``.
        standing: The same event in our form.
        draft: The values that the event should have.
    """
    before, after = _of_event(event), written_of_draft(draft)
    fields: dict[str, Any] = {}
    if before.subject != after.subject:
        fields["subject"] = draft.subject
    if before.location != after.location:
        fields["location"] = {"displayName": draft.location}
    if before.meeting != after.meeting:
        fields |= events.meeting_fields(draft)
    if before.is_private != after.is_private:
        fields["sensitivity"] = events.graph_sensitivity(draft)
    is_met_there = bool(standing.join_url) or draft.online_meeting
    if before.body != after.body and not is_met_there:
        fields["body"] = events.body_fields(draft)
    if standing.period != draft.period or event.get("isAllDay"):
        fields |= _times(draft)
    return fields | _attendees(event, before.attendees, draft)


def _times(draft: EventDraft) -> dict[str, Any]:
    return {
        "start": times.write_instant(draft.period.start),
        "end": times.write_instant(draft.period.end),
        "isAllDay": False,
    }


def _attendees(
    event: Mapping[str, Any], before: frozenset[str], draft: EventDraft
) -> dict[str, Any]:
    """Return the field with the new attendees; empty if the list does not change.

    Attendees whom others have added stay. A person whom somebody has removed in Outlook
    is not invited again.
    """
    there = {_address(it): it for it in event.get("attendees") or ()}
    gone, added = attendee_changes(before, draft, frozenset(there))
    if not gone and not added:
        return {}
    new = [it for it in events.attendee_list(draft) if _address(it) in added]
    attendees = [
        {"emailAddress": it["emailAddress"], "type": it.get("type") or "required"}
        for address, it in there.items()
        if address not in gone
    ]
    return {"attendees": [*attendees, *new]}


def _of_event(event: Mapping[str, Any]) -> Written:
    """Return the values written last or, if unknown, the event's current values."""
    for mark in event.get("singleValueExtendedProperties") or ():
        if mark["id"].lower() == WRITTEN.lower() and (
            written := read_written(mark["value"])
        ):
            return written
    location: Mapping[str, Any] = event.get("location") or {}
    return Written(
        subject=written_digest(str(event.get("subject") or "")),
        location=written_digest(str(location.get("displayName") or "")),
        attendees=frozenset(),
        body=None,
        meeting=bool(event.get("isOnlineMeeting")),
        is_private=event.get("sensitivity") == "private",
    )


def _address(attendee: Mapping[str, Any]) -> str:
    return str(attendee["emailAddress"].get("address") or "").lower()
