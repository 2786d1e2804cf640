"""Messages of websockets that are too large are noticed before they are whole."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from invo_booking.api.core.gate import Gate
from invo_booking.api.core.incomplete import request_peer_of
from invo_booking.api.core.sockets import MOST_INCOMPLETE, Sockets
from invo_booking.config import load_config
from invo_booking.domain.access.caller import ADDRESS

PATIENCE = 60.0


@asynccontextmanager
async def connected():
    """Yield both ends of a TCP connection; what is sent is read and never whole."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        line, _ = server.accept()
        with line:
            line.setblocking(False)
            client.setblocking(False)
            yield line, client


def handed_over(line, bytes_each):
    """Return how a server reads: a message is handed over once so much is there."""
    loop = asyncio.get_running_loop()

    async def receive():
        left = bytes_each
        while left > 0:
            left -= len(await loop.sock_recv(line, left))
        return {"type": "websocket.receive", "text": "x" * bytes_each}

    return receive


async def listens(line, receive, config, heard):
    """Serve a socket as the gate does; return what was sent to it."""
    sent = []

    async def app(scope, receive, send):
        del scope, send
        while (message := await receive())["type"] == "websocket.receive":
            heard.put_nowait(message)

    async def send(message):
        sent.append(message)

    sockets = Sockets(None)
    sockets.watch.look_seconds = 0.01
    scope = {
        "type": "websocket",
        "path": "/_event",
        "query_string": b"",
        "headers": [],
        "client": line.getpeername(),
        ADDRESS: "127.0.0.1",
    }
    await Gate(app, config, sockets)(scope, receive, send)
    return sent


@pytest.fixture
def own_config(tmp_path):
    return load_config({"INVO_DATA_DIR": str(tmp_path)})


def test_a_message_that_never_becomes_whole_is_cut_off_when_it_is_too_large(own_config):
    whole, part = 64_000_000, b"x" * 100_000

    async def flood():
        async with connected() as (line, client):
            loop, heard = asyncio.get_running_loop(), asyncio.Queue()
            receive = handed_over(line, whole)
            served = asyncio.create_task(listens(line, receive, own_config, heard))
            sent = 0
            while sent < whole and not served.done():
                await asyncio.wait_for(loop.sock_sendall(client, part), PATIENCE)
                await asyncio.sleep(0)
                sent += len(part)
            told = await asyncio.wait_for(served, PATIENCE)
            return heard.qsize(), told, sent

    heard, told, sent = asyncio.run(flood())

    assert heard == 0
    assert (told[-1]["code"], told[-1]["reason"]) == (1009, "message too large")
    assert sent < whole


def test_many_messages_that_are_whole_may_be_more_than_one_that_is_not(own_config):
    size = MOST_INCOMPLETE // 20

    async def talk():
        async with connected() as (line, client):
            loop, heard = asyncio.get_running_loop(), asyncio.Queue()
            receive = handed_over(line, size)
            served = asyncio.create_task(listens(line, receive, own_config, heard))
            for _ in range(80):
                await loop.sock_sendall(client, b"x" * size)
                await asyncio.wait_for(heard.get(), PATIENCE)
            is_open = not served.done()
            served.cancel()
            await asyncio.gather(served, return_exceptions=True)
            return is_open

    assert asyncio.run(talk())


@pytest.mark.parametrize(
    ("told", "peer"),
    [
        (("127.0.0.1", 5_000), ("127.0.0.1", 5_000)),
        (("127.0.0.1", "5000"), ("127.0.0.1", 5_000)),
        (["::ffff:10.0.0.1", "5000"], ("10.0.0.1", 5_000)),
        (None, None),
        (("", 0), None),
        (("unix", "x"), None),
        ("127.0.0.1", None),
    ],
)
def test_the_other_end_is_read_as_servers_tell_it(told, peer):
    assert request_peer_of(told) == peer
