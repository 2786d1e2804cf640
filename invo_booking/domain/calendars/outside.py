"""Define the data exchanged with calendar providers, independent of the vendor.

An outside calendar is a calendar the institution keeps elsewhere, at a provider.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval

LONGEST_EVENT_ID, LONGEST_VERSION, LONGEST_JOIN_URL = 600, 200, 2000
"""Most characters of an event's id, its version and the URL of its meeting."""

LONGEST_HOST_ID = 200
"""Most characters of the id of a host calendar."""

OWN_HOST = "own"
"""Host calendar id for the connected account's own calendar, at every provider."""

HOST_IS_NEW_FOR = timedelta(hours=1)
"""How long a host calendar is new after it was created or chosen. A new calendar that
the provider does not find counts as not ready yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits and abilities of a provider.

    Attributes:
        mailboxes_per_call: Most mailboxes in one free/busy query.
        longest_window: Longest window of one free/busy query.
        concurrency: Most calls at the same time for one connection.
        writes_per_minute: Most events written to one mailbox per minute, evenly spread.
        burst: Most events written at once after a pause.
        call_seconds: Time after which a call fails, even if data still arrives.
        two_way: Whether changes made in the calendar can be read back.
    """

    mailboxes_per_call: int
    longest_window: timedelta
    concurrency: int = 4
    writes_per_minute: int = 30
    burst: int = 10
    call_seconds: float = 60.0
    two_way: bool = False


