"""Convert calendar items between Exchange's form and ours.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem
    learn.microsoft.com/exchange/client-developer/exchange-web-services/
    properties-and-extended-properties-in-ews-in-exchange
"""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from invo_booking.domain.calendars.outside import EventDraft, HostEvent, UnreadableEvent
from invo_booking.domain.calendars.provider_errors import EventUnreadableError
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange import xml
from invo_booking.providers.exchange.xml import message_element, type_element
from invo_booking.providers.written import written_text

PROPERTY_SET: Final = "6f1d5f0e-52b1-4a0b-9c39-0d1b8f1c7a64"
"""Identifies our named properties among those of all applications."""

OUR_KEY, WRITTEN = "InvoAppointment", "InvoWritten"
"""Named properties of an item: our key, and what was written of it."""

CALENDAR = "calendar"
FIELDS = (
    "calendar:UID",
    "calendar:Start",
    "calendar:End",
    "calendar:IsCancelled",
    "calendar:CalendarItemType",
)
"""What is read of an item, without its subject and text."""

CONTENT_FIELDS = (
    "item:Subject",
    "item:Sensitivity",
    "calendar:Location",
    "calendar:RequiredAttendees",
)
"""What is read in addition of an item that is about to be changed, then forgotten."""

SHORTEST: Final = timedelta(minutes=1)
_SINGLE = frozenset({"", "Single"})
_YEARS = range(1970, 2500)


def shape(fields: tuple[str, ...], properties: tuple[str, ...]) -> ET.Element:
    """Return which fields an answer shall hold."""
    return message_element(
        "ItemShape",
        type_element("BaseShape", text="IdOnly"),
        type_element(
            "AdditionalProperties",
            *(type_element("FieldURI", FieldURI=name) for name in fields),
            *(property_uri(name) for name in properties),
        ),
    )


def own_folder() -> ET.Element:
    """Return the calendar of the account that is signed in."""
    return type_element("DistinguishedFolderId", Id=CALENDAR)


def property_uri(name: str) -> ET.Element:
    """Return the name of one of our properties."""
    return type_element(
        "ExtendedFieldURI",
        PropertySetId=PROPERTY_SET,
        PropertyName=name,
        PropertyType="String",
    )


def own_property(name: str, value: str) -> ET.Element:
    """Return one of our properties with its value."""
    return type_element(
        "ExtendedProperty", property_uri(name), type_element("Value", text=value)
    )


def uid_of(key: UUID) -> str:
    """Return the iCalendar UID of our event."""
    return f"{key}@invo-booking"


def new_item(draft: EventDraft) -> ET.Element:
    """Return a new item, its fields in the order of Exchange's schema."""
    location = [type_element("Location", text=draft.location)] if draft.location else []
    return type_element(
        "CalendarItem",
        type_element("Subject", text=draft.subject),
        sensitivity(draft),
        body(draft),
        type_element("ReminderIsSet", text="false"),
        own_property(OUR_KEY, str(draft.key)),
        own_property(WRITTEN, written_text(draft)),
        type_element("UID", text=uid_of(draft.key)),
        type_element("Start", text=write_instant(draft.period.start)),
        type_element("End", text=write_instant(draft.period.end)),
        type_element("LegacyFreeBusyStatus", text="Busy"),
        *location,
        *([attendees(draft)] if draft.attendees else []),
        type_element("StartTimeZone", Id="UTC"),
        type_element("EndTimeZone", Id="UTC"),
    )


def sensitivity(draft: EventDraft) -> ET.Element:
    """Return whether others see more of an item than that its time is busy."""
    return type_element("Sensitivity", text="Private" if draft.is_private else "Normal")


def body(draft: EventDraft) -> ET.Element:
    """Return the text of an item."""
    return type_element("Body", text=draft.body, BodyType="Text")


def attendees(draft: EventDraft) -> ET.Element:
    """Return whom a draft invites."""
    return type_element(
        "RequiredAttendees",
        *(attendee(address, name) for address, name in draft.attendees),
    )


def attendee(address: str, name: str) -> ET.Element:
    """Return one person who is invited."""
    named = [type_element("Name", text=name)] if name else []
    return type_element(
        "Attendee",
        type_element("Mailbox", *named, type_element("EmailAddress", text=address)),
    )


def write_instant(at: datetime) -> str:
    """Return an instant in Exchange's form."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_event(item: ET.Element) -> HostEvent:
    """Return an item as our value.

    Raises:
        EventUnreadableError: If it cannot be read.
    """
    try:
        item_id, version = _identity(item)
        uid = xml.text_of(item, "UID")
        is_single = xml.text_of(item, "CalendarItemType") in _SINGLE
        return HostEvent(
            id=item_id,
            version=version,
            uid=uid,
            period=_period(item),
            key=key_of(item),
            cancelled=xml.text_of(item, "IsCancelled") == "true",
            series_id="" if is_single else uid or item_id,
        )
    except (OverflowError, ValueError):
        raise EventUnreadableError(
            "Exchange's answer about an event cannot be read. It is tried again by "
            "itself.",
            ambiguous=True,
        ) from None


def unreadable_event(item: ET.Element) -> UnreadableEvent:
    """Return the known values of an unreadable item."""
    known = xml.find(item, "ItemId")
    return UnreadableEvent(
        id=known.get("Id", "") if known is not None else "", key=key_of(item)
    )


def key_of(item: ET.Element) -> UUID | None:
    """Return our key, if we wrote the item."""
    try:
        return UUID(property_of(item, OUR_KEY))
    except ValueError:
        return None


def property_of(item: ET.Element, name: str) -> str:
    """Return the value of one of our properties; empty if it has none."""
    for row in item.findall(f"{xml.TYPES}ExtendedProperty"):
        uri = xml.find(row, "ExtendedFieldURI")
        if uri is None or uri.get("PropertyName") != name:
            continue
        if uri.get("PropertySetId", "").lower() == PROPERTY_SET:
            return xml.text_of(row, "Value")
    return ""


def _identity(item: ET.Element) -> tuple[str, str]:
    known = xml.find(item, "ItemId")
    pair = (
        (known.get("Id", ""), known.get("ChangeKey", "")) if known is not None else ()
    )
    if not pair or not all(pair):
        raise ValueError("no id")
    return pair[0], pair[1]


def _period(item: ET.Element) -> Interval:
    start = _instant(xml.text_of(item, "Start"))
    end = _instant(xml.text_of(item, "End"))
    return Interval(start, end if end > start else start + SHORTEST)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or at.year not in _YEARS:
        raise ValueError("of no zone, or too far off")
    return at.astimezone(UTC)
