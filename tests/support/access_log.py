"""A reverse proxy on loopback that logs each request as nginx does by default."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from aiohttp import web

from tests.support.servers import free_port

COMBINED = '%a - - %t "%r" %s %b "%{Referer}i" "%{User-Agent}i"'
"""nginx's log format *combined*."""

_HOP = frozenset({"connection", "content-length", "host", "transfer-encoding"})
_UNPACKED = _HOP | {"content-encoding"}


class LoggingProxy:
    """Passes requests on to one address.

    Attributes:
        url: Its own address.
        lines: What it logged.
    """

    def __init__(self, behind: str) -> None:
        self._behind, self._port = behind, free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.lines: list[str] = []
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Serve from a thread."""
        self._thread.start()
        assert self._ready.wait(30)

    def stop(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        log = logging.getLogger(f"access of a proxy at {self._port}")
        log.propagate = False
        log.setLevel(logging.INFO)
        log.addHandler(_Lines(self.lines))
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._pass_on)
        runner = web.AppRunner(application, access_log=log, access_log_format=COMBINED)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port).start()
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        jar = aiohttp.DummyCookieJar()
        async with (
            aiohttp.ClientSession(cookie_jar=jar) as session,
            session.request(
                request.method,
                f"{self._behind}{request.raw_path}",
                headers=_without(request.headers, _HOP),
                data=await request.read(),
                allow_redirects=False,
            ) as answer,
        ):
            body = await answer.read()
            headers = _without(answer.headers, _UNPACKED)
            return web.Response(status=answer.status, headers=headers, body=body)


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())


def _without(headers, names: frozenset[str]):
    kept = headers.copy()
    for name in {it for it in kept if it.lower() in names}:
        kept.popall(name)
    return kept


@contextmanager
def logging_proxy(behind: str) -> Iterator[LoggingProxy]:
    """Run a proxy while the block lasts."""
    proxy = LoggingProxy(behind)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
