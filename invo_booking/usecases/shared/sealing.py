"""Seal secrets for storage.

Uses AES-256-GCM under keys derived from the installation's secret keys. The first
secret key encrypts new values. A value can be decrypted as long as its key is among the
secret keys. The purpose is authenticated, so a sealed value cannot be decrypted for a
different purpose.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from invo_booking.config import Config
from invo_booking.settings.spec import Setting, Values
from invo_booking.texts import say

NONCE_BYTES = 12
_DERIVED_FOR = b"invo-booking sealed secrets"


class SealBrokenError(Exception):
    """A sealed text was changed, has a different purpose, or has an unknown key."""


def seal(
    config: Config, purpose: str, text: str, derived_for: bytes = _DERIVED_FOR
) -> str:
    """Return a text that only ``unseal`` with the same purpose can read.

    Args:
        config: Configuration with the secret keys.
        purpose: What the secret is for, such as the key of a setting.
        text: The secret.
        derived_for: Value from which the key is derived, besides the secret key;
            ``unseal`` needs the same value.
    """
    key_id = next(iter(config.secret_keys))
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = _bound(key_id, purpose)
    cipher = _cipher(config, key_id, derived_for)
    sealed = cipher.encrypt(nonce, text.encode(), bound)
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(
    config: Config, purpose: str, sealed: str, derived_for: bytes = _DERIVED_FOR
) -> str:
    """Return the text that was sealed for this purpose.

    Raises:
        SealBrokenError: If the text cannot be opened; the message contains no part of
            the text.
    """
    key_id, body = sealing_key_id(sealed), sealed.partition(":")[2]
    if key_id not in config.secret_keys:
        raise SealBrokenError(say("refusals.sealing.unknown_key"))
    try:
        raw = base64.b64decode(body, validate=True)
        nonce, rest = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        bound = _bound(key_id, purpose)
        cipher = _cipher(config, key_id, derived_for)
        return cipher.decrypt(nonce, rest, bound).decode()
    except (InvalidTag, ValueError):
        raise SealBrokenError(say("refusals.sealing.tampered")) from None


def sealing_key_id(sealed: str) -> str:
    """Return the id of the key that sealed a text."""
    return sealed.partition(":")[0]


def reveal_secret(config: Config, values: Values, setting: Setting[str]) -> str:
    """Return a secret setting as plain text; empty if not set or not readable.

    Callers must send the secret only to the server that the secret is for.
    """
    try:
        return open_secret(config, values, setting)
    except SealBrokenError:
        return ""


def open_secret(config: Config, values: Values, setting: Setting[str]) -> str:
    """Return a secret setting as plain text; empty if it is not set.

    Raises:
        SealBrokenError: If the stored value cannot be opened.
    """
    sealed = values[setting]
    return unseal(config, setting.key, sealed) if sealed else ""


def derived_key(config: Config, key_id: str, purpose: bytes) -> bytes:
    """Return a 32-byte key derived from a secret key for a purpose."""
    key = config.secret_keys[key_id].get_secret_value()
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose)
    return derive.derive(key)


def _cipher(config: Config, key_id: str, derived_for: bytes) -> AESGCM:
    return AESGCM(derived_key(config, key_id, derived_for))


def _bound(key_id: str, purpose: str) -> bytes:
    return f"{key_id}:{purpose}".encode()
