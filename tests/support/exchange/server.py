"""The fake Exchange as an HTTPS server."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from lxml import etree

from tests.support.exchange.exchange import EWS, Exchange
from tests.support.exchange.operations import OPERATIONS, Operation
from tests.support.exchange.schema import S, parsed, problems_of
from tests.support.exchange.sign_in import SignIn
from tests.support.exchange.soap import (
    RefusalError,
    envelope,
    failure,
    fault,
    response,
)
from tests.support.vendor.control import PREFIX, control
from tests.support.vendor.https_server import HttpsServer
from tests.support.vendor.misbehaving import respond
from tests.support.vendor.wire import Call, Reply


class Server:
    """One fake Exchange on a port of loopback; see ``HttpsServer``."""

    def __init__(self, folder: Path, port: int = 0, **certificate: Any) -> None:
        self._server = HttpsServer(self._handle, folder, port, **certificate)
        self.exchange = Exchange(self._server.url, self._server.ca_file)
        self._sign_in = SignIn(self.exchange, folder)

    def stop(self) -> None:
        """Stop serving; whatever hangs is let go."""
        self.exchange.behave()
        self._server.stop()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith(f"{EWS}{PREFIX}"):
            return await control(self.exchange, request)
        body = await request.read()
        if request.path != EWS:
            return web.Response(status=404, body=b"<title>404</title>")
        if refusal := self._sign_in.refusal(request):
            await asyncio.sleep(self.exchange.latency)
            return refusal
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(request.method, _operation(body), {}, headers, body)
        self.exchange.calls.append(call)
        self.exchange.entered("")
        try:
            return await respond(request, self.exchange, call, _answer)
        finally:
            self.exchange.left("")


def _operation(body: bytes) -> str:
    """Return the path by which orders know a call."""
    try:
        return f"/{etree.QName(parsed(body).find(f'{S}Body')[0]).localname}"
    except (etree.XMLSyntaxError, TypeError, IndexError):
        return "/"


async def _answer(exchange: Exchange, call: Call) -> Reply:
    answer = OPERATIONS.get(call.path[1:])
    if answer is None:
        return Reply(500, fault("ErrorInvalidRequest"))
    if exchange.remembered is not None and call.body in exchange.remembered:
        return Reply(200, exchange.remembered[call.body])
    wrong = problems_of(call.body)
    exchange.violations += [f"asked: {it}" for it in wrong]
    if wrong:
        return Reply(500, fault("ErrorSchemaValidation"))
    try:
        content = _content(exchange, call, answer)
    except RefusalError as refusal:
        return Reply(500, fault(refusal.code))
    except Exception as error:
        exchange.violations.append(f"the fake failed: {call.path}: {error!r}")
        raise
    reply = envelope(content, exchange.version)
    exchange.violations += [f"answered: {it}" for it in problems_of(reply)]
    if exchange.remembered is not None:
        exchange.remembered[call.body] = reply
    return Reply(200, reply)


def _content(exchange: Exchange, call: Call, answer: Operation) -> etree._Element:
    operation = call.path[1:]
    if code := exchange.refused.get(operation):
        return response(operation, failure(operation, code))
    return answer(exchange, parsed(call.body).find(f"{S}Body")[0])


@contextmanager
def running_fake(
    folder: Path | None = None, port: int = 0, **certificate: Any
) -> Iterator[Exchange]:
    """Serve a fake Exchange while the block lasts.

    Args:
        folder: Of its certificates; a temporary one if ``None``.
        port: 0 for any that is free.
        certificate: What is not as it should be; see ``make_certificates``.
    """
    with tempfile.TemporaryDirectory() as scratch:
        server = Server(folder or Path(scratch), port, **certificate)
        try:
            yield server.exchange
        finally:
            server.stop()
