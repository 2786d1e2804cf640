"""Hide the secrets of customers' links in the stored state of open pages.

The state of open pages, including each page's URL, is stored in Redis. So the secret in
the URL is encrypted (AES-SIV, RFC 5297) with a key that never leaves our processes. The
encryption is deterministic, so that a page's URL does not change between events.
"""

import base64
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from invo_booking.config import Config

LONGEST = 200
"""Longest secret, in characters."""

_DERIVED_FOR = b"invo-booking addresses of open pages"
_SEALED = re.compile(r"(\w{1,64})\.([A-Za-z0-9_-]{1,400})", re.ASCII)


def hide_secret(config: Config, secret: str) -> str:
    """Encrypt a secret with the first secret key."""
    key_id = next(iter(config.secret_keys))
    sealed = _cipher(config, key_id).encrypt(secret[:LONGEST].encode() or b"-", None)
    return f"{key_id}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"


def show_secret(config: Config, sealed: str) -> str:
    """Decrypt a secret; return text without a dot unchanged.

    The result is empty if the text has a dot but cannot be decrypted, for example
    because its key is unknown.
    """
    if "." not in sealed:
        return sealed
    match = _SEALED.fullmatch(sealed)
    if not match or match[1] not in config.secret_keys:
        return ""
    raw = base64.urlsafe_b64decode(match[2] + "=" * (-len(match[2]) % 4))
    try:
        return _cipher(config, match[1]).decrypt(raw, None).decode()
    except (InvalidTag, ValueError):
        return ""


def _cipher(config: Config, key_id: str) -> AESSIV:
    secret = config.secret_keys[key_id].get_secret_value()
    derive = HKDF(algorithm=SHA256(), length=64, salt=None, info=_DERIVED_FOR)
    return AESSIV(derive.derive(secret))
