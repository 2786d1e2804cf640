"""An HTTPS server of a fake vendor, on a thread of its own."""

import asyncio
import json
import ssl
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.support.vendor.certificates import Certificates, make_certificates

LOOPBACK = "127.0.0.1"  # one family: "localhost" would get two ports
MOST_BYTES = 4 * 2**20  # what Microsoft and Google take at least


class HttpsServer:
    """A server on a port of loopback that hands every request to one function.

    Args:
        handle: What answers; called on the server's own thread.
        folder: Of its certificates.
        port: 0 for any that is free.
        certificate: How its certificate is made, if not as it should be.

    Attributes:
        url: Without a slash at the end.
        ca_file: Whom to trust for it.
    """

    def __init__(
        self,
        handle: Callable[[web.Request], Awaitable[web.StreamResponse]],
        folder: Path,
        port: int = 0,
        **certificate: Any,
    ) -> None:
        self._handle = handle
        self._certificates = make_certificates(folder, **certificate)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner, real_port = self._wait(self._start(port))
        self.url = f"https://localhost:{real_port}"
        self.ca_file = self._certificates.ca_file

    def stop(self) -> None:
        """Stop serving, and end the connections that are open."""
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

    def _wait(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(30)


async def body_of(request: web.Request) -> Any:
    """Return what was sent: of a form, of JSON, or as text."""
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
