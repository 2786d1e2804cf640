"""Serve the scripts, style sheets and pictures of a build from memory.

A page loads about thirty of these files. The file server, behind all other layers,
looks for each of them on the disk.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking.api.core.origin import SAFE_METHODS
from invo_booking.api.public.stored import BROTLI, GZIP, StoredContent

_MEDIA_TYPES = {
    ".css": "text/css",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_SUFFIXES = {BROTLI: ".br", GZIP: ".gz"}
"""Suffixes of the compressed files that a build writes beside each file."""


class BuiltFiles:
    """ASGI middleware that serves the files that built pages load.

    Files that are added while the process runs are left to the file server.

    Args:
        app: Serves everything else.
        build: Folder of the built pages; may be empty or missing.
    """

    def __init__(self, app: ASGIApp, build: Path) -> None:
        self._app = app
        self._files = dict(_files_of(build))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file from memory; pass other requests on."""
        is_ours = scope["type"] == "http" and scope["path"] in self._files
        if not is_ours or scope["method"] not in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        answer = self._files[scope["path"]].answer(Request(scope))
        await answer(scope, receive, send)


def _files_of(build: Path) -> Iterator[tuple[str, StoredContent]]:
    """Yield the URL path and the content of each file that is not a page."""
    for file in build.glob("**/*"):
        if media_type := _MEDIA_TYPES.get(file.suffix):
            address = f"/{file.relative_to(build).as_posix()}"
            yield address, _stored_file(file, media_type)


def _stored_file(file: Path, media_type: str) -> StoredContent:
    plain = file.read_bytes()
    packed = {
        encoding: beside.read_bytes()
        for encoding, suffix in _SUFFIXES.items()
        for beside in [file.with_name(file.name + suffix)]
        if beside.exists()
    }
    tag = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return StoredContent(plain, packed, media_type, tag)
