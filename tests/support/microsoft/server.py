"""The fake Microsoft as an HTTPS server on a thread of its own."""

import asyncio
import json
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.support.microsoft import authority, graph
from tests.support.microsoft.batch import answer_batch
from tests.support.microsoft.certificates import Certificates, make_certificates
from tests.support.microsoft.control import control
from tests.support.microsoft.misbehaving import respond
from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.schema import check_answer, check_request
from tests.support.microsoft.wire import Call, RefusalError, Reply, graph_error

GRAPH = "/v1.0"
LOOPBACK = "127.0.0.1"  # one family: "localhost" would get two ports
MOST_BYTES = 4 * 2**20  # what Graph itself takes


class Server:
    """One fake Microsoft on a port of loopback.

    Args:
        folder: Of its certificates.
        port: 0 for any that is free.
        certificate: How its certificate is made, if not as it should be.
    """

    def __init__(self, folder: Path, port: int = 0, **certificate: Any) -> None:
        self._certificates = make_certificates(folder, **certificate)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner, real_port = self._wait(self._start(port))
        url = f"https://localhost:{real_port}"
        self.outlook = Outlook(url, self._certificates.ca_file)

    def stop(self) -> None:
        """Stop serving; whatever hangs is let go."""
        self.outlook.behave()
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        """Hang up on clients that are still connected, then stop."""
        for line in self._runner.server.connections if self._runner.server else ():
            if line.transport is not None:
                line.transport.abort()
        await self._runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _start(self, port: int) -> tuple[web.AppRunner, int]:
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        context = _context(self._certificates)
        site = web.TCPSite(runner, LOOPBACK, port, ssl_context=context)
        await site.start()
        return runner, runner.addresses[0][1]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/control/"):
            return await control(self.outlook, request)
        call = await read(request)
        caller = call.headers.get("authorization", "")
        running = self.outlook.entered(caller) if call.of_graph else 0
        self.outlook.calls.append(call)
        try:
            limit = self.outlook.concurrency_limit
            if limit is not None and running > limit:
                return await respond(request, self.outlook, call, _too_many)
            return await respond(request, self.outlook, call, answer)
        finally:
            if call.of_graph:
                self.outlook.left(caller)

    def _wait(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(30)


async def answer(outlook: Outlook, call: Call) -> Reply:
    """Return the right answer to a call, both held to Microsoft's types."""
    if not call.of_graph:
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
    of_graph = request.path.startswith(GRAPH + "/")
    path = request.rel_url.raw_path
    return Call(
        request.method,
        unquote(path.removeprefix(GRAPH)) if of_graph else path,
        dict(request.query),
        {name.lower(): value for name, value in request.headers.items()},
        await _body(request),
        of_graph=of_graph,
    )


async def _body(request: web.Request) -> Any:
    if "form" in request.content_type:
        return {name: str(value) for name, value in (await request.post()).items()}
    text = await request.text()
    try:
        return json.loads(text) if text else None
    except json.JSONDecodeError:
        return text


def _context(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain_file, certificates.key_file)
    return context


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
