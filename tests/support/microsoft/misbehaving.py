"""How an answer goes out: as it should, or as a test has ordered."""

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.trouble import Order
from tests.support.microsoft.wire import Call, Reply, graph_error

Answer = Callable[[Outlook, Call], Awaitable[Reply]]
HUGE = 200 * 2**20  # bytes
BOMB = 300 * 2**20  # bytes, unpacked; a thousandth of it is sent
CHUNK = b" " * 2**18
PACKINGS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
NOTICED_SECONDS = 0.5
"""How long a call is still counted after its caller has given it up."""

CODES = {
    400: "BadRequest",
    401: "InvalidAuthenticationToken",
    403: "ErrorAccessDenied",
    404: "ErrorItemNotFound",
    409: "ErrorIrresolvableConflict",
    410: "syncStateNotFound",
    412: "ErrorIrresolvableConflict",
    429: "ApplicationThrottled",
    500: "generalException",
    502: "BadGateway",
    503: "serviceNotAvailable",
    504: "timeout",
}


async def respond(
    request: web.Request, outlook: Outlook, call: Call, answer: Answer
) -> web.StreamResponse:
    """Answer a call over the wire, well or badly."""
    order = outlook.order_for(call)
    if order is None:
        await asyncio.sleep(outlook.latency if call.of_graph else 0)
        return _sent(outlook, call, await answer(outlook, call))
    await wait_as_ordered(outlook, order, request)
    if order.drop == "before" or (order.hang and request.transport is None):
        return _dropped(request)
    reply = refusal(outlook, order, call) or await answer(outlook, call)
    if order.drop == "after":
        call.status = reply.status
        return _dropped(request)
    return await _spoiled(request, outlook, order, call, reply)


async def wait_as_ordered(
    outlook: Outlook, order: Order, request: web.Request | None = None
) -> None:
    """Wait as long as ordered; hang until released, or until the caller is gone.

    Like Microsoft, the fake learns late that a caller is gone, and counts its call
    until then.
    """
    await asyncio.sleep(order.delay + outlook.latency)
    age = outlook.ages
    while order.hang and outlook.ages == age:
        if request is not None and request.transport is None:
            await asyncio.sleep(NOTICED_SECONDS)
            return
        await asyncio.sleep(0.02)


def refusal(outlook: Outlook, order: Order, call: Call) -> Reply | None:
    """Return the error ordered, or ``None`` to go on as is right."""
    status = order.status
    if not status or status < 400:
        return None
    reply = _error(status, call)
    if (wait := order.retry_header(outlook.now())) is not None:
        reply.headers["Retry-After"] = wait
    return reply


def _error(status: int, call: Call) -> Reply:
    code = CODES.get(status, "generalException")
    if call.of_graph:
        return graph_error(status, code, "Ordered by the test.")
    names = {"error": "temporarily_unavailable", "error_description": "Ordered."}
    return Reply(status, {**names, "error_codes": [status]})


def _sent(outlook: Outlook, call: Call, reply: Reply) -> web.Response:
    call.status = reply.status
    raw, kind = _raw(reply)
    headers = {"Date": format_datetime(outlook.now(), usegmt=True), **reply.headers}
    return web.Response(
        status=reply.status, body=raw, headers=headers, content_type=kind
    )


def _raw(reply: Reply) -> tuple[bytes | None, str]:
    if reply.body is None:
        return None, "application/json"
    if isinstance(reply.body, str):
        return reply.body.encode(), "text/html"
    return json.dumps(reply.body).encode(), "application/json"


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _spoiled(
    request: web.Request, outlook: Outlook, order: Order, call: Call, reply: Reply
) -> web.StreamResponse:
    raw = _raw(reply)[0] or b""
    call.status = reply.status
    if order.drip:
        return await _dripped(request, outlook, reply, raw)
    if order.body == "huge":
        return await _huge(request, outlook)
    if order.body == "truncated":
        return await _cut_off(request, reply, raw)
    if order.body == "malformed":
        return _given(reply, raw[: len(raw) // 2])
    if order.body is not None:
        return _given(reply, order.body)
    return _sent(outlook, call, reply)


def _given(reply: Reply, body: Any) -> web.Response:
    if body in PACKINGS:
        return _packed(body)
    raw = body.encode() if isinstance(body, str) else body
    return web.Response(status=reply.status, body=raw, content_type="application/json")


async def _dripped(
    request: web.Request, outlook: Outlook, reply: Reply, raw: bytes
) -> web.StreamResponse:
    answer = await _begun(request, reply.status, len(raw))
    age = outlook.ages
    for position in range(len(raw)):
        if outlook.ages != age:
            return _abandoned(request, answer)
        await answer.write(raw[position : position + 1])
        await _second(outlook, age)
    return answer


async def _second(outlook: Outlook, age: int) -> None:
    for _ in range(50):
        if outlook.ages == age:
            await asyncio.sleep(0.02)


async def _huge(request: web.Request, outlook: Outlook) -> web.StreamResponse:
    answer = await _begun(request, 200, HUGE + 12)
    age = outlook.ages
    for _ in range(HUGE // len(CHUNK)):
        if outlook.ages != age:
            return _abandoned(request, answer)
        await answer.write(CHUNK)
    await answer.write(b'{"value":[]}')
    return answer


def _packed(packing: str) -> web.Response:
    pack = zlib.compressobj(9, wbits=PACKINGS[packing])
    raw = b"".join(pack.compress(CHUNK) for _ in range(BOMB // len(CHUNK)))
    headers = {"Content-Encoding": packing}
    return web.Response(
        body=raw + pack.flush(), content_type="application/json", headers=headers
    )


async def _cut_off(
    request: web.Request, reply: Reply, raw: bytes
) -> web.StreamResponse:
    answer = await _begun(request, reply.status, len(raw))
    await answer.write(raw[: len(raw) // 2])
    return _abandoned(request, answer)


async def _begun(request: web.Request, status: int, size: int) -> web.StreamResponse:
    answer = web.StreamResponse(status=status)
    answer.content_type = "application/json"
    answer.content_length = size
    await answer.prepare(request)
    return answer


def _abandoned(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return answer
