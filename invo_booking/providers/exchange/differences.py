"""What is written of an item that exists: no more than differs.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/
    updateitem-operation
"""

import xml.etree.ElementTree as ET

from invo_booking.domain.calendars.outside import EventDraft, HostEvent
from invo_booking.providers.exchange import events, xml
from invo_booking.providers.exchange.xml import type_element
from invo_booking.providers.written import (
    Written,
    read_written,
    text_digest,
    written_of_draft,
    written_text,
)


def updates_for(
    item: ET.Element, standing: HostEvent, draft: EventDraft
) -> list[ET.Element]:
    """Return what has to be written so that an item agrees with a draft.

    Args:
        item: The item in Exchange's form, with ``events.CONTENT_FIELDS``.
        standing: The same as we know it.
        draft: What it shall agree with.
    """
    before, after = _of_item(item), written_of_draft(draft)
    updates: list[ET.Element] = []
    if before.subject != after.subject:
        updates.append(
            _field("item:Subject", type_element("Subject", text=draft.subject))
        )
    if before.body != after.body:
        updates.append(_field("item:Body", events.body(draft)))
    if before.location != after.location:
        place = type_element("Location", text=draft.location)
        updates.append(_field("calendar:Location", place))
    if before.is_private != after.is_private:
        updates.append(_field("item:Sensitivity", events.sensitivity(draft)))
    if standing.period != draft.period:
        updates += _times(draft)
    updates += _attendees(item, before.attendees, draft)
    if not updates:
        return []
    return [*updates, _property(events.WRITTEN, written_text(draft))]


def attendee_addresses(item: ET.Element) -> dict[str, ET.Element]:
    """Return who is invited, by address in lower case."""
    rows = xml.find(item, "RequiredAttendees")
    by_address = {
        xml.text_of(row, "Mailbox/EmailAddress").lower(): row
        for row in (rows if rows is not None else ())
    }
    return {address: row for address, row in by_address.items() if address}


def _times(draft: EventDraft) -> list[ET.Element]:
    start, end = (
        events.write_instant(at) for at in (draft.period.start, draft.period.end)
    )
    return [
        _field("calendar:Start", type_element("Start", text=start)),
        _field("calendar:End", type_element("End", text=end)),
    ]


def _attendees(
    item: ET.Element, before: frozenset[str], draft: EventDraft
) -> list[ET.Element]:
    """Return all attendees if one of ours is added or removed; others stay.

    A person whom somebody has removed in the calendar is not invited again.
    """
    there = attendee_addresses(item)
    ours = {address.lower() for address, _ in draft.attendees}
    gone = (before - ours) & there.keys()
    new = [it for it in draft.attendees if it[0].lower() not in before | there.keys()]
    if not gone and not new:
        return []
    others = [
        events.attendee(address, xml.text_of(row, "Mailbox/Name"))
        for address, row in there.items()
        if address not in gone
    ]
    guests = [*others, *(events.attendee(address, name) for address, name in new)]
    name = "calendar:RequiredAttendees"
    if not guests:
        return [
            type_element("DeleteItemField", type_element("FieldURI", FieldURI=name))
        ]
    return [_field(name, type_element("RequiredAttendees", *guests))]


def _of_item(item: ET.Element) -> Written:
    """Return what was written the last time; if that is unknown, what is there."""
    return read_written(events.property_of(item, events.WRITTEN)) or Written(
        subject=text_digest(xml.text_of(item, "Subject")),
        location=text_digest(xml.text_of(item, "Location")),
        attendees=frozenset(),
        body=None,
        meeting=False,
        is_private=xml.text_of(item, "Sensitivity") == "Private",
    )


def _field(name: str, value: ET.Element) -> ET.Element:
    return _set(type_element("FieldURI", FieldURI=name), value)


def _property(name: str, value: str) -> ET.Element:
    return _set(events.property_uri(name), events.own_property(name, value))


def _set(uri: ET.Element, value: ET.Element) -> ET.Element:
    return type_element("SetItemField", uri, type_element("CalendarItem", value))
