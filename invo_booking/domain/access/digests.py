"""Make what is stored in place of an address that is only counted or looked up."""

import hashlib


def digest_of(key: bytes, text: str) -> str:
    """Return 64 hexadecimal digits that nobody without the key can tell the text by.

    Addresses can be guessed, so a plain hash of one tells whose it is. With another
    key, every text has another digest: what was counted before is not found any more.

    Args:
        key: 16 to 64 bytes that only this deployment has.
        text: What must not be stored.
    """
    return hashlib.blake2b(text.encode(), key=key, digest_size=32).hexdigest()
