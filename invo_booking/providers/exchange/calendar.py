"""Implement the port of a connected account for Exchange."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.outside import (
    Availability,
    ConnectionFinding,
    EventDraft,
    EventListing,
    HostCalendar,
    HostEvent,
    Limits,
    Permission,
    ServerAccount,
    UnreadableEvent,
)
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    EventUnreadableError,
    ProviderRefusedError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange import checks, differences, events, xml
from invo_booking.providers.exchange.free_busy import ask_free_busy
from invo_booking.providers.exchange.refusals import FindLimitError
from invo_booking.providers.exchange.soap import (
    Services,
    single_message,
    unreadable_answer_error,
)
from invo_booking.providers.exchange.xml import (
    MESSAGES,
    TYPES,
    message_element,
    type_element,
)

HOST_ID = events.CALENDAR
_READ = (*events.FIELDS,)
_KEYS = (events.OUR_KEY,)
_NARROWEST = timedelta(minutes=1)


class ExchangeCalendar:
    """One account; see ``usecases.shared.ports.BackendCalendar``."""

    def __init__(
        self,
        services: Callable[[], Services],
        account: Callable[[], ServerAccount],
        limits: Limits,
        now: Callable[[], datetime],
    ) -> None:
        self._open, self._account = services, account
        self._limits, self._now = limits, now

    @property
    def limits(self) -> Limits:
        """Exchange's limits."""
        return self._limits

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        """Return one answer for each mailbox, in the order of the arguments."""
        return ask_free_busy(self._open(), mailboxes, window)

    def events(self, window: Interval) -> EventListing:
        """Return all events of the host calendar that overlap the window."""
        read: list[HostEvent] = []
        unreadable: list[UnreadableEvent] = []
        for item in {_id(it): it for it in self._view(window)}.values():
            try:
                read.append(events.read_event(item))
            except EventUnreadableError:
                unreadable.append(events.unreadable_event(item))
        standing = [it for it in read if not it.cancelled]
        standing.sort(key=lambda it: it.period.start)
        shown = tuple(it for it in standing if it.period.overlaps(window))
        return EventListing(events=shown, unreadable=tuple(unreadable))

    def event(self, event_id: str) -> HostEvent:
        """Return one event of the host calendar; gone if it was deleted there."""
        return _require_standing(events.read_event(self._item(event_id, _READ, _KEYS)))

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        """Search our event, wherever in the calendar it is."""
        matches = [_require_standing(events.read_event(it)) for it in self._ours(key)]
        if event := next((it for it in matches if it.period == period), None):
            return event
        is_single = len(matches) == 1 and not matches[0].series_id
        return matches[0] if is_single else None

    def create(self, draft: EventDraft) -> HostEvent:
        """Create an event, unless there is one with its key."""
        if standing := self.find(draft.key, draft.period):
            return self.change(standing, draft)
        operation = message_element(
            "CreateItem",
            message_element("SavedItemFolderId", events.own_folder()),
            message_element("Items", events.new_item(draft)),
            SendMeetingInvitations=_recipients_word(is_meeting=bool(draft.attendees)),
        )
        return self._write_item(operation, draft, events.uid_of(draft.key))

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        """Update what differs of an event, unless it was changed by another client."""
        fields = (*_READ, *events.CONTENT_FIELDS)
        item = self._item(known.id, fields, (*_KEYS, events.WRITTEN))
        there = _require_standing(events.read_event(item))
        if known.version and there.version != known.version:
            raise EventChangedError("Somebody has changed the event in Exchange.")
        updates = differences.updates_for(item, there, draft)
        if not updates:
            return there
        is_meeting = bool(draft.attendees or differences.attendee_addresses(item))
        operation = message_element(
            "UpdateItem",
            message_element(
                "ItemChanges",
                type_element(
                    "ItemChange",
                    type_element("ItemId", Id=there.id, ChangeKey=there.version),
                    type_element("Updates", *updates),
                ),
            ),
            ConflictResolution="NeverOverwrite",
            SendMeetingInvitationsOrCancellations=_recipients_word(
                is_meeting=is_meeting
            ),
        )
        return self._write_item(operation, draft, there.uid)

    def cancel(self, event_id: str) -> None:
        """Remove an event and notify its attendees; does nothing if it is gone."""
        operation = message_element(
            "DeleteItem",
            message_element("ItemIds", type_element("ItemId", Id=event_id)),
            DeleteType="MoveToDeletedItems",
            SendMeetingCancellations="SendToAllAndSaveCopy",
        )
        try:
            single_message(self._open().ask(operation, is_change=True), is_change=True)
        except EventGoneError:
            return

    def permissions(self, granted: frozenset[str]) -> list[Permission]:
        """Return nothing: what the account may do is found by trying."""
        del granted
        return []

    def hosts(self) -> list[HostCalendar]:
        """Return the calendar of the service account."""
        account = self._account()
        name, address = account.mailbox or account.user, account.mailbox
        return [HostCalendar(id=HOST_ID, name=name, address=address, is_owner=True)]

    def create_host(self, name: str) -> HostCalendar:
        """Refuse: only the main calendar of a mailbox reads answers to invitations."""
        del name
        raise ProviderRefusedError(
            "With Exchange, the calendar of the service account hosts appointments. "
            "For another calendar, enter another service account."
        )

    def check(self, probe: str = "") -> list[ConnectionFinding]:
        """Check everything the connection needs, without writing."""
        return list(
            checks.connection_findings(
                self._open(), self._account(), probe, self._now()
            )
        )

    def _write_item(
        self, operation: ET.Element, draft: EventDraft, uid: str
    ) -> HostEvent:
        answer = self._open().ask(operation, is_change=True)
        items = _items(single_message(answer, is_change=True))
        known = xml.find(items[0], "ItemId") if len(items) == 1 else None
        if known is None:
            raise unreadable_answer_error(is_change=True)
        return HostEvent(
            id=known.get("Id", ""),
            version=known.get("ChangeKey", ""),
            uid=uid,
            period=draft.period,
            key=draft.key,
        )

    def _item(
        self, event_id: str, fields: tuple[str, ...], properties: tuple[str, ...]
    ) -> ET.Element:
        operation = message_element(
            "GetItem",
            events.shape(fields, properties),
            message_element("ItemIds", type_element("ItemId", Id=event_id)),
        )
        items = _items(single_message(self._open().ask(operation)))
        if len(items) != 1:
            raise unreadable_answer_error()
        return items[0]

    def _ours(self, key: UUID) -> list[ET.Element]:
        constant = type_element(
            "FieldURIOrConstant", type_element("Constant", Value=str(key))
        )
        restriction = message_element(
            "Restriction",
            type_element("IsEqualTo", events.property_uri(events.OUR_KEY), constant),
        )
        paging = message_element(
            "IndexedPageItemView",
            MaxEntriesReturned="10",
            Offset="0",
            BasePoint="Beginning",
        )
        return _items(self._find_items(paging, restriction))

    def _view(self, window: Interval) -> Iterator[ET.Element]:
        """Yield what is in a window; a crowded one is asked for in halves."""
        bounds = message_element(
            "CalendarView",
            StartDate=events.write_instant(window.start),
            EndDate=events.write_instant(window.end),
        )
        try:
            root = self._find_items(bounds)
            is_whole = _folder(root).get("IncludesLastItemInRange") != "false"
        except FindLimitError:
            if window.end - window.start <= _NARROWEST:
                raise
            root, is_whole = None, False
        if root is not None and (is_whole or window.end - window.start <= _NARROWEST):
            yield from _items(root)
            return
        middle = window.start + (window.end - window.start) / 2
        middle = middle.replace(second=0, microsecond=0)
        yield from self._view(Interval(window.start, middle))
        yield from self._view(Interval(middle, window.end))

    def _find_items(self, *narrowed: ET.Element) -> ET.Element:
        operation = message_element(
            "FindItem",
            events.shape(_READ, _KEYS),
            *narrowed,
            message_element("ParentFolderIds", events.own_folder()),
            Traversal="Shallow",
        )
        return single_message(self._open().ask(operation))


def _require_standing(event: HostEvent) -> HostEvent:
    if event.cancelled:
        raise EventGoneError("The event was cancelled in Exchange.")
    return event


def _folder(content: ET.Element) -> ET.Element:
    folder = content.find(f"{MESSAGES}RootFolder")
    if folder is None:
        raise unreadable_answer_error()
    return folder


def _items(content: ET.Element) -> list[ET.Element]:
    """Return the calendar items of a response message."""
    return list(content.iter(f"{TYPES}CalendarItem"))


def _id(item: ET.Element) -> str:
    known = xml.find(item, "ItemId")
    return known.get("Id", "") if known is not None else ""


def _recipients_word(*, is_meeting: bool) -> str:
    """Return whom Exchange tells of a change: an item without guests tells nobody."""
    return "SendToAllAndSaveCopy" if is_meeting else "SendToNone"
