"""The operations of Exchange's web services."""

from collections.abc import Callable
from datetime import timedelta

from lxml import etree

from tests.support.exchange import items
from tests.support.exchange.schema import M, T
from tests.support.exchange.soap import (
    RefusalError,
    error_parts,
    failure,
    instant,
    node,
    response,
    success,
)
from tests.support.exchange.state import Item, State

MOST_MAILBOXES = 100
LONGEST_WINDOW = timedelta(days=42)
RIGHTS = (
    "CreateAssociated",
    "CreateContents",
    "CreateHierarchy",
    "Delete",
    "Modify",
    "Read",
    "ViewPrivateItems",
)


def get_folder(state: State, asked: etree._Element) -> etree._Element:
    """Answer what the account may do with its calendar."""
    del asked
    rights = [
        node(T + name, "true" if name in state.rights else "false") for name in RIGHTS
    ]
    folder = node(
        f"{T}CalendarFolder",
        node(f"{T}FolderId", Id="calendar-folder", ChangeKey="1"),
        node(f"{T}EffectiveRights", *rights),
    )
    message = success("GetFolder", node(f"{M}Folders", folder))
    return response("GetFolder", message)


def find_item(state: State, asked: etree._Element) -> etree._Element:
    """Answer what is in a window, or has a property."""
    shape = asked.find(f"{M}ItemShape")
    view, paging = asked.find(f"{M}CalendarView"), asked.find(f"{M}IndexedPageItemView")
    found = _in_view(state, view) if view is not None else _with_property(state, asked)
    if len(found) > state.find_limit:
        return response("FindItem", failure("FindItem", "ErrorExceededFindCountLimit"))
    rows = [items.shown(it, shape) for it in found]
    more = {"IndexedPagingOffset": str(len(rows))} if paging is not None else {}
    folder = node(
        f"{M}RootFolder",
        node(f"{T}Items", *rows),
        TotalItemsInView=str(len(rows)),
        IncludesLastItemInRange="true",
        **more,
    )
    return response("FindItem", success("FindItem", folder))


def get_item(state: State, asked: etree._Element) -> etree._Element:
    """Answer items by their ids."""
    shape = asked.find(f"{M}ItemShape")

    def one(row: etree._Element) -> etree._Element:
        return items.shown(state.item(row.get("Id")), shape)

    return _each("GetItem", asked.find(f"{M}ItemIds"), one)


def create_item(state: State, asked: etree._Element) -> etree._Element:
    """Make items; who is invited is told by the word that was sent."""
    word = _word(asked, "SendMeetingInvitations")

    def one(row: etree._Element) -> etree._Element:
        if "CreateContents" not in state.rights:
            raise RefusalError("ErrorCreateItemAccessDenied")
        item = items.created(row)
        item.tell(word)
        state.items[item.id] = item
        return node(f"{T}CalendarItem", items.identity(item))

    return _each("CreateItem", asked.find(f"{M}Items"), one)


def update_item(state: State, asked: etree._Element) -> etree._Element:
    """Change items, unless somebody else has."""
    word = _word(asked, "SendMeetingInvitationsOrCancellations")

    def one(change: etree._Element) -> etree._Element:
        name = change.find(f"{T}ItemId")
        item = state.item(name.get("Id"))
        if "Modify" not in state.rights:
            raise RefusalError("ErrorAccessDenied")
        is_strict = asked.get("ConflictResolution") == "NeverOverwrite"
        if is_strict and name.get("ChangeKey") != item.change_key:
            raise RefusalError("ErrorIrresolvableConflict")
        for update in change.find(f"{T}Updates"):
            _update(item, update)
        item.tell(word)
        item.touch()
        return node(f"{T}CalendarItem", items.identity(item))

    answer = _each("UpdateItem", asked.find(f"{M}ItemChanges"), one)
    for message in answer.iter(f"{M}UpdateItemResponseMessage"):
        if message.get("ResponseClass") == "Success":
            message.append(node(f"{M}ConflictResults", node(f"{T}Count", "0")))
    return answer


def delete_item(state: State, asked: etree._Element) -> etree._Element:
    """Delete items; who was invited is told by the word that was sent."""
    word = _word(asked, "SendMeetingCancellations")

    def one(row: etree._Element) -> None:
        item = state.item(row.get("Id"))
        if "Delete" not in state.rights:
            raise RefusalError("ErrorAccessDenied")
        state.delete(item.id, word)

    return _each("DeleteItem", asked.find(f"{M}ItemIds"), one)


