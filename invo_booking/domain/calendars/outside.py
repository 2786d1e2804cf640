"""Outside calendars: what providers are asked and what they answer, in nobody's words.

An outside calendar is one the institution keeps elsewhere, such as Outlook 365.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a provider takes, and what it can do.

    Attributes:
        mailboxes_per_call: How many may be asked for at once.
        longest_window: How far one question about free and busy may reach.
        concurrency: Calls at the same time for one connection.
        writes_per_minute: Events written to one mailbox, spread evenly.
        burst: Events that may be written at once after a pause.
        call_seconds: After this a call has failed, however much has arrived.
        two_way: Whether changes made there can be read back.
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
    """What one mailbox answered about a window.

    Attributes:
        busy: One span for each entry that takes time; not merged, so that entries we
            wrote ourselves can be taken out again.
        problem: Why nothing is known; ``busy`` is empty then.
        unreadable: Entries whose times cannot be read exactly; ``busy`` holds the
            longest time each of them may take.
    """

    mailbox: str
    busy: tuple[Interval, ...] = ()
    problem: ProviderError | None = None
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An appointment as it shall stand in the host calendar.

    Attributes:
        key: Our own id of it, which the provider keeps; creating twice with the same
            key makes one event.
        body: Plain text.
        attendees: Addresses with names; the host is none of them.
        online_meeting: Whether the provider shall make a link to meet at.
    """

    key: UUID
    subject: str
    body: str
    period: Interval
    attendees: tuple[tuple[str, str], ...] = ()
    location: str = ""
    online_meeting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEvent:
    """An event of the host calendar; no word of what it is about.

    Attributes:
        id: The provider's id.
        version: Differs after each change of it, by whomever; the provider's word.
        uid: iCalendar UID, which stays when the id does not.
        key: Our own id, if it is one of ours.
        cancelled: Whether it is marked as cancelled, though still there.
        join_url: Where to meet, if the provider made a link.
    """

    id: str
    version: str
    uid: str
    period: Interval
    key: UUID | None = None
    cancelled: bool = False
    join_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableEvent:
    """An event of the host calendar that cannot be read.

    Attributes:
        id: The provider's id; empty if it cannot be read either.
        key: Our own id, if it is one of ours.
        period: The longest time it may take; ``None`` if that cannot be told.
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
class HostCalendar:
    """A calendar that may host appointments.

    Attributes:
        address: The address invitations come from.
        is_owner: Whether the connected account owns it; ``None`` if unknown.
    """

    id: str
    name: str
    address: str
    is_owner: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Something the provider must allow us.

    Attributes:
        name: The provider's own word for it.
        purpose: What we need it for, as a sentence.
    """

    name: str
    purpose: str
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFinding:
    """One named check of a connection.

    Attributes:
        sentence: What was found and, if it is not well, what to do and where.
    """

    name: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a provider knows this product by.

    Attributes:
        secret: In clear; never logged, never stored.
        tenant: The institution's tenant there, or empty.
    """

    client_id: str
    secret: str
    tenant: str = ""

    def __repr__(self) -> str:
        """Say nothing of the secret."""
        return f"Registration(client_id={self.client_id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What somebody who signed in has allowed.

    Attributes:
        blob: The provider's tokens, opaque; only ever stored sealed.
        account: Address of who signed in.
        scopes: Names of the permissions granted.
        expires_at: When the access token in it ends, in UTC.
    """

    blob: str
    account: str
    account_name: str
    tenant: str
    scopes: frozenset[str]
    expires_at: datetime

    def __repr__(self) -> str:
        """Say nothing of the tokens."""
        return f"Grant(account={self.account!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A sign-in that was begun at a provider.

    Attributes:
        address: Where the browser is sent.
        state: What the provider brings back with it; unguessable, for one use.
        flow: What is needed to finish; opaque and secret.
    """

    address: str
    state: str
    flow: str
