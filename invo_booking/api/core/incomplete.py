"""Notice a websocket message that grows too large before it is whole.

The server underneath hands a message over when all of it has arrived, and holds up to
64 MB of it until then. So the kernel is asked how much has arrived on the connection
since the last message. A socket is served only once its connection is found, so that
nothing sent before the first look goes uncounted. Linux alone tells; elsewhere the
limit of silence remains.
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
"""How often is looked; a network of 1 Gbit/s brings 31 MB within that time."""

_SEARCH_SECONDS = 0.05
"""Between two searches for the connections of new sockets: each reads all open files,
so that many who come at once are searched together."""

_HEAD_BYTES = 4_096
"""Allowed for the heads of a message's parts, beside what is in them."""

_ANSWER_BYTES = 256
_RECEIVED_AT = 128
"""Where ``struct tcp_info`` has ``tcpi_bytes_received``; since Linux 4.1."""

_OPEN_FILES = Path("/proc/self/fd")
_IS_TOLD = _OPEN_FILES.exists()
Peer = tuple[str, int]


class MessageTooLargeError(Exception):
    """More has arrived since the last message than a message may have."""


@dataclass(slots=True, eq=False)
class Listener:
    """One socket whose next message is waited for.

    Attributes:
        peer: Who is at the other end.
        limit: Ends the waiting.
        handle: Number of the connection's open file; ``None`` if it is not found.
        base: Bytes that had arrived up to the end of the last message; what arrived
            after it, and before it was handed over, is not among them.
    """

    peer: Peer
    limit: asyncio.Timeout | None = None
    handle: int | None = None
    base: int = 0
    is_too_large: bool = False

    async def hear(self, receive: Receive, silence: float) -> Message:
        """Return the next message.

        Raises:
            MessageTooLargeError: If it is larger than it may be, before it is whole.
            TimeoutError: If none comes for so many seconds.
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
            _received_bytes(self) or 0, self.base + size_of(message) + _HEAD_BYTES
        )
        return message


@dataclass(slots=True, eq=False)
class Watch:
    """Looks after all sockets of this process, as long as there are any.

    Attributes:
        most: Bytes that may arrive before a message is whole.
        look_seconds: How often is looked.
    """

    most: int
    look_seconds: float = LOOK_SECONDS
    _listeners: set[Listener] = field(default_factory=set[Listener])
    _looking: asyncio.Task[None] | None = None
    _searching: asyncio.Task[None] | None = None
    _searched_at: float = 0.0

    @contextlib.asynccontextmanager
    async def listener(self, peer: Peer | None) -> AsyncGenerator[Listener]:
        """Yield a listener that is looked after; nobody is without an address."""
        listener = Listener(peer or ("", 0))
        try:
            if peer and _IS_TOLD:
                self._listeners.add(listener)
                await self._search()
                listener.base = _received_bytes(listener) or 0
                if self._looking is None or self._looking.done():
                    self._looking = asyncio.create_task(self._look())
            yield listener
        finally:
            self._listeners.discard(listener)

    async def _search(self) -> None:
        """Return when the connections of all new listeners were searched for."""
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


def size_of(message: Message) -> int:
    """Return the bytes of a message, at least."""
    return len(message.get("bytes") or message.get("text") or "")


def peer_of(client: object) -> Peer | None:
    """Return the other end as ASGI tells it; servers write the port in two ways."""
    if not isinstance(client, tuple | list) or len(client) != 2:  # noqa: PLR2004
        return None
    host, port = map(str, client)
    with contextlib.suppress(ValueError):
        return _plain(host), int(port)
    return None


def _find(listeners: Iterable[Listener]) -> None:
    """Find the open file of each; all are searched once."""
    sought = {it.peer: it for it in listeners}
    if not sought:
        return
    for handle in (int(it.name) for it in _OPEN_FILES.iterdir()):
        if found := sought.get(_peer_at(handle) or ("", 0)):
            found.handle = handle


def _received_bytes(listener: Listener) -> int | None:
    """Return the bytes that ever arrived; ``None`` if nobody can tell."""
    if listener.handle is None:
        return None
    with _open_socket(listener.handle) as line:
        if line is None or _peer_of(line) != listener.peer:
            return None
        told = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ANSWER_BYTES)
    if len(told) < _RECEIVED_AT + 8:
        return None
    return int(struct.unpack_from("=Q", told, _RECEIVED_AT)[0])


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
    """Yield the socket behind an open file, if it is one; it stays open."""
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
