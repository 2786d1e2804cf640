"""What Microsoft says of who signed in, believed only if it was said to us, now.

MSAL reads an id token and compares its nonce; all else is left to us. The signature
is not checked: the token comes over TLS straight from the token endpoint, which OpenID
Connect Core 1.0, section 3.1.3.7, takes in place of it. A token that names another
algorithm than Microsoft's is refused all the same: Microsoft never issues one.
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
"""How far the clocks may differ."""

_TENANT = "{tenantid}"
"""What the issuer of an authority of several tenants says in place of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must be true of the token.

    Attributes:
        issuer: As the authority's own description has it.
        client_id: Ours.
        nonce: The one the sign-in was begun with, before it was hashed.
    """

    issuer: str
    client_id: str
    nonce: str


def verify_id_token(token: str, expected: Expected, now: datetime) -> Mapping[str, Any]:
    """Return the claims of a token that was issued to us, for this sign-in, now.

    Args:
        token: As it came: header, claims and signature.
        expected: What it is held against.
        now: The present instant in UTC, give or take ``LEEWAY``.

    Raises:
        ReconnectError: If anything about it is not right. The sentence tells a wrong
            clock from the rest, and repeats nothing of the token.
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
    """Return the name of the first thing that is not right; empty if all is."""
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
    """Whether it has begun, where it says when, and has not ended."""
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
    found = json.loads(base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}"))
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  (one kind for all bad forms)
    return cast("dict[str, Any]", found)


def _hash_nonce(nonce: str) -> str:
    """Return the nonce as MSAL puts it into the request."""
    return hashlib.sha256(nonce.encode("ascii")).hexdigest()


def _refusal_sentence(what: str) -> str:
    return (
        f"Microsoft's answer does not belong to this sign-in ({what}), so nothing was "
        "connected. Begin it again; if it happens again, check the tenant, the client "
        "ID and any proxy in between."
    )
