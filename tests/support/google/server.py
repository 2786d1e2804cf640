"""The fake Google as an HTTPS server."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.support.google import api, oauth
from tests.support.google.google import Google
from tests.support.vendor.control import PREFIX, control
from tests.support.vendor.https_server import HttpsServer, body_of
from tests.support.vendor.misbehaving import respond
from tests.support.vendor.wire import Call, Reply

API = "/calendar/v3"


class Server:
    """One fake Google on a port of loopback; see ``HttpsServer``."""

    def __init__(self, folder: Path, port: int = 0, **certificate: Any) -> None:
        self._server = HttpsServer(self._handle, folder, port, **certificate)
        self.google = Google(self._server.url, self._server.ca_file)

    def stop(self) -> None:
        """Stop serving; whatever hangs is let go."""
        self.google.behave()
        self._server.stop()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith(PREFIX):
            return await control(self.google, request)
        call = await _read(request)
        self.google.calls.append(call)
        return await respond(request, self.google, call, _answer)


async def _answer(google: Google, call: Call) -> Reply:
    return api.answer(google, call) if call.of_api else oauth.answer(google, call)


async def _read(request: web.Request) -> Call:
    of_api = request.path.startswith(f"{API}/")
    path = request.rel_url.raw_path
    return Call(
        request.method,
        unquote(path.removeprefix(API)) if of_api else path,
        dict(request.query),
        {name.lower(): value for name, value in request.headers.items()},
        await body_of(request),
        of_api=of_api,
    )


@contextmanager
def running_fake(
    folder: Path | None = None, port: int = 0, **certificate: Any
) -> Iterator[Google]:
    """Serve a fake Google while the block lasts.

    Args:
        folder: Of its certificates; a temporary one if ``None``.
        port: 0 for any that is free.
        certificate: ``host`` and ``valid_until`` of one that is not as it should be.
    """
    with tempfile.TemporaryDirectory() as scratch:
        server = Server(folder or Path(scratch), port, **certificate)
        try:
            yield server.google
        finally:
            server.stop()