@dataclass(frozen=True, slots=True)
class Availability:
    """The busy times of one mailbox in a window, as the provider reports them.

    Attributes:
        busy: One span for each entry that counts as busy, so that the product can
            remove its own entries. If ``is_merged``, one span may cover several
            entries.
        problem: Why the mailbox could not be read; ``busy`` is empty then.
        unreadable: Number of entries whose exact times cannot be read; for each such
            entry, ``busy`` contains the longest time that it may take.
        is_merged: Whether the provider merges the busy times of several entries.
    """

    mailbox: str
    busy: tuple[Interval, ...] = ()
    problem: ProviderError | None = None
    unreadable: int = 0
    is_merged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An appointment as it should appear in the host calendar.

    Attributes:
        key: The product's own id, which the provider stores. Creating an event twice
            with the same key results in one event.
        body: Plain text.
        attendees: Pairs of e-mail address and name, without the host.
        online_meeting: Whether the provider should create an online meeting.
        is_private: Whether other people who can see the calendar see only a busy time.
    """

    key: UUID
    subject: str
    body: str
    period: Interval
    attendees: tuple[tuple[str, str], ...] = ()
    location: str = ""
    online_meeting: bool = False
    is_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEvent:
    """An event of the host calendar, without its subject and text.

    Attributes:
        id: The provider's id.
        version: The provider's version of the event; every change replaces the version.
        uid: iCalendar UID, which stays the same when the provider changes ``id``.
        key: The product's own id, if the product wrote the event.
        cancelled: Whether the event is marked as cancelled but still in the calendar.
        join_url: URL of the online meeting, if the provider created one.
        series_id: Id of the series that the event belongs to; equal to ``id`` if the
            event represents the whole series, empty if it belongs to no series.
    """

    id: str
    version: str
    uid: str
    period: Interval
    key: UUID | None = None
    cancelled: bool = False
    join_url: str = ""
    series_id: str = ""

    @property
    def is_storable(self) -> bool:
        """Whether ids, version and meeting URL are short enough to be stored."""
        return (
            max(len(self.id), len(self.uid)) <= LONGEST_EVENT_ID
            and len(self.version) <= LONGEST_VERSION
            and len(self.join_url) <= LONGEST_JOIN_URL
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableEvent:
    """An event of the host calendar that cannot be read.

    Attributes:
        id: The provider's id; empty if it cannot be read.
        key: The product's own id, if the product wrote the event.
        period: The longest time the event may take; ``None`` if unknown.
    """

    id: str
    key: UUID | None = None
    period: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventListing:
    """The events of the host calendar in a window."""

    events: tuple[HostEvent, ...] = ()
    unreadable: tuple[UnreadableEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChanges:
    """The changes in a window of the host calendar since an earlier query.

    Attributes:
        listing: Events that are new or have changed; all events of the window if the
            query had no cursor.
        removed: Ids of events that are no longer in the window, and ids of series, of
            which ``listing`` contains every occurrence. Stored events with these ids
            are out of date.
        cursor: Opaque value for the next query of the same window.
    """

    listing: EventListing
    removed: frozenset[str] = frozenset()
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCalendar:
    """A calendar that can be the host calendar.

    Attributes:
        address: Sender address of invitations.
        is_owner: Whether the connected account owns the calendar; ``None`` if unknown.
        is_member: Whether the connected account has joined the calendar's group;
            ``None`` if unknown. Only members can access the calendar. Not stored.
        chosen_at: When the calendar was created or chosen in this product, in UTC;
            ``None`` if the calendar was neither created nor chosen here.
    """

    id: str
    name: str
    address: str
    is_owner: bool | None = None
    is_member: bool | None = None
    chosen_at: datetime | None = None

    @property
    def is_own(self) -> bool:
        """Whether the calendar is the connected account's own."""
        return self.id == OWN_HOST

    def is_new(self, now: datetime) -> bool:
        """Whether the calendar was created or chosen less than an hour ago.

        The provider may not have such a calendar ready yet.
        """
        return self.chosen_at is not None and now - self.chosen_at < HOST_IS_NEW_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A permission the product needs at a provider.

    Attributes:
        name: The provider's own name of the permission.
        purpose: What the product needs the permission for, as a sentence.
    """

    name: str
    purpose: str
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFinding:
    """The result of one check of a connection.

    Attributes:
        sentence: The result as text; if the check failed, the text also says what to
            do, and where.
    """

    name: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The registration of this product at a provider.

    Attributes:
        secret: In plain text; never logged, never stored.
        tenant: The institution's tenant at the provider; may be empty.
        service_account: Key of a service account that acts for the connected account;
            empty for none. The same rules apply as for ``secret``.
        has_own_host: Whether the host calendar is the connected account's own, which
            requires other permissions.
    """

    client_id: str
    secret: str
    tenant: str = ""
    service_account: str = ""
    has_own_host: bool = False

    def __repr__(self) -> str:
        """Return a representation without the secret."""
        return f"Registration(client_id={self.client_id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAccount:
    r"""An account at the institution's own calendar server, as entered in the settings.

    Attributes:
        address: URL of the server's interface, which begins with ``https://``.
        user: User name, as ``DOMAIN\user`` or as an e-mail address.
        password: In plain text; never logged, never stored.
        version: The server's version; empty to detect it.
        uses_basic: Whether to sign in with HTTP basic authentication, over TLS.
        authorities: Certificates of authorities to trust besides those of the operator
            and the system, in PEM form; empty for none.
    """

    address: str
    user: str
    password: str
    version: str = ""
    uses_basic: bool = False
    authorities: str = ""

    @property
    def mailbox(self) -> str:
        """The user name, if it is an e-mail address; otherwise empty."""
        return self.user if "@" in self.user else ""

    def __repr__(self) -> str:
        """Return a representation without the password."""
        return f"ServerAccount({self.address!r}, {self.user!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The access that a person granted by signing in at a provider.

    Attributes:
        blob: The provider's tokens, opaque; stored only in encrypted form.
        account: E-mail address of the person who signed in.
        scopes: Names of the granted permissions.
        expires_at: When the access token expires, in UTC.
    """

    blob: str
    account: str
    account_name: str
    tenant: str
    scopes: frozenset[str]
    expires_at: datetime

    def __repr__(self) -> str:
        """Return a representation without the tokens."""
        return f"Grant(account={self.account!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A sign-in at a provider that has begun and is not finished.

    Attributes:
        address: URL at the provider to which the browser is redirected.
        state: Unguessable value for one use, which the provider sends back.
        flow: Data needed to finish the sign-in; opaque and secret.
    """

    address: str
    state: str
    flow: str
