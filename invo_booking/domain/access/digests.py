"""Compute keyed digests of addresses that are only counted or looked up."""

import hashlib


def digest_of(key: bytes, text: str) -> str:
    """Return a keyed digest of 64 hexadecimal digits.

    Addresses can be guessed, so a plain hash would reveal them. A different key gives
    different digests: earlier counts are then no longer found.

    Args:
        key: 16 to 64 bytes, secret to this installation.
        text: The address to hide.
    """
    return hashlib.blake2b(text.encode(), key=key, digest_size=32).hexdigest()
