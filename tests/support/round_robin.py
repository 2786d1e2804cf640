"""A proxy on loopback that gives each new connection to the next machine."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count


class RoundRobin:
    """The proxy.

    Attributes:
        ports: The machines, all on loopback, in the order in which they are used.
        port: Where it listens.
    """

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.port = 0
        self._turn = count()

    async def listen(self) -> asyncio.Server:
        """Start to take connections."""
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _take(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError), contextlib.closing(writer):
            there, back = await self._next_machine()
            with contextlib.closing(back):
                ways = (_pass_on(reader, back), _pass_on(there, writer))
                tasks = [asyncio.ensure_future(way) for way in ways]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    task.cancel()

    async def _next_machine(
        self,
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the machine whose turn it is, or the next one that answers."""
        turn = next(self._turn)
        for step in range(len(self.ports)):
            port = self.ports[(turn + step) % len(self.ports)]
            with contextlib.suppress(ConnectionRefusedError):
                return await asyncio.open_connection("127.0.0.1", port)
        raise ConnectionRefusedError


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


@contextmanager
def round_robin(ports: list[int]) -> Iterator[RoundRobin]:
    """Run a proxy in front of machines."""
    proxy = RoundRobin(ports)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(proxy.listen(), loop).result()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_end_all(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
