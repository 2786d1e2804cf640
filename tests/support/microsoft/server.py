"""The fake Microsoft as an HTTPS server on a thread of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.support.microsoft import authority, graph
from tests.support.microsoft.batch import answer_batch
from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.schema import check_answer, check_request
from tests.support.microsoft.wire import RefusalError, graph_error
from tests.support.vendor.control import PREFIX, control
from tests.support.vendor.https_server import HttpsServer, body_of
from tests.support.vendor.misbehaving import respond
from tests.support.vendor.wire import Call, Reply

GRAPH = "/v1.0"


class Server:
    """One fake Microsoft on a port of loopback.

    Args:
        folder: Of its certificates.
        port: 0 for any that is free.
        certificate: How its certificate is made, if not as it should be.
    """

    def __init__(self, folder: Path, port: int = 0, **certificate: Any) -> None:
        self._server = HttpsServer(self._handle, folder, port, **certificate)
        self.outlook = Outlook(self._server.url, self._server.ca_file)

    def stop(self) -> None:
        """Stop serving; whatever hangs is let go."""
        self.outlook.behave()
        self._server.stop()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith(PREFIX):
            return await control(self.outlook, request)
        call = await read(request)
        caller = call.headers.get("authorization", "")
        running = self.outlook.entered(caller) if call.of_api else 0
        self.outlook.calls.append(call)
        try:
            limit = self.outlook.concurrency_limit
            if limit is not None and running > limit:
                return await respond(request, self.outlook, call, _too_many)
            return await respond(request, self.outlook, call, answer)
        finally:
            if call.of_api:
                self.outlook.left(caller)


async def answer(outlook: Outlook, call: Call) -> Reply:
    """Return the right answer to a call, both held to Microsoft's types."""
    if not call.of_api:
        return authority.answer(outlook, call)
    try:
        check_request(outlook, call)
        if call.path == "/$batch" and call.method == "POST":
            return await answer_batch(outlook, call, answer)
        reply = graph.answer(outlook, call)
    except RefusalError as refusal:
        reply = refusal.reply()
    except Exception as error:
        outlook.violations.append(f"the fake failed: {call.path}: {error!r}")
        raise
    check_answer(outlook, call, reply)
    return reply


async def _too_many(*_: Any) -> Reply:
    reply = graph_error(
        429,
        "ApplicationThrottled",
        "Application is over its MailboxConcurrency limit.",
    )
    reply.headers["Retry-After"] = "1"
    return reply


async def read(request: web.Request) -> Call:
    """Take a request apart."""
    of_api = request.path.startswith(GRAPH + "/")
    path = request.rel_url.raw_path
    return Call(
        request.method,
        unquote(path.removeprefix(GRAPH)) if of_api else path,
        dict(request.query),
        {name.lower(): value for name, value in request.headers.items()},
        await body_of(request),
        of_api=of_api,
    )


@contextmanager
def running_fake(
    folder: Path | None = None, port: int = 0, **certificate: Any
) -> Iterator[Outlook]:
    """Serve a fake Microsoft while the block lasts.

    Args:
        folder: Of its certificates; a temporary one if ``None``.
        port: 0 for any that is free.
        certificate: ``host`` and ``valid_until`` of one that is not as it should be.
    """
    with tempfile.TemporaryDirectory() as scratch:
        server = Server(folder or Path(scratch), port, **certificate)
        try:
            yield server.outlook
        finally:
            server.stop()
