"""Who can sign in at the fake Google, what they have allowed, and service accounts."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from invo_booking.domain.clock import utc_now

BANK = "bank.example"
SCHEDULER = "scheduling@bank.example"
TEST_LIFE = timedelta(days=7)
"""How long a refresh token lasts while the OAuth app is in "Testing"."""


@dataclass(frozen=True)
class Person:
    """Somebody with a Google account; ``domain`` is empty outside Workspace."""

    email: str
    name: str
    sub: str
    domain: str


@dataclass
class Grant:
    """The grant behind a code or a token.

    Attributes:
        service_account: Whose key signed for it; empty if the person signed in.
    """

    person: Person
    scopes: tuple[str, ...]
    expires_at: datetime
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""
    offline: bool = False
    service_account: str = ""
    is_revoked: bool = False


@dataclass
class ServiceAccount:
    """A service account; ``delegated`` is what it may do for people of the domain."""

    email: str
    key_id: str
    key: rsa.RSAPrivateKey
    delegated: set[str] = field(default_factory=set)


class People:
    """Accounts, codes and tokens, and the verbs to change them."""

    token_audience: str

    def __init__(self) -> None:
        self.client_id = "1029384756-invo.apps.googleusercontent.com"
        self.client_secret = "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ient"
        self.clock: Callable[[], datetime] = utc_now
        self.service_key = rsa.generate_private_key(65537, 2048)
        self.forget_people()

    def forget_people(self) -> None:
        """Reset: one domain, nobody signed in, everything allowed."""
        self.domains = {BANK}
        self.redirect_uris: tuple[str, ...] = ()
        self.people: dict[str, Person] = {}
        self.codes: dict[str, Grant] = {}
        self.refresh_tokens: dict[str, Grant] = {}
        self.access_tokens: dict[str, Grant] = {}
        self.service_accounts: dict[str, ServiceAccount] = {}
        self.consented: set[str] = set()
        self.granted: set[str] | None = None
        self.token_refusal: tuple[str, str] | None = None
        self.is_testing = False
        self.is_internal = False
        self.token_life = 3599
        self.clock_skew = timedelta(0)
        self.id_token_claims: dict[str, Any] = {}
        self.id_token_algorithm = "RS256"

    def now(self) -> datetime:
        """Return Google's idea of the present instant, in UTC."""
        return self.clock() + self.clock_skew

    def add_domain(self, domain: str) -> None:
        """Have people of another domain in the same Workspace."""
        self.domains.add(domain)

    def person(self, email: str) -> Person:
        """Return the account of an address, made on first use."""
        email = email.lower()
        if email not in self.people:
            local, _, domain = email.partition("@")
            sub = str(int(hashlib.sha256(email.encode()).hexdigest()[:16], 16))
            title = local.replace(".", " ").title()
            home = domain if domain in self.domains else ""
            self.people[email] = Person(email, title, sub, home)
        return self.people[email]

    def allowed(self, scopes: tuple[str, ...]) -> tuple[str, ...]:
        """Return which scopes the person ticks on the consent page."""
        if self.granted is None:
            return scopes
        return tuple(scope for scope in scopes if scope in self.granted)

    def refuse_tokens(self, error: str, description: str = "Bad Request") -> None:
        """Answer every request for a token with an error of OAuth."""
        self.token_refusal = (error, description)

    def forge_id_tokens(self, algorithm: str = "RS256", **claims: Any) -> None:
        """Issue id tokens with other claims; ``None`` leaves a claim out."""
        self.id_token_algorithm, self.id_token_claims = algorithm, claims

    def revoke(self, email: str | None = None) -> None:
        """End all tokens of an account, or of everybody."""
        for grant in [*self.refresh_tokens.values(), *self.access_tokens.values()]:
            if email is None or grant.person.email == email.lower():
                grant.is_revoked = True
        self.consented.discard(email or SCHEDULER)

    def expire_access_tokens(self) -> None:
        """Make every access token too old; they can be refreshed."""
        for grant in self.access_tokens.values():
            grant.expires_at = self.now()

    def access_token(self, email: str, *scopes: str, life: int = 3599) -> str:
        """Return a token of somebody, as if they had signed in."""
        ends = self.now() + timedelta(seconds=life)
        return self.issue_access(Grant(self.person(email), scopes, ends))

    def issue_access(self, grant: Grant) -> str:
        """Return a new access token."""
        token = f"ya29.{secrets.token_urlsafe(60)}"
        self.access_tokens[token] = grant
        return token

    def issue_refresh(self, grant: Grant) -> str:
        """Return a new refresh token."""
        token = f"1//{secrets.token_urlsafe(40)}"
        self.refresh_tokens[token] = grant
        return token

    def add_service_account(self, *delegated: str) -> str:
        """Return the JSON key of a service account.

        Args:
            delegated: Scopes that a super admin has allowed it for the whole domain.
        """
        email = "booking@invo.iam.gserviceaccount.com"
        account = ServiceAccount(email, "key-1", self.service_key, set(delegated))
        self.service_accounts[email] = account
        pem = self.service_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return json.dumps(
            {
                "type": "service_account",
                "project_id": "invo",
                "private_key_id": account.key_id,
                "private_key": pem.decode(),
                "client_email": email,
                "client_id": "111122223333444455556",
                "token_uri": "https://oauth2.googleapis.com/token",
            }
        )
