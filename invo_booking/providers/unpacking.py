"""An answer's content unpacked within a bound, however far it would unpack.

HTTPX unpacks a whole block before anybody can measure it, and a block of 64 kB may
stand for 64 MB. Here no more is unpacked than may be kept.
"""

import zlib
from collections.abc import Iterable

ACCEPTED = "gzip"
"""What we ask for; an answer packed otherwise is not read."""

_GZIP = 16 + zlib.MAX_WBITS
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip"})


class ContentTooLargeError(Exception):
    """The content is longer than any we would keep."""


class UnknownPackingError(Exception):
    """The content is packed in a way we did not ask for, or is damaged."""


def unpack_content(blocks: Iterable[bytes], encoding: str, most: int) -> bytes:
    """Return the whole content.

    Args:
        blocks: As they come from the network.
        encoding: Value of ``Content-Encoding``.
        most: Bytes that may be kept; not one more is ever unpacked at once.

    Raises:
        ContentTooLargeError: As soon as there are more.
        UnknownPackingError: If it cannot be unpacked.
    """
    named = encoding.strip().lower()
    if named in _PLAIN:
        return _join_chunks(blocks, most)
    if named in _PACKED:
        return _join_chunks(_unzip_chunks(blocks, most), most)
    raise UnknownPackingError


def _join_chunks(blocks: Iterable[bytes], most: int) -> bytes:
    content = bytearray()
    for block in blocks:
        content += block
        if len(content) > most:
            raise ContentTooLargeError
    return bytes(content)


def _unzip_chunks(blocks: Iterable[bytes], most: int) -> Iterable[bytes]:
    unzip, left = zlib.decompressobj(_GZIP), most
    try:
        for block in blocks:
            part = unzip.decompress(block, left + 1)
            left -= len(part)
            yield part
            if left < 0 or unzip.unconsumed_tail:
                raise ContentTooLargeError
    except zlib.error as error:
        raise UnknownPackingError from error
    if not unzip.eof:
        raise UnknownPackingError
