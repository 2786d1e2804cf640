"""Find which fields of an existing item have to be updated.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/
    updateitem-operation
"""

from typing import Any

from invo_booking.domain.calendars.outside import EventDraft, HostEvent
from invo_booking.providers.exchange import events
from invo_booking.providers.written import (
    Written,
    attendee_changes,
    read_written,
    written_digest,
    written_of_draft,
    written_text,
)


def updates_for(
    item: events.Item, standing: HostEvent, draft: EventDraft
) -> dict[str, Any]:
    """Return the new values, by field, that make an item match a draft.

    Args:
        item: The current item in exchangelib's form, with ``events.CONTENT_FIELDS``.
        standing: The same item in our form.
        draft: The values that the item should have.
    """
    before, after = _of_item(item), written_of_draft(draft)
    updates: dict[str, Any] = {}
    if before.subject != after.subject:
        updates["subject"] = events.ews_subject(draft)
    if before.body != after.body:
        updates["body"] = events.ews_body(draft)
    if before.location != after.location:
        updates["location"] = events.ews_text(draft.location)
    if before.is_private != after.is_private:
        updates["sensitivity"] = events.ews_sensitivity(draft)
    if standing.period != draft.period:
        updates["start"] = events.ews_instant(draft.period.start)
        updates["end"] = events.ews_instant(draft.period.end)
    updates |= _attendees(item, before.attendees, draft)
    return {**updates, "written": written_text(draft)} if updates else {}


def _attendees(
    item: events.Item, before: frozenset[str], draft: EventDraft
) -> dict[str, Any]:
    """Return the field with the new attendees; empty if the list does not change.

    Attendees whom others have added stay. A person whom somebody has removed in the
    calendar is not invited again.
    """
    there = events.attendee_rows(item)
    gone, added = attendee_changes(before, draft, frozenset(there))
    if not gone and not added:
        return {}
    new = [it for it in draft.attendees if it[0].lower() in added]
    others = [it for it in there.items() if it[0] not in gone]
    return {"required_attendees": [events.ews_attendee(*it) for it in [*others, *new]]}


def _of_item(item: events.Item) -> Written:
    """Return the values written last or, if unknown, the item's current values."""
    return read_written(item.written or "") or Written(
        subject=written_digest(item.subject or ""),
        location=written_digest(item.location or ""),
        attendees=frozenset(),
        body=None,
        meeting=False,
        is_private=item.sensitivity == "Private",
    )
