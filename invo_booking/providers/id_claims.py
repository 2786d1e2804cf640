"""Read the claims of ID tokens.

The signature is not verified: the token comes directly from the token endpoint over
TLS. OpenID Connect Core 1.0, section 3.1.3.7, accepts this instead of a signature
check.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

ALGORITHM: Final = "RS256"
"""Signature algorithm of all our providers; tokens with another algorithm are
refused."""

LEEWAY: Final = timedelta(minutes=2)
"""Allowed difference between clocks."""


def read_id_token(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the header and the claims of an encoded token.

    Raises:
        ValueError, RecursionError: If the token is malformed.
    """
    header, claims = (_part(part) for part in token.split(".")[:2])
    return header, claims


def is_valid_at(claims: Mapping[str, Any], now: datetime) -> bool:
    """Whether a token is valid at ``now`` if clocks may differ by ``LEEWAY``."""
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
