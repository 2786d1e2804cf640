"""Define what use cases require of calendar providers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import (
    Availability,
    ConnectionFinding,
    EventChanges,
    EventDraft,
    EventListing,
    Grant,
    HostCalendar,
    HostEvent,
    Limits,
    Permission,
    Registration,
    ServerAccount,
    SignIn,
)
from invo_booking.domain.calendars.personal import (
    PersonalCalendar,
    PersonalGrant,
    PersonalListing,
)
from invo_booking.domain.interval import Interval


class ChangeLog(Protocol):
    """Lists what has changed in the host calendar."""

    def changes(self, cursor: str, window: Interval) -> EventChanges:
        """Return what has changed in the host calendar since the previous call.

        Changes that were made a moment ago can be missing.

        Args:
            cursor: Cursor that the previous call for the same window returned; empty to
                list all events.
            window: Span in which changed events are listed, in UTC.

        Raises:
            CursorExpiredError: If the provider no longer knows the cursor.
        """
        ...


class BackendCalendar(Protocol):
    """A connected account at a provider: agents' free/busy times and the host calendar.

    Each method makes one or two calls to the provider and may raise any
    ``ProviderError``. The caller splits long windows and long lists, and takes care of
    concurrency and retries.
    """

    @property
    def limits(self) -> Limits:
        """The provider's limits."""
        ...

    @property
    def change_log(self) -> ChangeLog | None:
        """The list of changes; ``None`` if the provider offers no such list."""
        ...

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        """Return the busy times of each mailbox, in the order of ``mailboxes``.

        If a single mailbox cannot be read, its ``problem`` says why; nothing is raised.
        """
        ...

    def events(self, window: Interval) -> EventListing:
        """Return all events of the host calendar that overlap the window.

        Unreadable events raise no error but are listed in ``unreadable``.
        """
        ...

    def event(self, event_id: str) -> HostEvent:
        """Return one event of the host calendar.

        Raises:
            EventGoneError: If the event does not exist, or was cancelled.
            EventUnreadableError: If the event cannot be read.
        """
        ...

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        """Return the event that the product created with a key, if it still exists.

        Only events around ``period`` are searched. If several events have the key, for
        example copies, the event at exactly this period is returned.

        Raises:
            EventUnreadableError: If the event exists but cannot be read.
        """
        ...

    def create(self, draft: EventDraft) -> HostEvent:
        """Create an event, or return the existing event with the draft's key."""
        ...

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        """Update an event.

        Raises:
            EventGoneError: If the event no longer exists.
            EventChangedError: If the event's version is no longer ``known.version``.
        """
        ...

    def cancel(self, event_id: str) -> None:
        """Remove an event and notify its attendees; do nothing if it does not exist."""
        ...

    def permissions(self, granted: frozenset[str]) -> list[Permission]:
        """Return all required permissions and whether they are granted."""
        ...

    def hosts(self) -> list[HostCalendar]:
        """Return the calendars that can be the host calendar."""
        ...

    def create_host(self, name: str) -> HostCalendar:
        """Create a host calendar, which may be usable only after some minutes."""
        ...

    def check(self, probe: str = "") -> list[ConnectionFinding]:
        """Check everything the connection needs; write nothing at the provider.

        Args:
            probe: Mailbox whose free/busy times are read as a test; empty for no such
                test.
        """
        ...


