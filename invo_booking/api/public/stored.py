"""Answer requests with content that a web process keeps in memory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

BROTLI, GZIP = "br", "gzip"

_REFUSED = re.compile(r"q=0(\.0*)?")


@dataclass(frozen=True, slots=True)
class StoredContent:
    """A page or file in memory, plain and compressed.

    Attributes:
        packed: The compressed content by content encoding, in order of preference.
        tag: The ETag.
    """

    plain: bytes
    packed: Mapping[str, bytes]
    media_type: str
    tag: str

    def answer(self, request: Request) -> Response:
        """Return the content, or 304 if the browser has this version."""
        headers = {"etag": self.tag, "vary": "accept-encoding"}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        body = self.plain
        accepted = _accepted_encodings(request.headers.get("accept-encoding", ""))
        if encoding := next(filter(accepted.__contains__, self.packed), ""):
            headers["content-encoding"], body = encoding, self.packed[encoding]
        headers["content-length"] = str(len(body))
        sent = b"" if request.method == "HEAD" else body
        return Response(sent, headers=headers, media_type=self.media_type)


def _accepted_encodings(header: str) -> set[str]:
    """Return the content encodings that a browser accepts.

    An encoding with ``q=0``, such as ``br;q=0``, is not accepted (RFC 9110).
    """
    parts = (part.strip().lower().partition(";") for part in header.split(","))
    return {name.strip() for name, _, q in parts if not _REFUSED.fullmatch(q.strip())}
