"""Implement the ports for Outlook 365 with Microsoft's sign-in and Graph."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import (
    Availability,
    ConnectionFinding,
    EventDraft,
    EventListing,
    Grant,
    HostCalendar,
    HostEvent,
    Limits,
    Permission,
)
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    EventUnreadableError,
    ProviderError,
    ProviderRefusedError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.call_gate import CallCounts, SharedGates
from invo_booking.providers.events import read_listing, write_bound
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft import (
    checks,
    differences,
    groups,
    hosts,
    oauth,
    permissions,
)
from invo_booking.providers.microsoft import events as microsoft_events
from invo_booking.providers.microsoft.changes import OutlookChangeLog
from invo_booking.providers.microsoft.graph import (
    ABANDONED_SECONDS,
    Graph,
    RefusedError,
)
from invo_booking.providers.microsoft.hosts import Host
from invo_booking.providers.microsoft.oauth import Authority
from invo_booking.providers.microsoft.schedule import ask_schedules
from invo_booking.texts import say

LIMITS = Limits(
    mailboxes_per_call=20,
    longest_window=timedelta(days=42),
    concurrency=4,
    two_way=True,
)
"""Microsoft's documented limits. ``longest_window`` is the same for all providers: the
smallest of their documented limits."""

_AROUND = timedelta(days=1)
_ITEM_MISSING = "ErrorItemNotFound"


class Microsoft(Authority):
    """Microsoft as a provider; see ``domain.calendars.ports.Provider``."""

    def __init__(
        self,
        caller: VendorClient,
        *,
        authority: str,
        graph: str,
        limits: Limits = LIMITS,
        counts: CallCounts | None = None,
    ) -> None:
        """Create the object without calling Microsoft.

        Args:
            authority: Base URL of the sign-in, without a tenant.
            graph: Base URL of Graph, without a version.
            limits: Limits that differ from Microsoft's, for national clouds and tests.
            counts: Where the calls of all processes are counted; by default, only the
                calls of this process are counted.
        """
        seconds = min(oauth.SECONDS, limits.call_seconds)
        super().__init__(caller, authority, seconds=seconds)
        self._graph, self._limits = graph, limits
        self._gates = SharedGates(
            counts or CallCounts(),
            "microsoft",
            limits.concurrency,
            limits.call_seconds + ABANDONED_SECONDS,
        )

    def revoke(self, grant: Grant) -> None:
        """Do nothing: at Microsoft, only an administrator can revoke a sign-in."""
        del grant

    def open(
        self,
        token: Callable[[bool], str],
        host_id: str = "",
        *,
        account: str = "",
        zone: ZoneInfo,
        host_is_new: bool = False,
    ) -> "OutlookCalendar":
        """Open a connected account.

        Microsoft allows four concurrent calls per application and mailbox. All calls to
        ``getSchedule`` count for the account's mailbox. Calls to the group's mailbox
        share its limit, because Microsoft does not document whether these calls have a
        limit of their own.

        Source:
            learn.microsoft.com/graph/throttling-limits on Outlook service limits
        """
        graph = Graph(
            self._caller,
            self._graph,
            token,
            gate=self._gates.of(account),
            seconds=self._limits.call_seconds,
        )
        host = Host(host_id, is_new=host_is_new)
        return OutlookCalendar(graph, host, self._limits, zone)


class OutlookCalendar:
    """One connected account.

    What the methods return and raise: ``domain.calendars.ports.BackendCalendar``.
    """

    def __init__(
        self, graph: Graph, host: Host, limits: Limits, zone: ZoneInfo
    ) -> None:
        self._graph, self._host, self._limits = graph, host, limits
        self._zone = zone

    @property
    def limits(self) -> Limits:
        """Microsoft's limits, or the limits that were set instead."""
        return self._limits

    @property
    def change_log(self) -> OutlookChangeLog | None:
        """The changes in the account's own calendar; ``None`` for a group's calendar.

        Graph lists no changes in group calendars.

        Source:
            github.com/microsoftgraph/microsoft-graph-docs/issues/4996
        """
        if not self._host.is_own:
            return None
        return OutlookChangeLog(self._graph, self._host, self._zone)

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        """Return the availability of each mailbox, in the order of ``mailboxes``."""
        return ask_schedules(self._graph, mailboxes, window, self._zone)

    def events(self, window: Interval) -> EventListing:
        """Return all events of the host calendar that overlap the window."""
        call = self._host.call(
            "GET",
            "/calendarView",
            query={
                "startDateTime": write_bound(window.start),
                "endDateTime": write_bound(window.end),
                "$top": "500",
                **self._host.fields(microsoft_events.FIELDS),
            },
        )
        try:
            return self._read_events(self._graph.pages(call))
        except RefusedError as refused:
            raise self._host_trouble(refused) from refused

    def event(self, event_id: str) -> HostEvent:
        """Return one event of the host calendar.

        Raises:
            EventGoneError: If the event was deleted or cancelled in the host calendar.
        """
        fields = self._host.fields(microsoft_events.FIELDS)
        event = self._about("GET", event_id, query=fields)
        if event is None or event.cancelled:
            raise EventGoneError(say("microsoft.provider.event_cancelled"))
        return event

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        """Return our event with this key, from a day before a period to a day after.

        If several copies have the key, only a copy at exactly this period is returned.
        """
        listing = self.events(period.widen(_AROUND, _AROUND))
        ours = [it for it in listing.events if it.key == key and not it.cancelled]
        if event := next((it for it in ours if it.period == period), None):
            return event
        if len(ours) == 1 and not ours[0].series_id:
            return ours[0]
        if key in {it.key for it in listing.unreadable}:
            raise EventUnreadableError(say("microsoft.provider.event_unreadable"))
        return None

    def create(self, draft: EventDraft) -> HostEvent:
        """Create an event, or update the existing event with the same key."""
        fields = {
            **microsoft_events.new_event_body(draft),
            "singleValueExtendedProperties": _marks(draft),
        }
        try:
            return self._post_event(draft, fields)
        except RefusedError as refused:
            if not refused.is_repeated:
                raise self._host_trouble(refused) from refused
            standing = self._made_before(refused.existing_id, draft)
        if standing:
            return self.change(standing, draft)
        # The event with this key was deleted, but Graph still knows the transactionId.
        return self._post_event(draft, {**fields, "transactionId": str(uuid4())})

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        """Update the fields of an event that differ from the draft.

        Raises:
            EventChangedError: If another client has changed the event since ``known``
                was read or written.
        """
        fields = self._host.fields(differences.FIELDS)
        event = self._raw("GET", known.id, query=fields)
        there = self._read(event)
        if there.cancelled:
            raise EventGoneError(say("microsoft.provider.event_cancelled"))
        if known.version and there.version != known.version:
            raise EventChangedError(say("microsoft.provider.event_changed"))
        body = differences.differing_fields(event, there, draft)
        if not body:
            return replace(there, key=draft.key)
        changed = self._about(
            "PATCH",
            known.id,
            headers=microsoft_events.if_unchanged_header(there),
            body={**body, "singleValueExtendedProperties": _marks(draft)},
        )
        return replace(changed or self.event(known.id), key=draft.key)

    def cancel(self, event_id: str) -> None:
        """Remove an event and notify its attendees; do nothing if the event is gone."""
        try:
            self._about("DELETE", event_id)
        except EventGoneError:
            return

    def permissions(self, granted: frozenset[str]) -> list[Permission]:
        """Return all needed permissions and whether they are granted."""
        return permissions.needed_permissions(granted, has_own_host=self._host.is_own)

    def hosts(self) -> list[HostCalendar]:
        """Return the groups whose calendars can host appointments.

        If the account's own calendar is the host, return only that calendar.
        """
        if self._host.is_own:
            return [hosts.own_host(self._graph)]
        return groups.host_groups(self._graph)

    def create_host(self, name: str) -> HostCalendar:
        """Create a group, whose mailbox may be usable only some minutes later.

        Raises:
            ProviderRefusedError: If the account's own calendar is the host.
        """
        if self._host.is_own:
            raise ProviderRefusedError(say("microsoft.provider.own_calendar_hosts"))
        return groups.create_host_group(self._graph, name)

    def check(self, probe: str = "") -> list[ConnectionFinding]:
        """Check everything the connection needs, without writing."""
        return list(checks.connection_findings(self._graph, self._host, probe))

    def _made_before(self, existing_id: str, draft: EventDraft) -> HostEvent | None:
        """Return the event created earlier with the draft's key, if it still exists."""
        if existing_id:
            with suppress(EventGoneError):
                return self.event(existing_id)
        return self.find(draft.key, draft.period)

    def _post_event(self, draft: EventDraft, fields: Mapping[str, Any]) -> HostEvent:
        call = self._host.call("POST", "/calendar/events", body=fields)
        # Graph's answer does not contain the extended property with our key.
        return replace(self._read(self._graph.ask(call)), key=draft.key)

    def _read(self, event: Mapping[str, Any]) -> HostEvent:
        return microsoft_events.read_event(event, self._zone)

    def _read_events(self, entries: Iterable[Mapping[str, Any]]) -> EventListing:
        return read_listing(
            entries,
            self._read,
            lambda entry: microsoft_events.unreadable_event(entry, self._zone),
        )

    def _about(self, method: str, event_id: str, **parts: Any) -> HostEvent | None:
        """Make a call about one event; ``None`` if the response is empty."""
        event = self._raw(method, event_id, **parts)
        return self._read(event) if event else None

    def _raw(self, method: str, event_id: str, **parts: Any) -> dict[str, Any]:
        """Make a call about one event and return Graph's response."""
        path, at = "/calendar/events/{event}", {"event": event_id}
        try:
            return self._graph.ask(self._host.call(method, path, at, **parts))
        except RefusedError as refused:
            raise self._event_trouble(refused) from refused

    def _event_trouble(self, refused: RefusedError) -> ProviderError:
        """Return the error for a refused call about an event.

        An event counts as gone only if its calendar can be read: a temporarily missing
        calendar must not look as if all its events were deleted.
        """
        if refused.is_conflict:
            return EventChangedError(
                say("microsoft.provider.event_changed"),
                reference=refused.reference,
            )
        if not refused.is_missing:
            return refused
        if refused.word != _ITEM_MISSING and (trouble := self._calendar_trouble()):
            return trouble
        return EventGoneError(
            say("microsoft.provider.event_gone"), reference=refused.reference
        )

    def _calendar_trouble(self) -> ProviderError | None:
        try:
            self._graph.ask(self._host.read_call())
        except RefusedError as refused:
            return self._host_trouble(refused)
        return None

    def _host_trouble(self, refused: RefusedError) -> ProviderError:
        return self._host.trouble(self._graph, refused)


def _marks(draft: EventDraft) -> list[dict[str, str]]:
    return [microsoft_events.key_mark(draft), differences.written_mark(draft)]
