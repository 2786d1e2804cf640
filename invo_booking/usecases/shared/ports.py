"""What use cases need from the outside, and nothing of how it is done."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID
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
    Registration,
    SignIn,
)
from invo_booking.domain.interval import Interval
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.mail.server import MailServer


class Mailer(Protocol):
    """Something that hands mail over to a mail server."""

    def send(self, message: OutgoingMail, server: MailServer | None) -> None:
        """Hand over one message.

        Args:
            message: What is sent.
            server: Where it is handed in; ``None`` for the operator's server.

        Raises:
            MailTemporaryError: If trying again later may help.
            MailPermanentError: If this message will never be taken.
        """
        ...


class BackendCalendar(Protocol):
    """One connected account at a provider: free and busy of agents, and the host.

    Every method is one call of the provider, or two, and may raise any
    ``ProviderError``. Windows, batches, concurrency and retries are the caller's.
    """

    @property
    def limits(self) -> Limits:
        """What the provider takes."""
        ...

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        """Ask when mailboxes are busy; one answer for each, in the order asked.

        A mailbox that fails by itself carries its ``problem`` and does not raise.
        """
        ...

    def events(self, window: Interval) -> EventListing:
        """Return everything in the host calendar that touches the window.

        An event that cannot be read is among the ``unreadable`` and does not raise.
        """
        ...

    def event(self, event_id: str) -> HostEvent:
        """Return one event of the host calendar.

        Raises:
            EventGoneError: If it is not there, or was cancelled there.
            EventUnreadableError: If what is there cannot be read.
        """
        ...

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        """Look for an event of ours around a period; it may not be there.

        Raises:
            EventUnreadableError: If it is there and cannot be read.
        """
        ...

    def create(self, draft: EventDraft) -> HostEvent:
        """Write a new event; with a key that was used before, return that event."""
        ...

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        """Write an event again.

        Raises:
            EventGoneError: If it is not there any more.
            EventChangedError: If it is not at ``known.version`` any more.
        """
        ...

    def cancel(self, event_id: str) -> None:
        """Remove an event and tell its attendees; nothing happens if it is gone."""
        ...

    def permissions(self, granted: frozenset[str]) -> list[Permission]:
        """Return every permission the provider must give, and whether it does."""
        ...

    def hosts(self) -> list[HostCalendar]:
        """Return the calendars that could host appointments."""
        ...

    def create_host(self, name: str) -> HostCalendar:
        """Make a calendar to host appointments; it may take minutes to be usable."""
        ...

    def check(self, probe: str = "") -> list[ConnectionFinding]:
        """Look at everything the connection needs, writing nothing.

        Args:
            probe: A mailbox whose free and busy is asked for; empty for none.
        """
        ...


class Provider(Protocol):
    """A vendor of calendars, as the registry of providers knows it."""

    def begin(self, by: Registration, redirect_uri: str) -> SignIn:
        """Begin a sign-in that an administrator finishes in the browser.

        Raises:
            ProviderError: If the provider cannot be reached or does not know us.
        """
        ...

    def finish(
        self, by: Registration, flow: str, answer: Mapping[str, str], now: datetime
    ) -> Grant:
        """Turn what the provider sent the browser back with into a grant.

        Raises:
            ReconnectError: If the sign-in was cancelled, or is not the one begun.
            PermissionMissingError: If the institution has not consented.
        """
        ...

    def renew(self, by: Registration, grant: Grant, now: datetime) -> Grant:
        """Return a grant with a new access token.

        Raises:
            ReconnectError: If somebody has to sign in again.
        """
        ...

    def access_token(self, grant: Grant) -> str:
        """Return the access token inside a grant."""
        ...

    def consent_url(self, by: Registration, redirect_uri: str) -> str:
        """Return where the tenant's administrator consents for everybody."""
        ...

    def open(
        self, token: Callable[[bool], str], host_id: str = "", *, zone: ZoneInfo
    ) -> BackendCalendar:
        """Open a connected account.

        Args:
            token: Returns a usable access token; with ``True`` a new one, since the
                one before was refused.
            host_id: The calendar that hosts appointments; empty if none is chosen.
            zone: The institution's, whose days all-day events take.
        """
        ...
