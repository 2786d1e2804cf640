"""Tokens for the key of a service account, perhaps for somebody of the domain."""

from datetime import timedelta
from typing import Any

import jwt

from tests.support.google.people import Grant, People, Person, ServiceAccount
from tests.support.google.token_errors import TokenError

AUDIENCE = "https://oauth2.googleapis.com/token"
SHORT_LIVED = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
    "timeframe. Check your iat and exp values in the JWT claim."
)


def redeem_assertion(people: People, assertion: str) -> Grant:
    """Return what a signed assertion is worth.

    Raises:
        TokenError: If its signature, times or audience are wrong, or it is not allowed.
    """
    account, claims = _verified(people, assertion)
    scopes = tuple(str(claims.get("scope", "")).split())
    if not scopes or not all(scope.startswith("https://") for scope in scopes):
        raise TokenError(
            "invalid_scope", "Invalid OAuth scope or ID token audience provided."
        )
    ends = people.now() + timedelta(seconds=3599)
    person = _subject(people, account, claims, scopes)
    return Grant(person, scopes, ends, service_account=account.email)


def _verified(people: People, assertion: str) -> tuple[ServiceAccount, dict[str, Any]]:
    try:
        unproven = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise TokenError("invalid_grant", "Invalid JWT Signature.") from None
    account = people.service_accounts.get(str(unproven.get("iss")))
    if account is None:
        raise TokenError("invalid_grant", "Invalid grant: account not found")
    if unproven.get("aud") not in {AUDIENCE, people.token_audience}:
        raise TokenError("invalid_grant", "Invalid JWT: Failed audience check.")
    _check_times(people, unproven)
    no_times = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
    try:
        key = account.key.public_key()
        claims = jwt.decode(assertion, key, ["RS256"], options=no_times)
    except jwt.PyJWTError:
        raise TokenError("invalid_grant", "Invalid JWT Signature.") from None
    return account, claims


def _check_times(people: People, claims: dict[str, Any]) -> None:
    now = people.now().timestamp()
    begins, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(begins, int) or not isinstance(ends, int):
        raise TokenError("invalid_grant", SHORT_LIVED)
    if ends - begins > 3600 or ends <= now or begins > now + 300:
        raise TokenError("invalid_grant", SHORT_LIVED)


def _subject(
    people: People,
    account: ServiceAccount,
    claims: dict[str, Any],
    scopes: tuple[str, ...],
) -> Person:
    """Return for whom the service account acts; for itself without a ``sub``."""
    subject = claims.get("sub")
    if subject is None:
        return Person(account.email, "", account.email, "")
    if not account.delegated.issuperset(scopes):
        raise TokenError(
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method, or "
            "client not authorized for any of the scopes requested.",
        )
    person = people.person(str(subject))
    if not person.domain:
        raise TokenError("invalid_grant", "Invalid email or User ID")
    return person
