# pyright: standard
# exchangelib has no types.
"""Convert calendar items between exchangelib's form and ours.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem
    learn.microsoft.com/exchange/client-developer/exchange-web-services/
    properties-and-extended-properties-in-ews-in-exchange
"""

import re
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from exchangelib import (
    Attendee,
    Body,
    CalendarItem,
    EWSDateTime,
    ExtendedProperty,
    Mailbox,
)
from exchangelib.fields import FieldPath

from invo_booking.domain.calendars.outside import EventDraft, HostEvent, UnreadableEvent
from invo_booking.domain.calendars.provider_errors import EventUnreadableError
from invo_booking.domain.interval import Interval
from invo_booking.providers.events import SHORTEST, YEARS
from invo_booking.providers.written import written_text
from invo_booking.texts import say

PROPERTY_SET: Final = "6f1d5f0e-52b1-4a0b-9c39-0d1b8f1c7a64"
"""Identifies our named properties among those of all applications."""

OUR_KEY: Final = "InvoAppointment"
"""Name of the property that holds our key."""

LONGEST_SUBJECT: Final = 255
"""Largest number of characters that Exchange accepts in a subject."""

Item: TypeAlias = Any
"""A ``CalendarItem`` of exchangelib, whose fields have no types."""

_SINGLE = frozenset({None, "", "Single"})
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _OurKey(ExtendedProperty):
    property_set_id, property_name = PROPERTY_SET, OUR_KEY
    property_type = "String"


class _WrittenText(ExtendedProperty):
    property_set_id, property_name = PROPERTY_SET, "InvoWritten"
    property_type = "String"


CalendarItem.register("our_key", _OurKey)
CalendarItem.register("written", _WrittenText)


def ews_field_paths(*names: str) -> list[FieldPath]:
    """Return exchangelib's paths of the fields that a response should contain."""
    return [FieldPath(CalendarItem.get_field_by_fieldname(name)) for name in names]


FIELDS = ("uid", "start", "end", "is_cancelled", "type", "our_key")
"""Fields read of every item; subject and body are not among them."""

CONTENT_FIELDS = (
    *("subject", "sensitivity", "location", "required_attendees", "written"),
)
"""Fields read in addition before an item is changed; their values are not stored."""


def uid_of(key: UUID) -> str:
    """Return the iCalendar UID for an event with this key."""
    return f"{key}@invo-booking"


def new_ews_item(draft: EventDraft) -> Item:
    """Return a new item."""
    return CalendarItem(
        subject=ews_subject(draft),
        sensitivity=ews_sensitivity(draft),
        body=ews_body(draft),
        reminder_is_set=False,
        our_key=str(draft.key),
        written=written_text(draft),
        uid=uid_of(draft.key),
        start=ews_instant(draft.period.start),
        end=ews_instant(draft.period.end),
        legacy_free_busy_status="Busy",
        location=ews_text(draft.location) or None,
        required_attendees=[ews_attendee(*it) for it in draft.attendees] or None,
    )


def ews_subject(draft: EventDraft) -> str:
    """Return a draft's subject, cut to what Exchange accepts."""
    return ews_text(draft.subject)[:LONGEST_SUBJECT]


def ews_sensitivity(draft: EventDraft) -> str:
    """Return Exchange's word for how much of the item others may see."""
    return "Private" if draft.is_private else "Normal"


def ews_body(draft: EventDraft) -> Body:
    """Return a draft's text as the body of an item."""
    return Body(ews_text(draft.body))


def ews_attendee(address: str, name: str) -> Attendee:
    """Return an attendee in exchangelib's form."""
    return Attendee(mailbox=Mailbox(name=ews_text(name) or None, email_address=address))


def ews_instant(at: datetime) -> EWSDateTime:
    """Return an instant in exchangelib's form."""
    return EWSDateTime.from_datetime(at.astimezone(UTC).replace(microsecond=0))


def ews_text(text: str) -> str:
    """Return a text without characters that XML cannot hold."""
    return _UNWRITABLE.sub("", text)


def read_event(item: Item) -> HostEvent:
    """Return an item in our form.

    Raises:
        EventUnreadableError: If a required field is missing or malformed.
    """
    try:
        item_id, version = _identity(item)
        uid = item.uid or ""
        return HostEvent(
            id=item_id,
            version=version,
            uid=uid,
            period=_period(item),
            key=key_of(item),
            cancelled=bool(item.is_cancelled),
            series_id="" if item.type in _SINGLE else uid or item_id,
        )
    except (OverflowError, ValueError):
        raise EventUnreadableError(
            say("exchange.events.unreadable"),
            ambiguous=True,
        ) from None


def unreadable_event(item: Item) -> UnreadableEvent:
    """Return the id and our key of an item that cannot be read."""
    return UnreadableEvent(id=item.id or "", key=key_of(item))


def key_of(item: Item) -> UUID | None:
    """Return our key; ``None`` if another client made the item."""
    try:
        return UUID(item.our_key or "")
    except ValueError:
        return None


def attendee_rows(item: Item) -> dict[str, str]:
    """Return the names of all attendees by address; addresses are in lower case."""
    by_address = {
        (row.mailbox.email_address or "").lower(): row.mailbox.name or ""
        for row in item.required_attendees or ()
        if row.mailbox
    }
    return {address: name for address, name in by_address.items() if address}


def _identity(item: Item) -> tuple[str, str]:
    if not item.id or not item.changekey:
        raise ValueError("no id")
    return item.id, item.changekey


def _period(item: Item) -> Interval:
    start, end = _plain(item.start), _plain(item.end)
    return Interval(start, end if end > start else start + SHORTEST)


def _plain(at: EWSDateTime | None) -> datetime:
    """Return an instant in UTC."""
    if at is None or at.year not in YEARS:
        raise ValueError("none, or too far off")
    return datetime.fromtimestamp(at.timestamp(), UTC)
