"""Callers that want too much of a real web process."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from uuid import uuid4

import aiohttp
import httpx
import pytest

from invo_booking.api.core.sockets import ANYBODY
from invo_booking.domain.clock import utc_now
from tests.support.bank import Bank
from tests.support.servers import House, without_pages

PROMPT = 10.0
"""Seconds within which others are served meanwhile, on a busy machine."""

EARLY = 25.0
"""Seconds within which a line ends that would else be kept for 30, by the server's own
limit for headers, or for 60, by the limit of silence."""

LARGE = 1_000_000
"""Bytes of a message, none of which may stay in memory."""

CLOSED = {1008, 1006}
"""How a socket ends that sends too much: with the reason, or, where the system cuts the
line because more was on its way than anybody read, without."""


@pytest.fixture
def house(tmp_path, deps, database_url) -> Iterator[House]:
    Bank(deps, utc_now).agent("Ana")
    own = {**without_pages(tmp_path), "INVO_RATE_LIMITS": "on"}
    with House(tmp_path / "house", database_url, **own) as running:
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


def test_what_is_never_finished_is_given_up_early(house):
    whole = frame(b"2")
    announced = frame(b"", of=10_000_000)
    first = frame(b"", of=10_000, ends=False)
    more = frame(b"x" * 10_000, ends=False, follows=True)
    with ExitStack() as stack:
        request = stack.enter_context(connected(house))
        request.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ")
        began = time.monotonic()
        sockets = [
            told_on_socket(house, stack, sent)
            for sent in (
                announced + b"x" * LARGE,
                whole + announced + b"x" * LARGE,
                first + b"x" * 10_000 + more * (LARGE // 10_000),
            )
        ]

        assert [closing_code(line) for line in sockets] == [1009] * 3
        assert rest_of(request) in {b"", b"HTTP/1.1 408 Request Timeout\r\n"}
        assert 8 < time.monotonic() - began < EARLY


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


def told_on_socket(house: House, stack: ExitStack, sent: bytes) -> socket.socket:
    """Return a bare websocket on which this was sent at once."""
    line = stack.enter_context(connected(house))
    line.sendall(
        f"GET /_event/?EIO=4&transport=websocket&token={uuid4()} HTTP/1.1\r\n"
        f"host: 127.0.0.1:{house.config.port}\r\n"
        "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
        "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    assert head.startswith(b"HTTP/1.1 101 ")
    line.sendall(sent)
    return line


def frame(
    payload: bytes, *, of: int = 0, ends: bool = True, follows: bool = False
) -> bytes:
    """Return a frame of text as a browser sends it, masked with nothing.

    Args:
        payload: What of it is there.
        of: How many bytes the head announces, if more than are there.
        ends: Whether the message is whole with it.
        follows: Whether it goes on with a message.
    """
    head = bytes([(0x80 if ends else 0) | (0 if follows else 1), 0x80 | 127])
    return head + (of or len(payload)).to_bytes(8) + bytes(4) + payload


def closing_code(line: socket.socket) -> int:
    """Return with which code a websocket is closed; what it says before is left out."""
    said = rest_of(line)
    while said[0] != 0x88:
        said = said[2 + said[1] :]
    return int.from_bytes(said[2:4])


def rest_of(line: socket.socket) -> bytes:
    """Return all that is said until the end of a connection.

    Raises:
        TimeoutError: If it does not end early.
    """
    line.settimeout(EARLY)
    said = b""
    with suppress(ConnectionError):
        while got := line.recv(10_000):
            said += got
    return said


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
