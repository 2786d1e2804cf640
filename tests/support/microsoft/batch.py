"""``$batch``: up to twenty calls in one, each with an answer of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.wire import graph_error
from tests.support.vendor.misbehaving import refusal, wait_as_ordered
from tests.support.vendor.wire import Call, Reply

MOST = 20
AT_ONCE = 4  # Outlook runs no more of one batch at a time

Answer = Callable[[Outlook, Call], Awaitable[Reply]]


async def answer_batch(outlook: Outlook, call: Call, answer: Answer) -> Reply:
    """Answer all calls of a batch; it succeeds whatever they do."""
    asked = call.body.get("requests") if isinstance(call.body, dict) else None
    if not asked or len(asked) > MOST:
        words = f"A batch has 1 to {MOST} requests."
        return graph_error(400, "BadRequest", words)
    if len({str(one.get("id")) for one in asked}) < len(asked):
        return graph_error(400, "BadRequest", "Request Id values must be unique.")
    turn = asyncio.Semaphore(AT_ONCE)

    async def answered(one: dict[str, Any]) -> dict[str, Any]:
        async with turn:
            return await _one(outlook, call, one, answer)

    found = await asyncio.gather(*map(answered, asked))
    return Reply(body={"responses": list(found)})


async def _one(
    outlook: Outlook, batch: Call, one: dict[str, Any], answer: Answer
) -> dict[str, Any]:
    inner = _taken_apart(batch, one)
    outlook.calls.append(inner)
    order = outlook.order_for(inner)
    if order is not None:
        await wait_as_ordered(outlook, order)
    refused = refusal(outlook, order, inner) if order is not None else None
    reply = refused or await answer(outlook, inner)
    inner.status = reply.status
    return {
        "id": str(one["id"]),
        "status": reply.status,
        "headers": {"Content-Type": "application/json", **reply.headers},
        "body": reply.body,
    }


def _taken_apart(batch: Call, one: dict[str, Any]) -> Call:
    address = urlsplit(one["url"])
    headers = {name.lower(): value for name, value in one.get("headers", {}).items()}
    headers.setdefault("authorization", batch.headers.get("authorization", ""))
    return Call(
        one["method"].upper(),
        "/" + address.path.lstrip("/"),
        dict(parse_qsl(address.query)),
        headers,
        one.get("body"),
        in_batch=True,
    )
