"""Sign assertions of a service account that acts for a person of its organization.

Source:
    developers.google.com/identity/protocols/oauth2/service-account
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc7523 import assertion as _assertion
from joserfc.jwk import RSAKey

from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.texts import say

LIFE_SECONDS = 3_600
"""Longest lifetime that Google accepts for an assertion."""

_authlib: Any = _assertion
"""Authlib has no type annotations."""


def signed_assertion(
    key_file: str, *, subject: str, scopes: Sequence[str], audience: str, now: datetime
) -> str:
    """Return a signed assertion, which Google exchanges for an access token.

    The key file also names a token endpoint. This endpoint is not used, because the
    file must not decide where the signed assertion is sent.

    Args:
        key_file: The JSON key of the service account, as text.
        subject: Address of the account that the service account acts for.
        scopes: The requested scopes.
        audience: URL of the token endpoint.
        now: The current instant in UTC.

    Raises:
        ReconnectError: If the key cannot be used.
    """
    try:
        key = json.loads(key_file)
        return str(
            _authlib.sign_jwt_bearer_assertion(
                RSAKey.import_key(key["private_key"]),
                issuer=key["client_email"],
                audience=audience,
                subject=subject,
                issued_at=int(now.timestamp()),
                expires_in=LIFE_SECONDS,
                claims={"scope": " ".join(scopes)},
                header={"alg": "RS256", "kid": str(key.get("private_key_id") or "")},
            )
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ReconnectError(say("google.service_account.unusable_key")) from None
