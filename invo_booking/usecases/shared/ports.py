"""Define the ports of use cases to the outside."""

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
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.mail.server import MailServer


class Mailer(Protocol):
    """Hands mail to a mail server."""

    def send(self, message: OutgoingMail, server: MailServer | None) -> None:
        """Send one message.

        Args:
            message: The message.
            server: The mail server; ``None`` for the operator's.

        Raises:
            MailTemporaryError: If a later try may succeed.
            MailPermanentError: If this message will never be accepted.
        """
        ...


class ChangeLog(Protocol):
    """Lists what has changed in the host calendar."""

    def changes(self, cursor: str, window: Interval) -> EventChanges:
        """Return what has changed in the host calendar since a cursor.

        The answer may be behind what was written.

        Args:
            cursor: Of the previous answer about the same window; empty for everything.
            window: Where to look.

        Raises:
            CursorExpiredError: If the cursor is not known any more.
        """
        ...


class BackendCalendar(Protocol):
    """A connected account at a provider: agents' free/busy times and the host calendar.

    Each method makes one or two calls and may raise any ``ProviderError``. Windows,
    batches, concurrency and retries are the caller's task.
    """

    @property
    def limits(self) -> Limits:
        """The provider's limits."""
        ...

    @property
    def change_log(self) -> ChangeLog | None:
        """What has changed in the host calendar; ``None`` where it has to be read."""
        ...

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        """Return one answer for each mailbox, in the order of the arguments.

        The failure of a single mailbox is returned as its ``problem``, not raised.
        """
        ...

    def events(self, window: Interval) -> EventListing:
        """Return all events of the host calendar that overlap the window.

        Unreadable events are listed in ``unreadable``, not raised.
        """
        ...

    def event(self, event_id: str) -> HostEvent:
        """Return one event of the host calendar.

        Raises:
            EventGoneError: If it does not exist, or was cancelled.
            EventUnreadableError: If it cannot be read.
        """
        ...

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        """Return one of our own events around a period, if it exists.

        Of several with one key, such as copies, it is the one that takes place then.

        Raises:
            EventUnreadableError: If it exists and cannot be read.
        """
        ...

    def create(self, draft: EventDraft) -> HostEvent:
        """Create an event; with a known key, return the existing event."""
        ...

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        """Update an event.

        Raises:
            EventGoneError: If it no longer exists.
            EventChangedError: If its version is not ``known.version``.
        """
        ...

    def cancel(self, event_id: str) -> None:
        """Remove an event and notify its attendees; does nothing if it is gone."""
        ...

    def permissions(self, granted: frozenset[str]) -> list[Permission]:
        """Return all required permissions and whether they are granted."""
        ...

    def hosts(self) -> list[HostCalendar]:
        """Return the calendars that can be the host calendar."""
        ...

    def create_host(self, name: str) -> HostCalendar:
        """Create a host calendar; it may take minutes until it is usable."""
        ...

    def check(self, probe: str = "") -> list[ConnectionFinding]:
        """Check everything the connection needs, without writing.

        Args:
            probe: A mailbox for a free/busy question; empty for none.
        """
        ...


class Provider(Protocol):
    """A provider of calendars."""

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
            ReconnectError: If the sign-in was cancelled, or is another one.
            PermissionMissingError: If the institution has not consented.
        """
        ...

    def renew(self, by: Registration, grant: Grant, now: datetime) -> Grant:
        """Return a grant with a new access token.

        Raises:
            ReconnectError: If a person must sign in again.
        """
        ...

    def access_token(self, grant: Grant) -> str:
        """Return the access token of a grant."""
        ...

    def revoke(self, grant: Grant) -> None:
        """Have the provider forget a grant; nothing happens where none can be.

        Raises:
            ProviderError: If it cannot be reached, or refuses.
        """
        ...

    def consent_url(self, by: Registration, redirect_uri: str, state: str) -> str:
        """Return the address at which the tenant's administrator consents.

        Args:
            by: What the provider knows this product by.
            redirect_uri: Where the browser is sent back to.
            state: What the provider brings back with it.

        Returns:
            The address; empty if everybody consents when signing in.
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
            token: Returns a usable access token; with ``True`` a new one, because the
                previous one was refused.
            host_id: Id of the host calendar; empty if none is chosen.
            account: Address of the connected account.
            zone: The institution's zone, for all-day events.
            host_is_new: Whether the calendar was made or chosen so recently that not
                finding it says nothing yet.
        """
        ...


class Personal(Protocol):
    """A provider of agents' own calendars.

    Tokens come from a function; with ``True`` it returns a new one, because the
    previous one was refused. Nothing that is read is kept.
    """

    def deadline(self) -> AbstractContextManager[None]:
        """Limit all calls of this thread to the time of one question.

        Calls that are not finished then raise ``ProviderDownError``.
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
            ReconnectError: If the sign-in was cancelled, or is another one.
            PermissionMissingError: If something asked for was not allowed.
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
        """Have the provider forget a sign-in; return whether it can.

        Raises:
            ProviderError: If it cannot be reached, or refuses.
        """
        ...

    def calendars(self, token: Callable[[bool], str]) -> list[PersonalCalendar]:
        """Return the calendars of the account, its own first."""
        ...

    def events(
        self,
        token: Callable[[bool], str],
        calendar_id: str,
        window: Interval,
        zone: ZoneInfo,
    ) -> PersonalListing:
        """Return what takes time in a calendar; in the account's own if ``""``."""
        ...


class ServerProvider(Protocol):
    """A provider whose account is named by the settings, so nobody signs in."""

    @property
    def limits(self) -> Limits:
        """The provider's limits."""
        ...

    @property
    def runs_in_worker(self) -> bool:
        """Whether only workers call it; see ``calendars.through_worker.asking``."""
        ...

    def load(self) -> None:
        """Import what calls need; only in processes that call it."""
        ...

    def open(self, account: Callable[[], ServerAccount]) -> BackendCalendar:
        """Open an account.

        Args:
            account: Returns the account at the time of each call. What it raises, the
                calls raise.
        """
        ...
