"""Verify ID tokens of Microsoft.

MSAL parses an ID token and compares its nonce; the other checks are here. The signature
is not verified, because the token comes directly from the token endpoint over TLS,
which OpenID Connect Core 1.0, section 3.1.3.7, accepts instead. A token with another
algorithm than Microsoft's is refused nevertheless, because Microsoft never issues one.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from invo_booking.domain.calendars.provider_errors import ReconnectError

ALGORITHM: Final = "RS256"
LEEWAY: Final = timedelta(minutes=2)
"""Allowed difference between clocks."""

_TENANT = "{tenantid}"
"""Placeholder for the tenant in the issuer of a multi-tenant authority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Expected values of a token.

    Attributes:
        issuer: Issuer in the authority's metadata.
        client_id: The product's client id.
        nonce: Nonce of the sign-in, before hashing.
    """

    issuer: str
    client_id: str
    nonce: str


def verify_id_token(token: str, expected: Expected, now: datetime) -> Mapping[str, Any]:
    """Return the claims of a valid token of this sign-in.

    Args:
        token: The encoded token: header, claims and signature.
        expected: The expected values.
        now: The present instant in UTC, give or take ``LEEWAY``.

    Raises:
        ReconnectError: If a check fails. The sentence distinguishes a wrong clock from
            other faults, and repeats nothing of the token.
    """
    try:
        header, claims = (_part(part) for part in token.split(".")[:2])
    except (ValueError, RecursionError):
        raise ReconnectError(_refusal_sentence("form")) from None
    if wrong := _wrong(header, claims, expected):
        raise ReconnectError(_refusal_sentence(wrong))
    if not _is_of_now(claims, now):
        raise ReconnectError(
            "Microsoft's answer is not valid at this time. Check the clock of this "
            "server, then sign in again."
        )
    return claims


def _wrong(
    header: Mapping[str, Any], claims: Mapping[str, Any], expected: Expected
) -> str:
    """Return the name of the first failed check; empty if there is none."""
    tenant = claims.get("tid")
    is_right = {
        "alg": header.get("alg") == ALGORITHM,
        "tid": isinstance(tenant, str) and bool(tenant),
        "iss": claims.get("iss") == expected.issuer.replace(_TENANT, str(tenant)),
        "aud": claims.get("aud") in (expected.client_id, [expected.client_id]),
        "nonce": claims.get("nonce") == _hash_nonce(expected.nonce),
    }
    return next((name for name, right in is_right.items() if not right), "")


def _is_of_now(claims: Mapping[str, Any], now: datetime) -> bool:
    """Whether the token is valid at this time."""
    begins, ends = _instant(claims.get("nbf", 0)), _instant(claims.get("exp"))
    if begins is None or ends is None:
        return False
    return begins - LEEWAY <= now < ends + LEEWAY


def _instant(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _part(text: str) -> Mapping[str, Any]:
    claims = json.loads(base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}"))
    if not isinstance(claims, dict):
        raise ValueError("not an object")  # noqa: TRY004  (one kind for all bad forms)
    return cast("dict[str, Any]", claims)


def _hash_nonce(nonce: str) -> str:
    """Return the nonce in MSAL's hashed form."""
    return hashlib.sha256(nonce.encode("ascii")).hexdigest()


def _refusal_sentence(what: str) -> str:
    return (
        f"Microsoft's answer does not belong to this sign-in ({what}), so nothing was "
        "connected. Begin it again; if it happens again, check the tenant, the client "
        "ID and any proxy in between."
    )
