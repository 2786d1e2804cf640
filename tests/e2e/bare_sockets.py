"""Pages as bare websockets: what Reflex's script sends, without a browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import socketio

from tests.e2e.product import House

NAMESPACE = "/_event"
ROOT = "reflex___state____state"
PATIENCE = 60


@dataclass
class BareSocket:
    """An open page without a browser.

    Attributes:
        token: Its client token; the server may give it another one.
        is_filled: Set when the page would not be a skeleton any more.
        updates: What came from the server since.
    """

    token: str = field(default_factory=lambda: str(uuid4()))
    is_filled: asyncio.Event = field(default_factory=asyncio.Event)
    updates: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def hear(self, update: dict[str, Any]) -> None:
        """Take an update."""
        root = (update.get("delta") or {}).get(ROOT, {})
        if any(name.startswith("is_hydrated") and root[name] for name in root):
            self.is_filled.set()
        await self.updates.put(update)

    async def rename(self, new: str) -> None:
        """Take another token."""
        self.token = new


@asynccontextmanager
async def bare_socket(
    house: House,
    port: int,
    token: str = "",
    *,
    address: str = "127.0.0.1",
    path: str = "/",
    cookie: str = "",
) -> AsyncIterator[BareSocket]:
    """Open a page over a socket and wait until it is filled.

    Args:
        house: The product whose pages these are.
        port: Where to connect, on loopback.
        token: That of the page before; by default a new one.
        address: Address of loopback to connect from.
        path: Address of the page.
        cookie: That of a session.

    Raises:
        TimeoutError: If the page would have stayed a skeleton.
    """
    page = BareSocket(**({"token": token} if token else {}))
    connector = aiohttp.TCPConnector(local_addr=(address, 0))
    async with aiohttp.ClientSession(connector=connector) as session:
        client = socketio.AsyncClient(http_session=session, reconnection=False)
        client.on("event", page.hear, namespace=NAMESPACE)
        client.on("new_token", page.rename, namespace=NAMESPACE)
        client.on("reconnect", client.disconnect, namespace=NAMESPACE)
        await client.connect(
            f"http://127.0.0.1:{port}/_event?token={page.token}",
            headers=_headers(house, cookie),
            auth={"event": _boot_event(path)},
            transports=["websocket"],
            namespaces=[NAMESPACE],
            socketio_path="/_event",
            wait_timeout=PATIENCE,
        )
        await asyncio.wait_for(page.is_filled.wait(), PATIENCE)
        yield page
        await client.disconnect()


def _headers(house: House, cookie: str) -> dict[str, str]:
    headers = {"Origin": house.url, "Host": house.url.rpartition("/")[2]}
    return headers | ({"Cookie": cookie} if cookie else {})


def _boot_event(path: str) -> dict[str, Any]:
    pathname, _, query = path.partition("?")
    arguments = dict(pair.split("=", 1) for pair in query.split("&") if pair)
    router = {"pathname": pathname, "asPath": path, "query": arguments}
    return {"name": f"{ROOT}.hydrate_and_load", "router_data": router}
