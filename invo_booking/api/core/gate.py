"""Check all requests before any other code reads them.

The gate is the outermost layer of the web process, around the pages, the API, the
websocket and Reflex's own routes. It refuses requests that are too large. The gate
passes on only our own cookies, rewritten as plain ``name=value`` pairs, so that other
cookie parsers never see malformed cookies. The cookie with an agent's encrypted grant
is passed on only for requests to the grant's path.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking.api.core.address import client_address_of_request
from invo_booking.api.core.addresses import language_of_path, language_of_request
from invo_booking.api.core.pages import is_read_by_a_person, refusal_page
from invo_booking.api.core.problem import problem_response
from invo_booking.api.core.sockets import OPEN_SOCKETS, Sockets, listen_on_sockets
from invo_booking.config import Config
from invo_booking.domain.access.caller import ADDRESS, REQUEST_ID
from invo_booking.domain.access.cookie import (
    KNOWN_BROWSER,
    cookie_name,
    grant_cookie_name,
    grant_cookie_value,
    grant_of_path,
    session_cookie_value,
)
from invo_booking.domain.access.cookie import MOST_BYTES as MOST_COOKIE_BYTES
from invo_booking.run import logs
from invo_booking.run.draining import DRAINING, Draining
from invo_booking.texts import say, speak

MOST_HEADERS = 100
MOST_HEADER_BYTES = 32_768
"""Largest size in bytes of all headers of a request."""

MOST_ADDRESS_BYTES = 8_192
"""Largest size in bytes of path and query together.

Redirects of some providers after a sign-in have about 3,000 bytes.
"""

BODY_SECONDS = 60.0
"""Time limit for receiving a body; enough for a picture of 4 MB at 70 kB a second."""

_SOCKET = "/_event"
_HEALTH = "/_health"
"""Reflex's own health route, which is blocked, because anyone could make it query
Redis.

Our own route is ``/readyz``.
"""

_ALWAYS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_POLICY_VIOLATION = 1008
_HEADERS = "api.gate.headers_too_large"

RawHeaders = list[tuple[bytes, bytes]]
Refusal = tuple[int, str, str]
"""HTTP status, stable error code, and message for a person."""


class Gate:
    """ASGI application around the whole web process.

    Args:
        app: The application to protect.
        config: The configuration.
        sockets: Counts and limits the websockets of this process.
        body_seconds: Time limit for receiving a body.
        draining: Says whether this process is shutting down.
    """

    def __init__(
        self,
        app: ASGIApp,
        config: Config,
        sockets: Sockets,
        *,
        body_seconds: float = BODY_SECONDS,
        draining: Draining = DRAINING,
    ) -> None:
        self._app = app
        self._hops = config.trusted_proxy_hops
        self._cookie = cookie_name(config.public_url)
        self._grant = grant_cookie_name(config.public_url)
        self._sockets = sockets
        self._body_seconds = body_seconds
        self._draining = draining

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass allowed requests on, and refuse others."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        name = secrets.token_hex(8)
        named = logs.request_id.set(name)
        try:
            speak(language_of_path(scope))
            if refused := gate_refusal_of(scope):
                await _refuse(refused, scope, receive, send)
            else:
                speak(language_of_request(scope))
                await self._serve(self._scope_to_pass(scope, name), receive, send)
        finally:
            logs.request_id.reset(named)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._draining.is_on:
            send = _close_after_answer(send)
            if scope["type"] == "websocket":
                await _refuse_socket(receive, send)
                return
        if scope["type"] == "websocket":
            token = _header_value(scope["headers"], self._cookie)
            await listen_on_sockets(
                self._app, (scope, receive, send), self._sockets, token
            )
        else:
            timely = _receive_in_time(receive, self._body_seconds)
            await self._app(scope, timely, send)

    def _scope_to_pass(self, scope: Scope, name: str) -> Scope:
        """Return the scope with our cookies only, client address and request id."""
        sent = scope["headers"]
        headers = [it for it in sent if it[0].lower() != b"cookie"]
        if ours := self._own_cookies(scope, _whole_cookie_header(sent)):
            headers.append((b"cookie", "; ".join(ours).encode()))
        address = client_address_of_request(scope, self._hops)
        return {
            **scope,
            "headers": headers,
            ADDRESS: address,
            REQUEST_ID: name,
            OPEN_SOCKETS: self._sockets.count(),
        }

    def _own_cookies(self, scope: Scope, header: str) -> list[str]:
        values = {
            name: session_cookie_value(header, name)
            for name in (self._cookie, KNOWN_BROWSER)
        }
        if scope["type"] == "http" and grant_of_path(scope["path"]):
            values[self._grant] = grant_cookie_value(header, self._grant)
        return [f"{name}={value}" for name, value in values.items() if value]


def gate_refusal_of(scope: Scope) -> Refusal | None:
    """Return why a request is refused before its body is read; ``None`` if allowed."""
    headers: RawHeaders = scope["headers"]
    if len(scope["path"]) + len(scope["query_string"]) > MOST_ADDRESS_BYTES:
        return 414, "address_too_long", say("api.gate.address_too_long")
    if (
        len(headers) > MOST_HEADERS
        or _size_of(headers) > MOST_HEADER_BYTES
        or _size_of(_cookie_headers(headers)) > MOST_COOKIE_BYTES
    ):
        return 431, "headers_too_large", say(_HEADERS)
    if scope["type"] == "http" and scope["path"].startswith(_SOCKET):
        return 426, "websocket_only", say("api.gate.websockets_only")
    if scope["path"].rstrip("/") == _HEALTH:
        return 404, "not_found", say("api.gate.nothing")
    return None


def _size_of(headers: Iterable[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)


def _cookie_headers(headers: RawHeaders) -> RawHeaders:
    return [it for it in headers if it[0].lower() == b"cookie"]


def _header_value(headers: RawHeaders, name: str) -> str:
    """Return the value of a cookie; empty if it was not sent."""
    return session_cookie_value(_whole_cookie_header(headers), name)


def _whole_cookie_header(headers: RawHeaders) -> str:
    """Return all cookies as one header; clients may send several."""
    whole = b";".join(value for _, value in _cookie_headers(headers))
    return whole.decode("latin-1")


async def _refuse(refused: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        return
    status, code, sentence = refused
    more = _ALWAYS | ({"upgrade": "websocket"} if status == 426 else {})  # noqa: PLR2004
    if is_read_by_a_person(Headers(scope=scope)):
        answer: Response = refusal_page(scope["path"], status, sentence)
    else:
        answer = problem_response(status, code, sentence)
    answer.headers.update(more)
    await answer(scope, receive, send)


async def _refuse_socket(receive: Receive, send: Send) -> None:
    """Answer a websocket handshake with 503, so that a proxy tries another server."""
    await receive()
    start = {"type": "websocket.http.response.start", "status": 503, "headers": []}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": b""})


def _close_after_answer(send: Send) -> Send:
    """Return a ``send`` that adds ``Connection: close`` to the response."""

    async def send_and_close(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (b"connection", b"close")]
            message = {**message, "headers": headers}
        await send(message)

    return send_and_close


def _receive_in_time(
    receive: Receive, seconds: float, now: Callable[[], float] = time.monotonic
) -> Receive:
    """Return a ``receive`` that reports a disconnect if the body takes too long."""
    ends, is_whole = now() + seconds, False

    async def timely() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, ends - now()))
        except TimeoutError:
            message = {"type": "http.disconnect"}
        is_whole = not message.get("more_body", False)
        return message

    return timely
