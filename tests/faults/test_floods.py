"""Callers that want too much of a real web process."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from uuid import uuid4

import aiohttp
import httpx
import pytest

from invo_booking.api.core.sockets import ANYBODY
from invo_booking.domain.clock import utc_now
from tests.matrix.conftest import WITHOUT_PAGES
from tests.support.bank import Bank
from tests.support.servers import House

PROMPT = 10.0
"""Seconds within which others are served meanwhile, on a busy machine."""

CLOSED = {1008, 1006}
"""How a socket ends that sends too much: with the reason, or, where the system cuts the
line because more was on its way than anybody read, without."""


@pytest.fixture
def house(tmp_path, deps, database_url) -> Iterator[House]:
    Bank(deps, utc_now).agent("Ana")
    own = {
        "REFLEX_WEB_WORKDIR": str(tmp_path / "web"),
        "REFLEX_STATES_WORKDIR": str(tmp_path / "states"),
        "INVO_RATE_LIMITS": "on",
    }
    with House(tmp_path / "house", database_url, **WITHOUT_PAGES | own) as running:
        running.start_valkey()
        running.start_web("tests.matrix.served:create")
        yield running


def test_floods_are_refused_and_everybody_else_is_served(house, tmp_path):
    refused = [
        head_of(house, b"cookie: invo_session=" + b'"' + b"\\" * 40_000),
        head_of(house, b"x-large: " + b"a" * 40_000),
        head_of(house, b"x-huge: " + b"a" * 300_000),
    ]
    assert all(b" 431 " in it for it in refused)
    assert serves(house)

    assert asyncio.run(flood(house, 1_000)) in CLOSED
    assert serves(house)

    assert asyncio.run(crowd(house, 150)) == ANYBODY
    assert serves(house)
    log = (tmp_path / "house" / "web.log").read_text()
    assert "socket refused: too many events" in log
    assert "socket refused: too many sockets of one address" in log
    assert "127.0.0.1:" not in log.partition("Listening at")[2].partition("\n")[2]


def test_a_request_that_is_never_finished_is_given_up(house):
    with connected(house) as line:
        line.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ")
        began = time.monotonic()
        line.settimeout(60)
        assert line.recv(1_000) in {b"", b"HTTP/1.1 408 Request Timeout\r\n"}

    assert 8 < time.monotonic() - began < 40


def serves(house: House) -> bool:
    return httpx.get(f"{house.url}/healthz", timeout=PROMPT).is_success


def connected(house: House) -> socket.socket:
    return socket.create_connection(("127.0.0.1", house.config.port), timeout=60)


def head_of(house: House, header: bytes) -> bytes:
    """Return how the answer to a request begins."""
    with connected(house) as line:
        try:
            line.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n" + header)
            line.sendall(b"\r\n\r\n")
        except ConnectionError:
            pass  # it was refused before it was sent whole
        return line.recv(100)


async def flood(house: House, count: int) -> int | None:
    """Send events as fast as they go; return how the socket was closed."""
    async with aiohttp.ClientSession() as session:
        line = await opened(house, session)
        try:
            for _ in range(count):
                await line.send_str("42/_event," + json.dumps(["ping"]))
        except ConnectionError:
            pass
        while (await line.receive(timeout=60)).type is aiohttp.WSMsgType.TEXT:
            pass
        return line.close_code


async def crowd(house: House, count: int) -> int:
    """Return how many of so many sockets may be opened."""
    unlimited = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=unlimited) as session:
        tried = [opened(house, session) for _ in range(count)]
        lines = await asyncio.gather(*tried, return_exceptions=True)
        return sum(not isinstance(line, BaseException) for line in lines)


async def opened(
    house: House, session: aiohttp.ClientSession
) -> aiohttp.ClientWebSocketResponse:
    address = f"{house.url}/_event/?EIO=4&transport=websocket&token={uuid4()}"
    line = await session.ws_connect(address)
    await line.receive(timeout=60)
    await line.send_str("40/_event,")
    await line.receive(timeout=60)
    return line
