# pyright: standard
# exchangelib has no types.
"""Implement the port ``BackendCalendar`` for Exchange."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from exchangelib import CalendarItem
from exchangelib.properties import CalendarView

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
)
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    ProviderRefusedError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.events import read_listing
from invo_booking.providers.exchange import checks, differences, events
from invo_booking.providers.exchange.events import Item
from invo_booking.providers.exchange.free_busy import ask_free_busy
from invo_booking.providers.exchange.refusals import (
    FindLimitError,
    unreadable_answer_error,
)
from invo_booking.providers.exchange.services import (
    CreateItem,
    DeleteItem,
    FindItem,
    GetItem,
    Services,
    UpdateItem,
)
from invo_booking.providers.exchange.sessions import OwnAccount
from invo_booking.texts import say

HOST_ID = "calendar"
_READ = events.ews_field_paths(*events.FIELDS)
_READ_WHOLE = events.ews_field_paths(*events.FIELDS, *events.CONTENT_FIELDS)
_NARROWEST = timedelta(minutes=1)


class ExchangeCalendar:
    """One account at an Exchange server.

    What the methods return and raise: ``domain.calendars.ports.BackendCalendar``.
    """

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
        """Exchange's limits, or the limits that a test set."""
        return self._limits

    @property
    def change_log(self) -> None:
        """``None``: Exchange's list of changes is not used."""
        return

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        """Return the availability of each mailbox, in the order of ``mailboxes``."""
        return ask_free_busy(self._open(), mailboxes, window)

    def events(self, window: Interval) -> EventListing:
        """Return all events of the host calendar that overlap the window."""
        items = {it.id: it for it in self._view(window)}.values()
        listing = read_listing(items, events.read_event, events.unreadable_event)
        standing = [it for it in listing.events if not it.cancelled]
        standing.sort(key=lambda it: it.period.start)
        shown = tuple(it for it in standing if it.period.overlaps(window))
        return EventListing(events=shown, unreadable=listing.unreadable)

    def event(self, event_id: str) -> HostEvent:
        """Return one event of the host calendar.

        Raises:
            EventGoneError: If the event was deleted in the host calendar.
        """
        return _require_standing(events.read_event(self._item(event_id, _READ)))

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        """Return our event with this key, on any day.

        If several copies have the key, only a copy at exactly this period is returned.
        """
        matches = [_require_standing(events.read_event(it)) for it in self._ours(key)]
        if event := next((it for it in matches if it.period == period), None):
            return event
        is_single = len(matches) == 1 and not matches[0].series_id
        return matches[0] if is_single else None

    def create(self, draft: EventDraft) -> HostEvent:
        """Create an event, or update the existing event with the same key."""
        if standing := self.find(draft.key, draft.period):
            return self.change(standing, draft)
        item, is_meeting = events.new_ews_item(draft), bool(draft.attendees)
        made = self._open().ask(
            lambda it: CreateItem(it).one(item, is_meeting=is_meeting), is_change=True
        )
        return _written_event(made, draft, events.uid_of(draft.key))

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        """Update the fields of an event that differ from the draft.

        Raises:
            EventChangedError: If another client has changed the event since ``known``
                was read or written.
        """
        item = self._item(known.id, _READ_WHOLE)
        there = _require_standing(events.read_event(item))
        if known.version and there.version != known.version:
            raise EventChangedError(say("exchange.calendar.event_changed"))
        updates = differences.updates_for(item, there, draft)
        if not updates:
            return there
        is_meeting = bool(draft.attendees or events.attendee_rows(item))
        changed = CalendarItem(id=there.id, changekey=there.version, **updates)
        made = self._open().ask(
            lambda it: UpdateItem(it).one(changed, [*updates], is_meeting=is_meeting),
            is_change=True,
        )
        return _written_event(made, draft, there.uid)

    def cancel(self, event_id: str) -> None:
        """Remove an event and notify its attendees; do nothing if the event is gone."""
        try:
            self._open().ask(lambda it: DeleteItem(it).one(event_id), is_change=True)
        except EventGoneError:
            return

    def permissions(self, granted: frozenset[str]) -> list[Permission]:
        """Return an empty list: Exchange has no scopes; ``check`` tests the rights."""
        del granted
        return []

    def hosts(self) -> list[HostCalendar]:
        """Return the calendar of the service account."""
        account = self._account()
        name, address = account.mailbox or account.user, account.mailbox
        return [HostCalendar(id=HOST_ID, name=name, address=address, is_owner=True)]

    def create_host(self, name: str) -> HostCalendar:
        """Refuse: Exchange records replies to invitations in main calendars only."""
        del name
        raise ProviderRefusedError(say("exchange.calendar.only_own_calendar"))

    def check(self, probe: str = "") -> list[ConnectionFinding]:
        """Check everything the connection needs, without writing."""
        return list(
            checks.connection_findings(
                self._open(), self._account(), probe, self._now()
            )
        )

    def _item(self, event_id: str, fields: Sequence[Any]) -> Item:
        return self._open().ask(lambda it: GetItem(it).one(event_id, fields))

    def _ours(self, key: UUID) -> list[Item]:
        results = self._open().ask(
            lambda it: FindItem(it).with_property(_READ, our_key=str(key))
        )
        return _calendar_items(results)

    def _view(self, window: Interval) -> Iterator[Item]:
        """Yield the items of a window; if there are too many, split the window."""
        items, is_whole = self._look(window)
        if is_whole or window.end - window.start <= _NARROWEST:
            yield from items
            return
        middle = window.start + (window.end - window.start) / 2
        middle = middle.replace(second=0, microsecond=0)
        yield from self._view(Interval(window.start, middle))
        yield from self._view(Interval(middle, window.end))

    def _look(self, window: Interval) -> tuple[list[Item], bool]:
        """Return items of a window, and whether these are all items of the window."""
        view = CalendarView(
            start=events.ews_instant(window.start), end=events.ews_instant(window.end)
        )

        def ask(account: OwnAccount) -> tuple[list[Item], bool]:
            find = FindItem(account)
            return _calendar_items(find.in_window(view, _READ)), find.is_whole

        try:
            return self._open().ask(ask)
        except FindLimitError:
            if window.end - window.start <= _NARROWEST:
                raise
            return [], False


def _require_standing(event: HostEvent) -> HostEvent:
    if event.cancelled:
        raise EventGoneError(say("exchange.calendar.event_cancelled"))
    return event


def _calendar_items(results: Sequence[Any]) -> list[Item]:
    return [it for it in results if isinstance(it, CalendarItem)]


def _written_event(made: Any, draft: EventDraft, uid: str) -> HostEvent:
    if not made.id or not made.changekey:
        raise unreadable_answer_error(is_change=True)
    return HostEvent(
        id=made.id,
        version=made.changekey,
        uid=uid,
        period=draft.period,
        key=draft.key,
    )
