"""Calls about events: of groups, and of the person who calls."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.support.microsoft.entries import Entry, Group, blank_event
from tests.support.microsoft.event_json import (
    event_json,
    invite_the_house,
    read_event,
    write,
)
from tests.support.microsoft.instants import asked_instant, instant
from tests.support.microsoft.options import number, only, page, select
from tests.support.microsoft.people import Person
from tests.support.microsoft.series import on_view
from tests.support.microsoft.state import State
from tests.support.microsoft.wire import RefusalError
from tests.support.vendor.wire import Call, Reply

LONGEST_VIEW = timedelta(days=1825)
WANTED_PROPERTIES = re.compile(
    r"singleValueExtendedProperties\(\$filter=(id eq '[^']+'(?: or id eq '[^']+')*)\)",
    re.IGNORECASE,
)
HAVING_PROPERTY = re.compile(
    r"singleValueExtendedProperties/any\((\w+):\s*\1/id eq '([^']+)' and "
    r"\1/value eq '([^']+)'\)",
    re.IGNORECASE,
)
LIST_OPTIONS = (
    "$select",
    "$top",
    "$skip",
    "$orderby",
    "$expand",
    "$filter",
    "$count",
)
VIEW_OPTIONS = ("startDateTime", "endDateTime", *LIST_OPTIONS)


def calendar(state: State, person: Person, call: Call, group: str) -> Reply:
    """Answer about the calendar of a group."""
    only(call, "$select", of="calendar")
    found = _mailbox(state, person, group)
    return Reply(body=select(call, _calendar(found.id, "Calendar", found.mail)))


def own_calendar(state: State, person: Person, call: Call) -> Reply:
    """Answer about the caller's first calendar."""
    only(call, "$select", of="calendar")
    own_mailbox(state, person)
    return Reply(body=select(call, _calendar(person.oid, "Calendar", person.email)))


def calendars(state: State, person: Person, call: Call) -> Reply:
    """Answer which calendars the caller has."""
    only(call, "$select", "$top", "$skip", of="calendar")
    rows = [select(call, _calendar(person.oid, "Calendar", person.email))]
    return Reply(body=page(call, state.graph, rows, 100))


def own_view(state: State, person: Person, call: Call, calendar: str = "") -> Reply:
    """Answer what goes on in the caller's own calendar in a window."""
    del calendar  # everybody has one
    own_mailbox(state, person)
    return _viewed(state, call, list(state.seen_by(person.email)))


def view(state: State, person: Person, call: Call, group: str) -> Reply:
    """Answer what goes on in a group's calendar in a window."""
    return _viewed(state, call, state.on_calendar(_mailbox(state, person, group).id))


def listed(state: State, person: Person, call: Call, group: str) -> Reply:
    """Answer all events of a group's calendar."""
    only(call, *LIST_OPTIONS, of="event")
    found = state.on_calendar(_mailbox(state, person, group).id)
    return _paged(state, call, found)


def _filter(text: str) -> Callable[[Entry], bool]:
    if not text:
        return lambda _: True
    if by_uid := re.fullmatch(r"iCalUId eq '([^']+)'", text):
        return lambda entry: entry.uid == by_uid[1]
    if by_property := HAVING_PROPERTY.fullmatch(text):
        wanted = {"id": by_property[2], "value": by_property[3]}
        return lambda entry: wanted in entry.properties
    raise RefusalError(400, "ErrorInvalidUrlQueryFilter", "Invalid filter clause.")


def create(state: State, person: Person, call: Call, group: str = "") -> Reply:
    """Put an event into a calendar; once for each ``transactionId``."""
    only(call)
    mailbox, body = _mailbox(state, person, group), read_event(call.body)
    known = _known_transaction(state, mailbox, body)
    if known is not None:
        return Reply(201, _written(state, call, known))
    for name in ("start", "end"):
        if name not in body:
            raise RefusalError(
                400, "ErrorInvalidRequest", f"The property '{name}' is required."
            )
    start, end = instant(body["start"]), instant(body["end"])
    entry = Entry(mailbox.id, start, end, blank_event(), made_from=body)
    write(entry, body)
    if group:
        invite_the_house(state, entry, person)
    entry.transaction = body.get("transactionId")
    state.keep(entry)
    return Reply(201, _written(state, call, entry), {"ETag": entry.etag})


def read(
    state: State, person: Person, call: Call, event: str, group: str = ""
) -> Reply:
    """Answer one event."""
    only(call, "$select", "$expand", of="event")
    entry = _entry(state, _mailbox(state, person, group), event)
    return Reply(body=_written(state, call, entry), headers={"ETag": entry.etag})


def update(
    state: State, person: Person, call: Call, event: str, group: str = ""
) -> Reply:
    """Change an event, if it is still what the caller has seen."""
    only(call)
    entry = _entry(state, _mailbox(state, person, group), event)
    _check_version(call, entry)
    body = read_event(call.body)
    if body.get("transactionId", entry.transaction) != entry.transaction:
        raise RefusalError(
            400, "ErrorInvalidRequest", "The transactionId cannot be changed."
        )
    write(entry, body)
    if group:
        invite_the_house(state, entry, person)
    entry.touch()
    return Reply(body=_written(state, call, entry), headers={"ETag": entry.etag})


def remove(
    state: State, person: Person, call: Call, event: str, group: str = ""
) -> Reply:
    """Delete an event; its attendees get a cancellation."""
    only(call)
    entry = _entry(state, _mailbox(state, person, group), event)
    _check_version(call, entry)
    state.delete(entry.id)
    return Reply(204)


