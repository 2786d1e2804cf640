"""How an answer goes out: as it should, or as a test has ordered."""

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Protocol

from aiohttp import web

from tests.support.vendor.trouble import Order
from tests.support.vendor.wire import Call, Reply


class Vendor(Protocol):
    """What misbehaves: anything with orders, a clock and errors of its own."""

    latency: float
    ages: int

    def now(self) -> datetime: ...

    def order_for(self, call: Call) -> Order | None: ...

    def ordered_error(self, order: Order, call: Call) -> Reply: ...


Answer = Callable[[Any, Call], Awaitable[Reply]]
HUGE = 200 * 2**20  # bytes
BOMB = 300 * 2**20  # bytes, unpacked; a thousandth of it is sent
PAGE = b"<!doctype html><title>Sign in to the network</title>"
CHUNK = b" " * 2**18
PACKINGS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
NOTICED_SECONDS = 0.5
"""How long a call is still counted after its caller has given it up."""


async def respond(
    request: web.Request, vendor: Vendor, call: Call, answer: Answer
) -> web.StreamResponse:
    """Answer a call over the wire, well or badly."""
    order = vendor.order_for(call)
    if order is None:
        await asyncio.sleep(vendor.latency if call.of_api else 0)
        return _sent(vendor, call, await answer(vendor, call))
    await wait_as_ordered(vendor, order, request)
    if order.drop == "before" or (order.hang and request.transport is None):
        return _dropped(request)
    reply = refusal(vendor, order, call) or await answer(vendor, call)
    if order.drop == "after":
        call.status = reply.status
        return _dropped(request)
    return await _spoiled(request, vendor, order, call, reply)


async def wait_as_ordered(
    vendor: Vendor, order: Order, request: web.Request | None = None
) -> None:
    """Wait as long as ordered; hang until released, or until the caller is gone.

    Like the real one, the fake learns late that a caller is gone, and counts its call
    until then.
    """
    await asyncio.sleep(order.delay + vendor.latency)
    age = vendor.ages
    while order.hang and vendor.ages == age:
        if request is not None and request.transport is None:
            await asyncio.sleep(NOTICED_SECONDS)
            return
        await asyncio.sleep(0.02)


def refusal(vendor: Vendor, order: Order, call: Call) -> Reply | None:
    """Return the error ordered, or ``None`` to go on as is right."""
    status = order.status
    if not status or status < 400:
        return None
    reply = vendor.ordered_error(order, call)
    if (wait := order.retry_header(vendor.now())) is not None:
        reply.headers["Retry-After"] = wait
    return reply


def _sent(vendor: Vendor, call: Call, reply: Reply) -> web.Response:
    call.status = reply.status
    raw, kind = _raw(reply)
    headers = {"Date": format_datetime(vendor.now(), usegmt=True), **reply.headers}
    return web.Response(
        status=reply.status, body=raw, headers=headers, content_type=kind
    )


def _raw(reply: Reply) -> tuple[bytes | None, str]:
    if reply.body is None:
        return None, "application/json"
    if isinstance(reply.body, bytes):
        return reply.body, "text/xml"
    if isinstance(reply.body, str):
        return reply.body.encode(), "text/html"
    return json.dumps(reply.body).encode(), "application/json"


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _spoiled(
    request: web.Request, vendor: Vendor, order: Order, call: Call, reply: Reply
) -> web.StreamResponse:
    raw = _raw(reply)[0] or b""
    call.status = reply.status
    if order.drip:
        return await _dripped(request, vendor, reply, raw)
    if order.body == "huge":
        return await _huge(request, vendor)
    if order.body == "truncated":
        return await _cut_off(request, reply, raw)
    if order.body == "malformed":
        return _given(reply, raw[: len(raw) // 2])
    if order.body is not None:
        return _given(reply, order.body)
    return _sent(vendor, call, reply)


def _given(reply: Reply, body: Any) -> web.Response:
    if body in PACKINGS:
        return _packed(body)
    if body == "page":
        return web.Response(body=PAGE, content_type="text/html")
    raw = body.encode() if isinstance(body, str) else body
    return web.Response(status=reply.status, body=raw, content_type="application/json")


async def _dripped(
    request: web.Request, vendor: Vendor, reply: Reply, raw: bytes
) -> web.StreamResponse:
    answer = await _begun(request, reply.status, len(raw))
    age = vendor.ages
    for position in range(len(raw)):
        if vendor.ages != age:
            return _abandoned(request, answer)
        await answer.write(raw[position : position + 1])
        await _second(vendor, age)
    return answer


async def _second(vendor: Vendor, age: int) -> None:
    for _ in range(50):
        if vendor.ages == age:
            await asyncio.sleep(0.02)


async def _huge(request: web.Request, vendor: Vendor) -> web.StreamResponse:
    answer = await _begun(request, 200, HUGE + 12)
    age = vendor.ages
    for _ in range(HUGE // len(CHUNK)):
        if vendor.ages != age:
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
