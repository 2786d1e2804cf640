"""Detect a websocket message that is too large before it is complete.

The server passes on a message only when it is complete, and buffers up to 64 MB until
then. To detect large messages earlier, this module asks the kernel how many bytes have
arrived on the connection since the last message. A websocket is served only after its
connection has been found, so that all bytes are counted. This works on Linux only; on
other systems, incomplete messages are limited only by the time that they take.
"""

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import AsyncGenerator, Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import Message, Receive

from invo_booking.domain.access.caller import parse_address

LOOK_SECONDS = 0.25
"""Interval of checks; a network of 1 Gbit/s delivers 31 MB within this time."""

_SEARCH_SECONDS = 0.05
"""Shortest interval between searches for the connections of new websockets.

Each search looks at all open files of the process, so one search finds the connections
of all new websockets.
"""

_HEAD_BYTES = 4_096
"""Bytes that a message may have in addition to its contents, for frame headers."""

_ANSWER_BYTES = 256
_RECEIVED_AT = 128
"""Offset of ``tcpi_bytes_received`` in ``struct tcp_info``, available since Linux 4.1.
"""

_OPEN_FILES = Path("/proc/self/fd")
_IS_TOLD = _OPEN_FILES.exists()
Peer = tuple[str, int]


class MessageTooLargeError(Exception):
    """More bytes have arrived for a message than a message may have."""


@dataclass(slots=True, eq=False)
class Listener:
    """Waits for the next message of one websocket.

    Attributes:
        peer: IP address and port of the other end of the connection.
        limit: Timeout of the current wait; ``None`` while no code waits for a message.
        handle: File descriptor of the connection; ``None`` if not found.
        base: Number of bytes received up to the end of the previous message, without
            bytes of the next message that had already arrived.
    """

    peer: Peer
    limit: asyncio.Timeout | None = None
    handle: int | None = None
    base: int = 0
    is_too_large: bool = False

    async def hear(self, receive: Receive, silence: float) -> Message:
        """Return the next message.

        Raises:
            MessageTooLargeError: If a message is too large, before it is complete.
            TimeoutError: If no message is complete within ``silence`` seconds.
        """
        try:
            async with asyncio.timeout(silence) as self.limit:
                message = await receive()
        except TimeoutError as error:
            if self.is_too_large:
                raise MessageTooLargeError from error
            raise
        finally:
            self.limit = None
        self.base = min(
            _received_bytes(self) or 0,
            self.base + request_size_of(message) + _HEAD_BYTES,
        )
        return message


@dataclass(slots=True, eq=False)
class Watch:
    """Monitors all websockets of this process.

    Attributes:
        most: Largest number of bytes that may arrive before a message is complete.
        look_seconds: Interval of checks.
    """

    most: int
    look_seconds: float = LOOK_SECONDS
    _listeners: set[Listener] = field(default_factory=set[Listener])
    _lookup: asyncio.Task[None] | None = None
    _searching: asyncio.Task[None] | None = None
    _searched_at: float = 0.0

    @contextlib.asynccontextmanager
    async def listener(self, peer: Peer | None) -> AsyncGenerator[Listener]:
        """Yield a listener, which is monitored unless ``peer`` is ``None``."""
        listener = Listener(peer or ("", 0))
        try:
            if peer and _IS_TOLD:
                self._listeners.add(listener)
                await self._search()
                listener.base = _received_bytes(listener) or 0
                if self._lookup is None or self._lookup.done():
                    self._lookup = asyncio.create_task(self._look())
            yield listener
        finally:
            self._listeners.discard(listener)

    async def _search(self) -> None:
        """Wait until the connections of all new listeners have been looked up."""
        if self._searching is None or self._searching.done():
            self._searching = asyncio.create_task(self._search_soon())
        await asyncio.shield(self._searching)

    async def _search_soon(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._searched_at + _SEARCH_SECONDS - loop.time())
        _find(it for it in self._listeners if it.handle is None)
        self._searched_at = loop.time()

    async def _look(self) -> None:
        while self._listeners:
            await asyncio.sleep(self.look_seconds)
            for listener in list(self._listeners):
                self._measure(listener)

    def _measure(self, listener: Listener) -> None:
        arrived = _received_bytes(listener)
        if arrived is None or listener.limit is None:
            return
        if arrived - listener.base > self.most:
            listener.is_too_large = True
            listener.limit.reschedule(asyncio.get_running_loop().time())


def request_size_of(message: Message) -> int:
    """Return a lower bound of a message's size in bytes."""
    return len(message.get("bytes") or message.get("text") or "")


def request_peer_of(client: object) -> Peer | None:
    """Return address and port of the client from ``client`` in the ASGI scope.

    Some servers give the port as a text. ``None`` if the value cannot be read.
    """
    if not isinstance(client, tuple | list) or len(client) != 2:  # noqa: PLR2004
        return None
    host, port = map(str, client)
    with contextlib.suppress(ValueError):
        return _plain(host), int(port)
    return None


def _find(listeners: Iterable[Listener]) -> None:
    """Find the file descriptors of all listeners in one search."""
    sought = {it.peer: it for it in listeners}
    if not sought:
        return
    for handle in (int(it.name) for it in _OPEN_FILES.iterdir()):
        if request := sought.get(_peer_at(handle) or ("", 0)):
            request.handle = handle


def _received_bytes(listener: Listener) -> int | None:
    """Return how many bytes the connection has received; ``None`` if unknown."""
    if listener.handle is None:
        return None
    with _open_socket(listener.handle) as line:
        if line is None or _peer_of(line) != listener.peer:
            return None
        counters = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ANSWER_BYTES)
    if len(counters) < _RECEIVED_AT + 8:
        return None
    return int(struct.unpack_from("=Q", counters, _RECEIVED_AT)[0])


def _peer_at(handle: int) -> Peer | None:
    with _open_socket(handle) as line:
        return _peer_of(line) if line else None


def _peer_of(line: socket.socket) -> Peer | None:
    if line.family not in {socket.AF_INET, socket.AF_INET6}:
        return None
    try:
        host, port = line.getpeername()[:2]
    except OSError:
        return None
    return _plain(host), port


@contextlib.contextmanager
def _open_socket(handle: int) -> Generator[socket.socket | None]:
    """Yield the socket of a file descriptor; ``None`` if it is not a socket.

    The file descriptor itself stays open afterwards.
    """
    try:
        copy = os.dup(handle)
    except OSError:
        yield None
        return
    try:
        line = socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        yield None
        return
    with line:
        yield line


def _plain(host: str) -> str:
    return str(parse_address(host.partition("%")[0]))
