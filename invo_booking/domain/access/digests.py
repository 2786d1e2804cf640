"""Compute keyed digests of identifiers that are only counted or looked up."""

import hashlib


def digest_of(key: bytes, text: str) -> str:
    """Return a keyed digest of 64 hexadecimal digits.

    E-mail and IP addresses can be guessed, so a hash without a key would reveal them. A
    new key changes all digests, so counts stored under the old digests are no longer
    found.

    Args:
        key: 16 to 64 bytes, secret to this installation.
        text: The identifier to hide, such as an e-mail address.
    """
    return hashlib.blake2b(text.encode(), key=key, digest_size=32).hexdigest()