def own_mailbox(state: State, person: Person) -> Group:
    """Return the caller's own mailbox, as if it were that of a group of one.

    Raises:
        RefusalError: If the caller has none.
    """
    if person.email in state.without_mailbox:
        raise RefusalError(
            404,
            "MailboxNotEnabledForRESTAPI",
            "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
        )
    return Group(
        person.name, person.email, [person.email], [person.email], person.email
    )


def _mailbox(state: State, person: Person, group: str) -> Group:
    if not group:
        return own_mailbox(state, person)
    found = state.group_of.get(group)
    if found is not None and found.absent:
        found.absent -= 1
        found = None
    if found is None:
        raise RefusalError(
            404, "Request_ResourceNotFound", f"Resource '{group}' does not exist."
        )
    if person.email not in found.members:
        raise RefusalError(
            403,
            "ErrorAccessDenied",
            "Access is denied. Check credentials and try again.",
        )
    if found.hides:
        found.hides -= 1
        raise RefusalError(
            404,
            "MailboxNotEnabledForRESTAPI",
            "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
        )
    return found


def _entry(state: State, mailbox: Group, event: str) -> Entry:
    entry = state.entries.get(event) or state.by_other_id(event)
    if entry is None or entry.calendar != mailbox.id:
        raise RefusalError(
            404, "ErrorItemNotFound", "The specified object was not found in the store."
        )
    return entry


def _check_version(call: Call, entry: Entry) -> None:
    wanted = call.headers.get("if-match", "*")
    if wanted not in {"*", entry.etag}:
        raise RefusalError(
            412,
            "ErrorIrresolvableConflict",
            "The send or update operation could not be performed because the change "
            "key passed in the request does not match the current change key for the "
            "item.",
        )


def _known_transaction(
    state: State, mailbox: Group, body: dict[str, Any]
) -> Entry | None:
    """Return the event a repeated request has made.

    Programs that meet a refusal for a repeated ``transactionId`` expect 400 or 409 with
    this code, and one of them reads the id from the error. Microsoft's page on
    ``transactionId`` says nothing of it.
    """
    transaction = body.get("transactionId")
    if not transaction or (mailbox.id, transaction) not in state.used_transactions:
        return None
    for entry in state.on_calendar(mailbox.id):
        if entry.transaction == transaction and entry.made_from == body:
            return entry
    made = state.used_transactions[mailbox.id, transaction]
    named = {"@event.existingEventId": made} if state.names_existing else {}
    raise RefusalError(
        state.repeated_status,
        "ErrorDuplicateTransactionId",
        "Your request can't be completed. The TransactionId specified in the request "
        "has already been used to create a different event.",
        **named,
    )


def _viewed(state: State, call: Call, found: list[Entry]) -> Reply:
    only(call, *VIEW_OPTIONS, of="event")
    if not {"startDateTime", "endDateTime"} <= call.query.keys():
        raise RefusalError(
            400,
            "ErrorInvalidParameter",
            "This request requires a time window specified by the query string "
            "parameters StartDateTime and EndDateTime.",
        )
    found = [occurrence for entry in found for occurrence in on_view(entry)]
    start = asked_instant(call.query["startDateTime"])
    end = asked_instant(call.query["endDateTime"])
    if end - start > LONGEST_VIEW:
        raise RefusalError(
            400,
            "ErrorInvalidRequest",
            "Your request can't be completed. The range between the start and end "
            "dates is greater than the allowed range. Maximum number of days: 1825",
        )
    return _paged(state, call, [e for e in found if e.overlaps(start, end)])


def _paged(state: State, call: Call, found: list[Entry]) -> Reply:
    order = call.query.get("$orderby", "start/dateTime")
    if order.removesuffix(" asc") != "start/dateTime":
        raise RefusalError(400, "ErrorInvalidUrlQuery", f"Cannot order by {order}.")
    fits = _filter(call.query.get("$filter", ""))
    chosen = sorted(filter(fits, found), key=lambda entry: entry.start)
    rows = [_written(state, call, entry) for entry in chosen]
    size = min(number(call, "$top", 10, 1000), state.page_size)
    return Reply(body=page(call, state.graph, rows, size))


def _written(state: State, call: Call, entry: Entry) -> dict[str, Any]:
    found = event_json(state, entry, call.prefer("outlook.timezone", "UTC"))
    chosen = select(call, {**found, "id": shown_id(call, entry)})
    asked = "".join(WANTED_PROPERTIES.findall(call.query.get("$expand", "")))
    wanted = re.findall("'([^']+)'", asked)
    held = [p for p in entry.properties if p["id"].lower() in map(str.lower, wanted)]
    return {**chosen, "singleValueExtendedProperties": held} if held else chosen


def shown_id(call: Call, entry: Entry) -> str:
    """Return the id of an event; of one in a person's mailbox, of the kind asked for.

    Without the header, an id is another one after each move to another folder.

    Source:
        learn.microsoft.com/graph/outlook-immutable-id
    """
    is_lasting = call.prefer("idtype", "") == "ImmutableId"
    return entry.id if is_lasting or "@" not in entry.calendar else entry.other_id


def _calendar(calendar_id: str, name: str, address: str) -> dict[str, Any]:
    return {
        "id": f"AAMkAGcal{calendar_id}=",
        "name": name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": True,
        "changeKey": "bm90aGluZw==",
        "canShare": False,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": True,
        "isRemovable": False,
        "owner": {"name": address, "address": address},
    }