def get_user_availability(state: State, asked: etree._Element) -> etree._Element:
    """Answer when mailboxes are busy.

    Raises:
        RefusalError: If too much is asked for at once.
    """
    rows = asked.find(f"{M}MailboxDataArray")
    window = asked.find(f"{T}FreeBusyViewOptions/{T}TimeWindow")
    start, end = (instant(window.findtext(T + it)) for it in ("StartTime", "EndTime"))
    if len(rows) > MOST_MAILBOXES:
        raise RefusalError("ErrorMailboxDataArrayTooBig")
    if end - start > LONGEST_WINDOW:
        raise RefusalError("ErrorTimeIntervalTooBig")
    answers = []
    for row in rows:
        mailbox = row.findtext(f"{T}Email/{T}Address").lower()
        answers.append(_free_busy(state, mailbox, start, end))
    array = node(f"{M}FreeBusyResponseArray", *answers)
    return node(f"{M}GetUserAvailabilityResponse", array)


Operation = Callable[[State, etree._Element], etree._Element]  # noqa: SLF001 - lxml's type

OPERATIONS: dict[str, Operation] = {
    "GetFolder": get_folder,
    "FindItem": find_item,
    "GetItem": get_item,
    "CreateItem": create_item,
    "UpdateItem": update_item,
    "DeleteItem": delete_item,
    "GetUserAvailabilityRequest": get_user_availability,
}


def _free_busy(state: State, mailbox: str, start, end) -> etree._Element:
    if code := state.problems.get(mailbox):
        about = node(f"{M}ResponseMessage", *error_parts(code), ResponseClass="Error")
        view = node(f"{M}FreeBusyView", node(f"{T}FreeBusyViewType", "None"))
        return node(f"{M}FreeBusyResponse", about, view)
    about = node(
        f"{M}ResponseMessage",
        node(f"{M}ResponseCode", "NoError"),
        ResponseClass="Success",
    )
    if mailbox in state.merged_only:
        kind, digits = node(f"{T}FreeBusyViewType", "MergedOnly"), "0" * 48
        view = node(f"{M}FreeBusyView", kind, node(f"{T}MergedFreeBusy", digits))
        return node(f"{M}FreeBusyResponse", about, view)
    spans = [it for it in state.spans_of(mailbox) if it[0] < end and it[1] > start]
    entries = [_entry(*span, state.details) for span in sorted(spans)]
    state.told_details += len(entries) if state.details else 0
    array = node(f"{T}CalendarEventArray", *entries) if entries else None
    kind = node(f"{T}FreeBusyViewType", "FreeBusy")
    return node(f"{M}FreeBusyResponse", about, node(f"{M}FreeBusyView", kind, array))


def _entry(start, end, status: str, details: str) -> etree._Element:
    return node(
        f"{T}CalendarEvent",
        node(f"{T}StartTime", f"{start:%Y-%m-%dT%H:%M:%S}"),
        node(f"{T}EndTime", f"{end:%Y-%m-%dT%H:%M:%S}"),
        node(f"{T}BusyType", status),
        _details(details) if details else None,
    )


def _details(words: str) -> etree._Element:
    flags = ("IsMeeting", "IsRecurring", "IsException", "IsReminderSet", "IsPrivate")
    return node(
        f"{T}CalendarEventDetails",
        node(f"{T}Subject", words),
        node(f"{T}Location", words),
        *(node(T + name, "false") for name in flags),
    )


def _each(operation: str, rows: etree._Element, one) -> etree._Element:
    messages = []
    for row in rows:
        try:
            made = one(row)
        except RefusalError as refusal:
            messages.append(failure(operation, refusal.code))
            continue
        listed = [items.single_list(made)] if operation != "DeleteItem" else []
        messages.append(success(operation, *listed))
    return response(operation, *messages)


def _word(asked: etree._Element, name: str) -> str:
    """Return whom an operation on calendar items shall tell.

    Source:
        learn.microsoft.com, DeleteItemType.SendMeetingCancellations: "This property is
        required for calendar item deletions"; likewise of the other two operations

    Raises:
        RefusalError: If it does not say.
    """
    word = asked.get(name)
    if word is None:
        raise RefusalError(f"Error{name}Required")
    return word


def _update(item: Item, update: etree._Element) -> None:
    if update.tag == f"{T}DeleteItemField":
        items.erase(item, update[0])
    else:
        items.write(item, update.find(f"{T}CalendarItem")[0])


def _in_view(state: State, view: etree._Element) -> list[Item]:
    start, end = instant(view.get("StartDate")), instant(view.get("EndDate"))
    found = [it for it in state.items.values() if it.start < end and it.end > start]
    return sorted(found, key=lambda it: it.start)


def _with_property(state: State, asked: etree._Element) -> list[Item]:
    rule = asked.find(f"{M}Restriction/{T}IsEqualTo")
    if rule is None:
        return list(state.items.values())
    key = items.property_key(rule.find(f"{T}ExtendedFieldURI"))
    wanted = rule.find(f"{T}FieldURIOrConstant/{T}Constant").get("Value")
    return [it for it in state.items.values() if it.properties.get(key) == wanted]
