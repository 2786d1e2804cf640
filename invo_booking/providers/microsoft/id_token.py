"""Verify ID tokens of Microsoft.

MSAL parses an ID token and compares its nonce; this module makes the other checks. A
token whose signature algorithm is not ``ALGORITHM`` is refused, because Microsoft
issues no such token.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.providers.id_claims import ALGORITHM, is_valid_at, read_id_token
from invo_booking.texts import say

_TENANT = "{tenantid}"
"""Placeholder for the tenant in the issuer of a multi-tenant authority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Expected values of a token.

    Attributes:
        issuer: Issuer in the authority's metadata; may contain a placeholder for the
            tenant.
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
        now: The current instant in UTC; the clocks may differ by ``LEEWAY``.

    Raises:
        ReconnectError: If a check fails. The message distinguishes a wrong clock from
            other faults, and quotes nothing of the token.
    """
    try:
        header, claims = read_id_token(token)
    except (ValueError, RecursionError):
        raise ReconnectError(_refusal_sentence("form")) from None
    if wrong := _wrong(header, claims, expected):
        raise ReconnectError(_refusal_sentence(wrong))
    if not is_valid_at(claims, now):
        raise ReconnectError(say("microsoft.id_token.wrong_time"))
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


def _hash_nonce(nonce: str) -> str:
    """Return the nonce in MSAL's hashed form."""
    return hashlib.sha256(nonce.encode("ascii")).hexdigest()


def _refusal_sentence(what: str) -> str:
    return say("microsoft.id_token.other_sign_in", what=what)
