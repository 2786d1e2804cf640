"""Calendar items between the fake's form and Exchange's."""

import secrets
from copy import copy
from typing import Any

from lxml import etree

from tests.support.exchange.schema import M, T
from tests.support.exchange.soap import RefusalError, instant, node, zulu
from tests.support.exchange.state import Item

MEETING_FIELDS = (
    "calendar:UID",
    "calendar:Start",
    "calendar:End",
    "calendar:LegacyFreeBusyStatus",
    "calendar:Location",
    "calendar:IsCancelled",
    "calendar:CalendarItemType",
    "calendar:RequiredAttendees",
)
ALL_FIELDS = ("item:Subject", "item:Sensitivity", "item:Body", *MEETING_FIELDS)
"""In the order of the schema."""


def shown(item: Item, shape: etree._Element | None) -> etree._Element:
    """Return an item with the fields that a shape asks for."""
    fields, properties = _requested_fields(shape)
    named = {name: _field(item, name) for name in ALL_FIELDS if name in fields}
    front = [named.get(name) for name in ALL_FIELDS if name.startswith("item:")]
    own = [
        _property(key, item.properties[key])
        for key in properties & item.properties.keys()
    ]
    back = [named.get(name) for name in MEETING_FIELDS]
    return node(f"{T}CalendarItem", identity(item), *front, *own, *back)


def identity(item: Item) -> etree._Element:
    """Return what an item is known by."""
    return node(f"{T}ItemId", Id=item.id, ChangeKey=item.change_key)


def created(row: etree._Element) -> Item:
    """Return a new item, as it was sent."""
    start, end = (row.findtext(T + name) for name in ("Start", "End"))
    if not start or not end or instant(end) < instant(start):
        raise RefusalError("ErrorCalendarEndDateIsEarlierThanStartDate")
    item = Item(
        secrets.token_hex(12), instant(start), instant(end), uid=secrets.token_hex(8)
    )
    for field in row:
        write(item, field)
    return item


def write(item: Item, value: etree._Element) -> None:
    """Write one field of an item."""
    name, text = etree.QName(value).localname, value.text or ""
    if name in {"Subject", "Sensitivity", "Body", "Location"}:
        setattr(item, name.lower(), text)
    elif name in {"Start", "End"}:
        setattr(item, name.lower(), instant(text))
    elif name == "UID":
        item.uid = text
    elif name == "LegacyFreeBusyStatus":
        item.status = text
    elif name == "RequiredAttendees":
        item.attendees = [_attendee(it) for it in value]
    elif name == "ExtendedProperty":
        key = property_key(value.find(f"{T}ExtendedFieldURI"))
        item.properties[key] = value.findtext(f"{T}Value") or ""


EMPTY: dict[str, tuple[str, Any]] = {
    "item:Subject": ("subject", ""),
    "item:Body": ("body", ""),
    "calendar:Location": ("location", ""),
    "calendar:RequiredAttendees": ("attendees", []),
}
"""What becomes of fields that are deleted; the others cannot be."""


def erase(item: Item, uri: etree._Element) -> None:
    """Delete one field of an item: the one that is named, and no other.

    Raises:
        RefusalError: If an item cannot be without it.
    """
    if uri.tag == f"{T}ExtendedFieldURI":
        item.properties.pop(property_key(uri), None)
        return
    if uri.get("FieldURI") not in EMPTY:
        raise RefusalError("ErrorInvalidPropertyDelete")
    name, value = EMPTY[uri.get("FieldURI")]
    setattr(item, name, copy(value))


def property_key(uri: Any) -> tuple[str, str]:
    """Return the set and the name of a named property."""
    return uri.get("PropertySetId", "").lower(), uri.get("PropertyName", "")


def _requested_fields(
    shape: etree._Element | None,
) -> tuple[set[str], set[tuple[str, str]]]:
    if shape is None:
        return set(), set()
    base = shape.findtext(f"{T}BaseShape")
    fields = set() if base == "IdOnly" else set(ALL_FIELDS)
    more = shape.find(f"{T}AdditionalProperties")
    for uri in more if more is not None else ():
        if uri.tag == f"{T}FieldURI":
            fields.add(uri.get("FieldURI"))
    properties = {property_key(uri) for uri in shape.iter(f"{T}ExtendedFieldURI")}
    return fields, properties


def _field(item: Item, name: str) -> etree._Element | None:
    short = name.partition(":")[2]
    if name == "calendar:RequiredAttendees":
        rows = [_attendee_row(it) for it in item.attendees]
        return node(T + short, *rows) if rows else None
    if name == "item:Body":
        return node(T + short, item.body, BodyType="Text")
    values = {
        "Subject": item.subject,
        "Sensitivity": item.sensitivity,
        "UID": item.uid,
        "Start": zulu(item.start),
        "End": zulu(item.end),
        "LegacyFreeBusyStatus": item.status,
        "Location": item.location,
        "IsCancelled": "true" if item.is_cancelled else "false",
        "CalendarItemType": item.kind,
    }
    return node(T + short, values[short]) if values[short] else None


def _property(key: tuple[str, str], value: str) -> etree._Element:
    uri = node(
        f"{T}ExtendedFieldURI",
        PropertySetId=key[0],
        PropertyName=key[1],
        PropertyType="String",
    )
    return node(f"{T}ExtendedProperty", uri, node(f"{T}Value", value))


def _attendee(row: etree._Element) -> tuple[str, str]:
    address = row.findtext(f"{T}Mailbox/{T}EmailAddress") or ""
    return address, row.findtext(f"{T}Mailbox/{T}Name") or ""


def _attendee_row(who: tuple[str, str]) -> etree._Element:
    address, name = who
    return node(
        f"{T}Attendee",
        node(
            f"{T}Mailbox",
            node(f"{T}Name", name) if name else None,
            node(f"{T}EmailAddress", address),
            node(f"{T}RoutingType", "SMTP"),
            node(f"{T}MailboxType", "Mailbox"),
        ),
        node(f"{T}ResponseType", "Unknown"),
    )


def single_list(item: etree._Element | None) -> etree._Element:
    """Return the list of a response message."""
    return node(f"{M}Items", item)
