"""Encrypt agents' grants for their browsers, and cache access tokens.

The server stores no grant for a personal calendar. Each grant is in a cookie of the
agent's browser. The cookie is encrypted with a key that is derived for this purpose
only. It is bound to the grant's id, the person, and the session in which the grant was
given. When a grant ends, a hash of its id is stored, so that the grant is refused from
then on.
"""

import json
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.config import Config
from invo_booking.domain.access.cookie import LONGEST_GRANT
from invo_booking.domain.calendars.personal import PersonalGrant
from invo_booking.domain.errors import ConflictError, InvoError
from invo_booking.texts import say
from invo_booking.usecases.shared.sealing import SealBrokenError, seal, unseal

RENEWED_AHEAD = timedelta(minutes=1)
"""How long before its expiry an access token is renewed; longer than any request."""

MOST_TOKENS = 2_000
"""Maximum number of access tokens in the memory of one process. A token that was
dropped is requested again when it is needed."""

_DERIVED_FOR = b"invo-booking personal calendars"
_TO_COOKIE, _FROM_COOKIE = str.maketrans("+/", "-_"), str.maketrans("-_", "+/")
_LOCKS = 64


class SignInAgainError(InvoError):
    """The agent has to sign in at the provider again."""

    code = "sign_in_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentGrant:
    """A grant as a browser sends it.

    Attributes:
        id: Id of the grant, from the path of the request.
        sealed: Value of the cookie; empty if the browser sent none.
        person_id: The signed-in person.
        session_key: Hash of the person's session.
    """

    id: str
    sealed: str = field(repr=False)
    person_id: UUID
    session_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedGrant:
    """The contents of a grant for a personal calendar.

    Attributes:
        provider: Name of the provider in the settings.
        account: Address of the account at the provider.
    """

    provider: str
    account: str
    refresh_token: str = field(repr=False)


def seal_personal_grant(config: Config, sent: SentGrant, grant: OpenedGrant) -> str:
    """Encrypt a grant, and return the value of its cookie.

    Args:
        config: Configuration with the secret keys.
        sent: Id, person and session to which the grant is bound; ``sealed`` is not
            used.
        grant: The grant.

    Raises:
        ConflictError: If the value is too long for a cookie.
    """
    text = json.dumps([grant.provider, grant.account, grant.refresh_token])
    sealed = seal(config, _purpose(sent), text, _DERIVED_FOR)
    value = sealed.rstrip("=").translate(_TO_COOKIE)
    if len(value) > LONGEST_GRANT:
        raise ConflictError(say("connections.personal_grants.too_long"))
    return value


def open_personal_grant(config: Config, sent: SentGrant) -> OpenedGrant:
    """Return the grant in a cookie.

    Raises:
        SignInAgainError: If the cookie is missing, was changed, or belongs to another
            person, session or path.
    """
    key_id, _, body = sent.sealed.partition(":")
    padded = body.translate(_FROM_COOKIE) + "=" * (-len(body) % 4)
    try:
        text = unseal(config, _purpose(sent), f"{key_id}:{padded}", _DERIVED_FOR)
    except SealBrokenError:
        raise sign_in_again_error() from None
    provider, account, refresh_token = json.loads(text)
    return OpenedGrant(provider=provider, account=account, refresh_token=refresh_token)


def sign_in_again_error(
    label: str = "",
) -> SignInAgainError:
    """Return the error for a grant that has ended, for any reason."""
    label = label or say("connections.personal_grants.unnamed_calendar")
    return SignInAgainError(say("connections.personal_grants.ended", label=label))


@dataclass(slots=True)
class AccessToken:
    """A cached access token, and the ids of the account's calendars.

    Attributes:
        calendars: Ids of the calendars at the provider, by the keys that pages use
            instead of the ids.
    """

    text: str = field(repr=False)
    expires_at: datetime
    calendars: dict[str, str] = field(default_factory=dict[str, str], repr=False)


class PersonalTokens:
    """The access tokens cached in this process's memory; never stored elsewhere."""

    def __init__(self) -> None:
        self._tokens: dict[str, AccessToken] = {}
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def lock(self, grant_id: str) -> threading.Lock:
        """Return the lock to hold while a grant's token is renewed."""
        return self._locks[hash(grant_id) % _LOCKS]

    def usable(self, grant_id: str, now: datetime) -> AccessToken | None:
        """Return the cached token of a grant; ``None`` if it expires too soon."""
        known = self._tokens.get(grant_id)
        is_usable = known is not None and now < known.expires_at - RENEWED_AHEAD
        return known if is_usable else None

    def keep(self, grant_id: str, grant: PersonalGrant, now: datetime) -> AccessToken:
        """Cache a token until it expires, and drop expired tokens."""
        before = self._tokens.pop(grant_id, None)
        for name, token in list(self._tokens.items()):
            if token.expires_at <= now or len(self._tokens) >= MOST_TOKENS:
                self._tokens.pop(name, None)
        token = AccessToken(
            grant.access_token,
            grant.expires_at,
            before.calendars if before else {},
        )
        self._tokens[grant_id] = token
        return token

    def forget(self, grant_id: str) -> None:
        """Drop the cached token of a grant."""
        self._tokens.pop(grant_id, None)


def _purpose(sent: SentGrant) -> str:
    return f"personal:{sent.id}:{sent.person_id}:{sent.session_key}"
