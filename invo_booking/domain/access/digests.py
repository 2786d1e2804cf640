"""Compute keyed digests of addresses that are only counted or looked up."""

import hashlib


def digest_of(key: bytes, text: str) -> str:
    """Return a keyed digest of 64 hexadecimal digits.

    Addresses can be guessed, so a hash without a key would reveal them. With a new key,
    addresses get different digests, so counts stored under the old key are no longer
    found.

    Args:
        key: 16 to 64 bytes, secret to this installation.
        text: The address to hide.
    """
    return hashlib.blake2b(text.encode(), key=key, digest_size=32).hexdigest()
