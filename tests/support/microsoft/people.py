"""Who can sign in at the fake Microsoft, and what they have allowed."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from invo_booking.domain.clock import utc_now

BANK = "bank.example"
MSAL_HOST = "localhost"  # MSAL leaves the port out
SCHEDULER = "scheduling@bank.example"
OPENID = {"openid", "profile", "email", "offline_access"}
ADMIN_ONLY = {"Group.Read.All", "Group.ReadWrite.All", "GroupMember.Read.All"}


@dataclass(frozen=True)
class Person:
    """Somebody with an account; ``oid`` is the id of it, ``tenant`` of its house."""

    email: str
    name: str
    tenant: str
    oid: str


@dataclass
class Grant:
    """The grant behind a code or a token."""

    person: Person
    client_id: str
    scopes: tuple[str, ...]
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""
    expires_at: datetime = field(default_factory=utc_now)
    is_revoked: bool = False


class People:
    """Tenants, accounts, codes and tokens, and the verbs to change them."""

    def __init__(self) -> None:
        self.client_id = "6731de76-14a6-49ae-97bc-6eba6914391e"
        self.client_secret = "right~secret.of-the.registration"
        self.redirect_uris: tuple[str, ...] = ()
        self.clock: Callable[[], datetime] = utc_now
        self.forget_people()

    def forget_people(self) -> None:
        """Reset: one tenant, nobody signed in, everything allowed."""
        self.tenants = {BANK: str(uuid5(NAMESPACE_DNS, BANK))}
        self.tenant = self.tenants[BANK]
        self.people: dict[str, Person] = {}
        self.codes: dict[str, Grant] = {}
        self.refresh_tokens: dict[str, Grant] = {}
        self.access_tokens: dict[str, Grant] = {}
        self.granted: set[str] | None = None
        self.secret_state = "right"
        self.is_consent_missing = False
        self.needs_admin_approval = False
        self.approved_tenants: set[str] = set()
        self.token_life = 3600
        self.clock_skew = timedelta(0)
        self.id_token_claims: dict[str, Any] = {}
        self.id_token_algorithm = "RS256"

    def now(self) -> datetime:
        """Return Microsoft's idea of the present instant, in UTC."""
        return self.clock() + self.clock_skew

    def add_tenant(self, domain: str) -> str:
        """Let people of another domain sign in; return the id of their tenant."""
        return self.tenants.setdefault(domain, str(uuid5(NAMESPACE_DNS, domain)))

    def person(self, email: str, name: str = "") -> Person:
        """Return the account of an address, made on first use.

        Raises:
            KeyError: If no tenant has the address's domain.
        """
        email = email.lower()
        if email not in self.people:
            local, _, domain = email.partition("@")
            oid = str(uuid5(NAMESPACE_DNS, email))
            title = name or local.replace(".", " ").title()
            self.people[email] = Person(email, title, self.tenants[domain], oid)
        return self.people[email]

    def forge_id_tokens(self, algorithm: str = "RS256", **claims: Any) -> None:
        """Issue id tokens with other claims; ``None`` leaves a claim out.

        Args:
            algorithm: ``"none"`` for no signature, ``"HS256"`` for one that anybody
                could make who knows the client secret.
            claims: Instead of the true ones.
        """
        self.id_token_algorithm, self.id_token_claims = algorithm, claims

    def secret_is(self, state: str) -> None:
        """Make the client secret ``right``, ``wrong`` or ``expired``."""
        self.secret_state = state

    def consent_missing(self, missing: bool = True) -> None:  # noqa: FBT001, FBT002
        """Answer AADSTS65001 to all token requests, or stop doing so."""
        self.is_consent_missing = missing

    def revoke(self, email: str | None = None) -> None:
        """End all tokens of an account, or of everybody."""
        for grant in [*self.refresh_tokens.values(), *self.access_tokens.values()]:
            if email is None or grant.person.email == email.lower():
                grant.is_revoked = True

    def expire_access_tokens(self) -> None:
        """Make every access token too old; they can be refreshed."""
        for grant in self.access_tokens.values():
            grant.expires_at = self.now() - timedelta(seconds=1)

    def allowed(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of the scopes asked for this account may have."""
        if self.granted is None:
            return asked
        return tuple(s for s in asked if s in self.granted or s in OPENID)

    def issue_access(self, grant: Grant) -> str:
        """Return a new access token for what was granted."""
        token = f"eyJ0eXAi.{secrets.token_urlsafe(600)}.{secrets.token_urlsafe(40)}"
        ends = self.now() + timedelta(seconds=self.token_life)
        scopes = self.allowed(grant.scopes)
        self.access_tokens[token] = Grant(
            grant.person, grant.client_id, scopes, expires_at=ends
        )
        return token

    def issue_refresh(self, grant: Grant) -> str:
        """Return a new refresh token; older ones go on working, as Microsoft's do."""
        token = f"1.{secrets.token_urlsafe(500)}"
        self.refresh_tokens[token] = Grant(
            grant.person, grant.client_id, grant.scopes, nonce=grant.nonce
        )
        return token

    def access_token(self, email: str = SCHEDULER, *scopes: str) -> str:
        """Return an access token without a sign-in; no scopes mean all we know."""
        wanted = scopes or ALL_SCOPES
        return self.issue_access(Grant(self.person(email), self.client_id, wanted))

    def token_cache(self, email: str = SCHEDULER, *scopes: str) -> str:
        """Return what MSAL's cache holds after a sign-in, serialized."""
        wanted = scopes or ALL_SCOPES
        grant = Grant(self.person(email), self.client_id, wanted)
        access, refresh = self.issue_access(grant), self.issue_refresh(grant)
        return json.dumps(cache_entries(self, grant, access, refresh))


ALL_SCOPES = (
    "openid",
    "profile",
    "offline_access",
    "User.Read",
    "Calendars.ReadBasic",
    "Calendars.Read",
    "Calendars.ReadWrite",
    "Group.ReadWrite.All",
)


def cache_entries(
    people: People, grant: Grant, access: str, refresh: str
) -> dict[str, dict[str, dict[str, str]]]:
    """Return the entries MSAL would have written for ``grant``."""
    person, host = grant.person, MSAL_HOST
    home = f"{person.oid}.{person.tenant}"
    target = " ".join(people.allowed(grant.scopes))
    now = int(utc_now().timestamp())
    common = {"home_account_id": home, "environment": host}
    client = {**common, "client_id": grant.client_id}
    account = {
        **common,
        "realm": person.tenant,
        "local_account_id": person.oid,
        "username": person.email,
        "authority_type": "MSSTS",
        "account_source": "authorization_code",
    }
    access_entry = {
        **client,
        "credential_type": "AccessToken",
        "secret": access,
        "target": target,
        "realm": person.tenant,
        "token_type": "Bearer",
        "cached_at": str(now),
        "expires_on": str(now + people.token_life),
        "extended_expires_on": str(now + people.token_life),
    }
    refresh_entry = {
        **client,
        "credential_type": "RefreshToken",
        "secret": refresh,
        "target": target,
        "last_modification_time": str(now),
    }
    realm = person.tenant
    return {
        "Account": {f"{home}-{host}-{realm}": account},
        "AccessToken": {
            f"{home}-{host}-accesstoken-{grant.client_id}-{realm}-{target}".lower(): (
                access_entry
            )
        },
        "RefreshToken": {
            f"{home}-{host}-refreshtoken-{grant.client_id}--{target}".lower(): (
                refresh_entry
            )
        },
    }