class Provider(Protocol):
    """A provider of calendars at which an administrator signs in."""

    def begin(self, by: Registration, redirect_uri: str) -> SignIn:
        """Start a sign-in that an administrator finishes in the browser.

        Raises:
            ProviderError: If the provider cannot be reached or does not know the
                registration.
        """
        ...

    def finish(
        self, by: Registration, flow: str, answer: Mapping[str, str], now: datetime
    ) -> Grant:
        """Convert the parameters of the redirect to a grant.

        Raises:
            ReconnectError: If the sign-in was cancelled, or ``answer`` belongs to
                another sign-in.
            PermissionMissingError: If the institution has not consented.
        """
        ...

    def renew(self, by: Registration, grant: Grant, now: datetime) -> Grant:
        """Return a grant with a new access token.

        Raises:
            ReconnectError: If an administrator must sign in again.
        """
        ...

    def access_token(self, grant: Grant) -> str:
        """Return the access token of a grant."""
        ...

    def revoke(self, grant: Grant) -> None:
        """Have the provider revoke a grant; do nothing if the provider cannot.

        Raises:
            ProviderError: If the provider cannot be reached, or responds with an error.
        """
        ...

    def consent_url(self, by: Registration, redirect_uri: str, state: str) -> str:
        """Return the URL at which the tenant's administrator consents.

        Args:
            by: This product's registration at the provider.
            redirect_uri: URL to which the provider then redirects the browser.
            state: Text that the provider adds unchanged to the redirect URL.

        Returns:
            The URL; empty if the provider has no consent for a whole tenant.
        """
        ...

    def open(
        self,
        token: Callable[[bool], str],
        host_id: str = "",
        *,
        account: str = "",
        zone: ZoneInfo,
        host_is_new: bool = False,
    ) -> BackendCalendar:
        """Open a connected account.

        Args:
            token: Function that returns a usable access token. If the provider refused
                the previous token, the function is called with ``True`` and returns a
                new token.
            host_id: Id of the host calendar; empty if none is chosen.
            account: Address of the connected account.
            zone: The institution's zone, for all-day events.
            host_is_new: Whether the host calendar was created or chosen so recently
                that the provider may not find it yet.
        """
        ...


class Personal(Protocol):
    """A provider of agents' personal calendars.

    The argument ``token`` is a function that returns an access token. If the provider
    refused the previous token, the function is called with ``True`` and returns a new
    token. Nothing read from personal calendars is stored.
    """

    def deadline(self) -> AbstractContextManager[None]:
        """Limit the total time of all calls that this thread makes inside the block.

        Calls that are not finished when the time is over raise ``ProviderDownError``.
        """
        ...

    def begin(self, by: Registration, redirect_uri: str, state: str) -> SignIn:
        """Start a sign-in that the agent finishes in the browser.

        Raises:
            ProviderError: If the provider cannot be reached.
        """
        ...

    def finish(
        self, by: Registration, flow: str, answer: Mapping[str, str], now: datetime
    ) -> PersonalGrant:
        """Convert the parameters of the redirect to a grant.

        Raises:
            ReconnectError: If the sign-in was cancelled, or ``answer`` belongs to
                another sign-in.
            PermissionMissingError: If the agent did not grant a required permission.
        """
        ...

    def renew(
        self, by: Registration, account: str, refresh_token: str, now: datetime
    ) -> PersonalGrant:
        """Return a grant with a new access token.

        Raises:
            ReconnectError: If the agent must sign in again.
        """
        ...

    def revoke(self, refresh_token: str, now: datetime) -> bool:
        """Have the provider revoke a sign-in; return false if the provider cannot.

        Raises:
            ProviderError: If the provider cannot be reached, or responds with an error.
        """
        ...

    def calendars(self, token: Callable[[bool], str]) -> list[PersonalCalendar]:
        """Return the calendars of the account, the default calendar first."""
        ...

    def events(
        self,
        token: Callable[[bool], str],
        calendar_id: str,
        window: Interval,
        zone: ZoneInfo,
    ) -> PersonalListing:
        """Return those events of a calendar during which the agent is busy.

        An empty ``calendar_id`` stands for the account's default calendar. All-day
        events last from midnight to midnight in ``zone``.
        """
        ...


class ServerProvider(Protocol):
    """A provider whose account is entered in the settings, so that nobody signs in."""

    @property
    def limits(self) -> Limits:
        """The provider's limits."""
        ...

    @property
    def runs_in_worker(self) -> bool:
        """Whether only workers call the provider, as ``through_worker`` describes."""
        ...

    def load(self) -> None:
        """Import the libraries for calls, in a process that calls the provider."""
        ...

    def open(self, account: Callable[[], ServerAccount]) -> BackendCalendar:
        """Open an account.

        Args:
            account: Function that returns the account; called before each call to the
                provider. If this function raises an error, the call raises the same
                error.
        """
        ...
