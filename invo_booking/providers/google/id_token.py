"""Verify ID tokens of Google.

Source:
    developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.providers.id_claims import ALGORITHM, is_valid_at, read_id_token
from invo_booking.texts import say

_ISSUERS = ("https://accounts.google.com", "accounts.google.com")


@dataclass(frozen=True, slots=True)
class Account:
    """Who has signed in.

    Attributes:
        email: The account's address.
        subject: Google's permanent id of the account.
    """

    email: str
    subject: str


def verified_account(token: str, client_id: str, nonce: str, now: datetime) -> Account:
    """Check the token of a sign-in and return who has signed in.

    Args:
        token: The encoded token: header, claims and signature.
        client_id: The product's client id.
        nonce: Nonce of the sign-in.
        now: The current instant in UTC; the clocks may differ by ``LEEWAY``.

    Raises:
        ReconnectError: If a check fails. The message quotes nothing of the token.
    """
    try:
        header, claims = read_id_token(token)
    except (ValueError, RecursionError):
        raise ReconnectError(_refusal_sentence("form")) from None
    if wrong := _wrong(header, claims, client_id, nonce):
        raise ReconnectError(_refusal_sentence(wrong))
    if not is_valid_at(claims, now):
        raise ReconnectError(say("google.id_token.wrong_time"))
    return Account(str(claims["email"]).lower(), str(claims["sub"]))


def _wrong(
    header: Mapping[str, Any], claims: Mapping[str, Any], client_id: str, nonce: str
) -> str:
    """Return the name of the first failed check; empty if there is none."""
    address = claims.get("email")
    is_right = {
        "alg": header.get("alg") == ALGORITHM,
        "iss": claims.get("iss") in _ISSUERS,
        "aud": claims.get("aud") in (client_id, [client_id]),
        "nonce": claims.get("nonce") == nonce,
        "sub": bool(claims.get("sub")),
        "email": isinstance(address, str) and "@" in address,
        "email_verified": claims.get("email_verified") in (True, "true"),
    }
    return next((name for name, right in is_right.items() if not right), "")


def _refusal_sentence(what: str) -> str:
    return say("google.id_token.other_sign_in", what=what)
