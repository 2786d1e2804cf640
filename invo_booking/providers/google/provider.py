"""Implement the ports for Google Calendar."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import (
    Availability,
    ConnectionFinding,
    EventDraft,
    EventListing,
    HostCalendar,
    HostEvent,
    Limits,
    Permission,
    Registration,
)
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    EventUnreadableError,
    ProviderError,
    ProviderRefusedError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.calls import Call
from invo_booking.providers.events import read_listing, write_bound
from invo_booking.providers.google import (
    calendars,
    checks,
    differences,
    oauth,
    permissions,
)
from invo_booking.providers.google import events as google_events
from invo_booking.providers.google.api import Api
from invo_booking.providers.google.free_busy import MOST_CALENDARS, ask_free_busy
from invo_booking.providers.google.oauth import GoogleSignIn
from invo_booking.providers.google.reasons import ApiRefusedError
from invo_booking.providers.http import VendorClient
from invo_booking.texts import say

LIMITS = Limits(
    mailboxes_per_call=MOST_CALENDARS,
    longest_window=timedelta(days=42),
    concurrency=4,
    two_way=False,
)
"""Google's documented limits. ``longest_window`` is the same for all providers: the
smallest of their documented limits."""

MOST_NAMES = 50
"""Largest number of events created for one appointment: an id cannot be used again
after its event was deleted."""

_AROUND = timedelta(days=1)
_LISTED = f"items({google_events.FIELDS}),nextPageToken"


@dataclass(frozen=True, slots=True)
class HostId:
    """The calendar that hosts appointments.

    Attributes:
        id: Id of the calendar; empty if no calendar is chosen.
        is_new: Whether the calendar was created so recently that it is perhaps not
            usable yet.
    """

    id: str
    is_new: bool = False


class Google(GoogleSignIn):
    """Google as a provider; see ``domain.calendars.ports.Provider``."""

    def __init__(
        self,
        caller: VendorClient,
        *,
        api: str,
        consent_page: str,
        token_url: str,
        limits: Limits = LIMITS,
    ) -> None:
        """Create the object without calling Google.

        Args:
            api: Base URL of the API.
            consent_page: URL to which the browser is sent to sign in.
            token_url: URL of the token endpoint.
            limits: Limits that differ from Google's, for tests.
        """
        super().__init__(
            caller,
            consent_page=consent_page,
            token_url=token_url,
            seconds=min(oauth.SECONDS, limits.call_seconds),
        )
        self._api, self._limits = api, limits
        self._gate = threading.BoundedSemaphore(limits.concurrency)

    def consent_url(self, by: Registration, redirect_uri: str, state: str) -> str:
        """Return an empty URL: at Google, people consent when they sign in."""
        del by, redirect_uri, state
        return ""

    def open(
        self,
        token: Callable[[bool], str],
        host_id: str = "",
        *,
        account: str = "",
        zone: ZoneInfo,
        host_is_new: bool = False,
    ) -> "GoogleCalendar":
        """Open a connected account."""
        api = Api(
            self._caller,
            self._api,
            token,
            gate=self._gate,
            seconds=self._limits.call_seconds,
        )
        return GoogleCalendar(
            api, self._limits, zone, account, HostId(host_id, is_new=host_is_new)
        )


class GoogleCalendar:
    """One connected account; see ``domain.calendars.ports.BackendCalendar``."""

    def __init__(
        self, api: Api, limits: Limits, zone: ZoneInfo, account: str, host: HostId
    ) -> None:
        self._api, self._limits, self._zone = api, limits, zone
        self._account, self._host = account, host

    @property
    def limits(self) -> Limits:
        """Google's limits, or the limits that a test set."""
        return self._limits

    @property
    def change_log(self) -> None:
        """``None``: Google's list of changes is not used."""
        return

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        """Return the availability of each mailbox, in the order of ``mailboxes``."""
        return ask_free_busy(self._api, mailboxes, window, self._account)

    def events(self, window: Interval) -> EventListing:
        """Return all events of the host calendar that overlap the window.

        Google reads the dates of all-day events in the calendar's zone; we read them in
        the institution's zone. So the request covers one more day on either side.
        """
        listing = self._list_events(window.widen(_AROUND, _AROUND))
        return EventListing(
            events=tuple(it for it in listing.events if it.period.overlaps(window)),
            unreadable=tuple(
                it
                for it in listing.unreadable
                if it.period is None or it.period.overlaps(window)
            ),
        )

    def event(self, event_id: str) -> HostEvent:
        """Return one event of the host calendar.

        Raises:
            EventGoneError: If the event was deleted in the host calendar.
        """
        event = self._read(self._raw("GET", event_id, query=_only()))
        if event.cancelled:
            raise EventGoneError(say("google.provider.event_deleted"))
        return event

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        """Return our event with this key, from a day before a period to a day after."""
        mark = {"privateExtendedProperty": f"{google_events.OUR_KEY}={key}"}
        listing = self._list_events(period.widen(_AROUND, _AROUND), mark)
        if event := next((it for it in listing.events if it.period == period), None):
            return event
        if len(listing.events) == 1 and not listing.events[0].series_id:
            return listing.events[0]
        if listing.unreadable:
            raise EventUnreadableError(say("google.provider.event_unreadable"))
        return None

    def create(self, draft: EventDraft) -> HostEvent:
        """Create an event, or update the existing event with the same key."""
        for tries in range(MOST_NAMES):
            name = google_events.event_name(draft.key, tries)
            try:
                return self._insert(draft, name)
            except ApiRefusedError as refused:
                if not refused.is_repeated:
                    raise self._host_trouble(refused) from refused
            if standing := self._standing_event(name):
                return self.change(standing, draft)
        raise ProviderRefusedError(say("google.provider.event_lost"))

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        """Update the fields of an event that differ from the draft.

        Raises:
            EventChangedError: If another client changed the event after ``known`` was
                read.
        """
        event = self._raw("GET", known.id, query=_only(differences.FIELDS))
        there = self._read(event)
        if there.cancelled:
            raise EventGoneError(say("google.provider.event_deleted"))
        if known.version and there.version != known.version:
            raise _event_changed_error()
        fields = differences.differing_fields(event, there, draft)
        if not fields:
            return there
        changed = self._raw(
            "PATCH",
            known.id,
            headers={"If-Match": there.version},
            query=_change_query(fields),
            body={**fields, "extendedProperties": google_events.google_marks(draft)},
        )
        return self._read(changed)

    def cancel(self, event_id: str) -> None:
        """Remove an event and notify its attendees; do nothing if the event is gone."""
        try:
            self._raw("DELETE", event_id, query={"sendUpdates": "all"})
        except EventGoneError:
            return

    def permissions(self, granted: frozenset[str]) -> list[Permission]:
        """Return all needed permissions and whether they are granted."""
        return permissions.needed_permissions(granted)

    def hosts(self) -> list[HostCalendar]:
        """Return the calendars that can be the host calendar."""
        return calendars.host_calendars(self._api)

    def create_host(self, name: str) -> HostCalendar:
        """Create a calendar in the institution's zone."""
        return calendars.create_host_calendar(self._api, name, self._zone.key)

    def check(self, probe: str = "") -> list[ConnectionFinding]:
        """Check everything the connection needs, without writing."""
        read_host = self._look_at_host() if self._host.id else None
        return list(checks.connection_findings(self._api, read_host, probe))

    def _insert(self, draft: EventDraft, name: str) -> HostEvent:
        body = google_events.new_event_body(draft, name)
        call = self._call("POST", "/events", query=_change_query(body), body=body)
        return self._read(self._api.ask(call))

    def _standing_event(self, name: str) -> HostEvent | None:
        """Return the event with this id, unless it was deleted or became a series."""
        try:
            event = self.event(name)
        except EventGoneError:
            return None
        return None if event.series_id else event

    def _list_events(
        self, window: Interval, narrowed: Mapping[str, str] | None = None
    ) -> EventListing:
        call = self._call(
            "GET",
            "/events",
            query={
                "timeMin": write_bound(window.start),
                "timeMax": write_bound(window.end),
                "singleEvents": "true",
                "orderBy": "startTime",
                "maxResults": "2500",
                "fields": _LISTED,
                **(narrowed or {}),
            },
        )
        try:
            return self._read_events(self._api.pages(call))
        except ApiRefusedError as refused:
            raise self._host_trouble(refused) from refused

    def _read(self, event: Mapping[str, Any]) -> HostEvent:
        return google_events.read_event(event, self._zone)

    def _read_events(self, entries: Iterable[Mapping[str, Any]]) -> EventListing:
        listing = read_listing(
            entries,
            self._read,
            lambda entry: google_events.unreadable_event(entry, self._zone),
        )
        standing = tuple(it for it in listing.events if not it.cancelled)
        return replace(listing, events=standing)

    def _raw(self, method: str, event_id: str, **parts: Any) -> dict[str, Any]:
        """Make a call about one event and return Google's response."""
        path, at = "/events/{event}", {"event": event_id}
        try:
            return self._api.ask(self._call(method, path, at, **parts))
        except ApiRefusedError as refused:
            raise self._event_trouble(refused) from refused

    def _call(
        self,
        method: str,
        path: str,
        at: Mapping[str, str] | None = None,
        **parts: Any,
    ) -> Call:
        if not self._host.id:
            raise ProviderRefusedError(say("google.provider.no_host"))
        return Call(
            method=method,
            path=f"/calendars/{{calendar}}{path}",
            at={"calendar": self._host.id, **(at or {})},
            needs=(permissions.EVENTS,),
            purpose=say("google.provider.purpose_host"),
            **parts,
        )

    def _look_at_host(self) -> Call:
        query = {"maxResults": "1", "fields": "timeZone"}
        return self._call("GET", "/events", query=query)

    def _event_trouble(self, refused: ApiRefusedError) -> ProviderError:
        """Return the error for a refused call about an event.

        An event counts as gone only if its calendar can be read: a missing calendar
        must not look as if all its events were deleted.
        """
        if refused.is_outdated:
            return _event_changed_error()
        if not refused.is_missing:
            return refused
        try:
            self._api.ask(self._look_at_host())
        except ApiRefusedError as about_host:
            return self._host_trouble(about_host)
        return EventGoneError(say("google.provider.event_gone"))

    def _host_trouble(self, refused: ApiRefusedError) -> ProviderError:
        if not refused.is_missing:
            return refused
        return calendars.missing_host_error(is_new=self._host.is_new)


def _only(fields: str = google_events.FIELDS) -> dict[str, str]:
    return {"fields": fields}


def _change_query(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return parameters that make a change notify guests and allow online meetings."""
    version = {"conferenceDataVersion": "1"} if "conferenceData" in fields else {}
    return {"sendUpdates": "all", **version, **_only()}


def _event_changed_error() -> EventChangedError:
    return EventChangedError(say("google.provider.event_changed"))
