"""Define the questions to providers and their answers, independent of the vendor.

An outside calendar is a calendar the institution keeps elsewhere, at a provider.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval

LONGEST_EVENT_ID, LONGEST_VERSION, LONGEST_JOIN_URL = 600, 200, 2000
"""Most characters of what a provider may call an event, its version and its meeting."""

LONGEST_HOST_ID = 200
"""Most characters of the id of a host calendar."""

OWN_HOST = "own"
"""Id of the host calendar that is the connected account's own, at any provider."""

HOST_IS_NEW_FOR = timedelta(hours=1)
"""How long a host calendar that is not found is taken for one not ready yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits and abilities of a provider.

    Attributes:
        mailboxes_per_call: Most mailboxes in one free/busy question.
        longest_window: Longest window of one free/busy question.
        concurrency: Most calls at the same time for one connection.
        writes_per_minute: Events written to one mailbox, evenly spread.
        burst: Events that may be written at once after a pause.
        call_seconds: Time after which a call has failed, even if data still arrives.
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
    """The free/busy answer of one mailbox for a window.

    Attributes:
        busy: One span for each entry that takes time, so that the product's own can be
            removed; or, if ``is_merged``, spans that several entries may share.
        problem: Why the mailbox could not be read; ``busy`` is empty then.
        unreadable: Number of entries whose times cannot be read exactly; ``busy``
            contains the longest time each may take.
        is_merged: Whether the provider does not tell entries apart.
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
        key: The product's own id, which the provider stores; creating twice with the
            same key makes one event.
        body: Plain text.
        attendees: Addresses with names, without the host.
        online_meeting: Whether the provider should create an online meeting.
        is_private: Whether others who see the calendar read only that it is busy.
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
        version: The provider's version, which differs after each change by anyone.
        uid: iCalendar UID, which stays when the id changes.
        key: The product's own id, if the product wrote the event.
        cancelled: Whether the event is marked as cancelled but still present.
        join_url: Address of the online meeting, if the provider created one.
        series_id: The id of the series it belongs to, which is its own if it stands for
            the whole series; empty if it stands alone.
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
        """Whether ids, version and address are no longer than what can be stored."""
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
    """What has changed in a window of the host calendar since a cursor.

    Attributes:
        listing: The events that are new or have changed; all of them if there was no
            cursor.
        removed: Ids of events that no longer are in the window, and of series that are
            listed as a whole: what was known of either does not count any more.
        cursor: What to ask with the next time, within the same window; opaque.
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
        is_member: Whether the connected account has joined it, without which it is kept
            out of the calendar; ``None`` if unknown. It is not stored.
        chosen_at: When it was made or chosen here; ``None`` if it was not.
    """

    id: str
    name: str
    address: str
    is_owner: bool | None = None
    is_member: bool | None = None
    chosen_at: datetime | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is the connected account's own calendar."""
        return self.id == OWN_HOST

    def is_new(self, now: datetime) -> bool:
        """Whether it was made or chosen so recently that it may not be usable yet."""
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
        sentence: The result and, if the check failed, what to do and where.
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
            empty for none. As secret as ``secret``.
        has_own_host: Whether the connected account's own calendar hosts appointments,
            which takes other permissions.
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
    r"""An account at a server of the institution's own, as the settings name it.

    Attributes:
        address: Address of the server's interface, which begins with ``https://``.
        user: User name, as ``DOMAIN\user`` or as an e-mail address.
        password: In plain text; never logged, never stored.
        version: The version that was chosen; empty if it shall be detected.
        uses_basic: Whether name and password are sent as they are, within TLS.
    """

    address: str
    user: str
    password: str
    version: str = ""
    uses_basic: bool = False

    @property
    def mailbox(self) -> str:
        """E-mail address of the account; empty if the user name is none."""
        return self.user if "@" in self.user else ""

    def __repr__(self) -> str:
        """Return a representation without the password."""
        return f"ServerAccount({self.address!r}, {self.user!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the person who signed in has allowed.

    Attributes:
        blob: The provider's tokens, opaque; only stored sealed.
        account: Address of who signed in.
        scopes: Names of the permissions granted.
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
    """A started sign-in at a provider.

    Attributes:
        address: Address to which the browser is sent.
        state: Value the provider sends back; unguessable, for one use.
        flow: Data needed to finish the sign-in; opaque and secret.
    """

    address: str
    state: str
    flow: str
