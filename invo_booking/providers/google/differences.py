"""Find which fields of an existing event have to be updated.

Source:
    developers.google.com/workspace/calendar/api/guides/version-resources
"""

from collections.abc import Mapping
from typing import Any

from invo_booking.domain.calendars.outside import EventDraft, HostEvent
from invo_booking.providers.google import events, times
from invo_booking.providers.written import (
    Written,
    attendee_changes,
    read_written,
    written_digest,
    written_of_draft,
)

FIELDS = f"{events.FIELDS},summary,location,attendees,visibility"
"""Fields read before an event is changed; their values are not stored."""

_KEPT = ("email", "displayName", "optional", "responseStatus", "comment")
"""Fields sent back for each guest already invited; Google sets all other fields."""


def differing_fields(
    event: Mapping[str, Any], standing: HostEvent, draft: EventDraft
) -> dict[str, Any]:
    """Return the fields that make an event match a draft.

    Args:
        event: The current event in Google's form, with ``FIELDS``.
        standing: The same event in our form.
        draft: The values that the event should have.
    """
    before, after = _of_event(event, standing), written_of_draft(draft)
    fields: dict[str, Any] = {}
    if before.subject != after.subject:
        fields["summary"] = draft.subject
    if before.location != after.location:
        fields["location"] = draft.location
    if before.body != after.body:
        fields["description"] = events.body_text(draft)
    if before.meeting != after.meeting:
        fields |= events.meeting_fields(draft)
    if before.is_private != after.is_private:
        fields["visibility"] = events.google_visibility(draft)
    if standing.period != draft.period or "date" in event["start"]:
        fields["start"] = times.write_instant(draft.period.start)
        fields["end"] = times.write_instant(draft.period.end)
    return fields | _attendees(event, before.attendees, draft)


def _attendees(
    event: Mapping[str, Any], before: frozenset[str], draft: EventDraft
) -> dict[str, Any]:
    """Return the field with the new attendees; empty if the list does not change.

    Attendees whom others have added stay, and so do all replies to the invitation. A
    person whom somebody has removed in the calendar is not invited again.
    """
    there = {_address(it): it for it in event.get("attendees") or ()}
    gone, added = attendee_changes(before, draft, frozenset(there))
    if not gone and not added:
        return {}
    new = [it for it in events.attendee_list(draft) if _address(it) in added]
    guests = [
        {name: guest[name] for name in _KEPT if name in guest}
        for address, guest in there.items()
        if address not in gone
    ]
    return {"attendees": [*guests, *new]}


def _of_event(event: Mapping[str, Any], standing: HostEvent) -> Written:
    """Return the values written last or, if unknown, the event's current values."""
    mark = str(events.private_properties(event).get(events.WRITTEN) or "")
    return read_written(mark) or Written(
        subject=written_digest(str(event.get("summary") or "")),
        location=written_digest(str(event.get("location") or "")),
        attendees=frozenset(),
        body=None,
        meeting=bool(standing.join_url),
        is_private=event.get("visibility") == "private",
    )


def _address(attendee: Mapping[str, Any]) -> str:
    return str(attendee.get("email") or "").lower()
