"""Decompress a response's content within a size limit.

HTTPX decompresses a whole block before its size can be checked, and a block of 64 kB
may expand to 64 MB. Here decompression stops at the limit.
"""

import zlib
from collections.abc import Iterable

ACCEPTED = "gzip"
"""The accepted content encoding; others are refused."""

_GZIP = 16 + zlib.MAX_WBITS
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip"})


class ContentTooLargeError(Exception):
    """The content exceeds the size limit."""


class UnknownPackingError(Exception):
    """The content is damaged, or has an encoding that was not requested."""


def unpack_content(blocks: Iterable[bytes], encoding: str, most: int) -> bytes:
    """Return the complete decompressed content.

    Args:
        blocks: Blocks from the network.
        encoding: Value of ``Content-Encoding``.
        most: Largest allowed size in bytes; also the most that is decompressed at once.

    Raises:
        ContentTooLargeError: As soon as the limit is exceeded.
        UnknownPackingError: If the content cannot be decompressed.
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
