"""Which web process holds the socket of a page and the lock on its state."""

import asyncio
import contextlib
import pickle
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis
from reflex.state import StateUpdate
from reflex.utils.token_manager import LostAndFoundRecord

from invo_booking.run.embedded import Valkey, scratch_folder
from invo_booking.web.core.page_state import tokens
from invo_booking.web.core.page_state.tokens import PageTokens, SharedStates


@pytest.fixture(scope="module")
def valkey_url() -> Iterator[str]:
    """A server for all tests here; each has tokens of its own."""
    with scratch_folder() as folder, Valkey(folder) as server:
        yield server.url


@asynccontextmanager
async def web_process(url: str) -> AsyncIterator[PageTokens]:
    """Yield the tokens of a web process that listens; it is gone afterwards."""

    async def hear(_update: StateUpdate, _token: str) -> None:
        return

    process = PageTokens(Redis.from_url(url))
    process.ensure_lost_and_found_task(hear)
    while not await listeners_of(process, process.instance_id):
        pass
    yield process
    await process.close()


async def listeners_of(process: PageTokens, instance_id: str) -> int:
    """Return how many connections Redis has that listen for a process."""
    channel = f"channel:{process._get_lost_and_found_key(instance_id)}"  # noqa: SLF001
    nothing = pickle.dumps(LostAndFoundRecord(token="", update=StateUpdate()))
    return await process.redis.publish(channel, nothing)


def test_page_keeps_its_token_when_its_process_is_gone(valkey_url):
    async def move() -> str | None:
        async with web_process(valkey_url) as there:
            async with web_process(valkey_url) as here:
                await here.link_token_to_sid("moved", "first")
            return await there.link_token_to_sid("moved", "second")

    assert asyncio.run(move()) is None


def test_page_keeps_its_token_although_its_process_died_within_an_event(valkey_url):
    async def is_locked_after_move() -> int:
        async with web_process(valkey_url) as there:
            async with web_process(valkey_url) as here:
                await here.link_token_to_sid("locked", "first")
                await here.redis.set("locked_lock", b"of the process that is gone")
            await there.link_token_to_sid("locked", "second")
            return await there.redis.exists("locked_lock")

    assert asyncio.run(is_locked_after_move()) == 0


class Way:
    """A way to Valkey that can stop as if the machine at its other end lost power.

    Its connections stay open then, and nothing passes through them any more.
    """

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._may_pass = asyncio.Event()
        self._may_pass.set()
        self._writers: list[StreamWriter] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        place = f":{self._to.password}@127.0.0.1:{port}"
        self.url = self._to._replace(netloc=place).geturl()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        await self._server.wait_closed()

    def lose_power(self) -> None:
        """Pass nothing on from now on."""
        self._may_pass.clear()

    async def _serve(self, near: StreamReader, back: StreamWriter) -> None:
        far, there = await asyncio.open_connection(self._to.hostname, self._to.port)
        self._writers += [back, there]
        await asyncio.gather(self._pass(near, there), self._pass(far, back))

    async def _pass(self, source: StreamReader, target: StreamWriter) -> None:
        while data := await source.read(65_536):
            await self._may_pass.wait()
            target.write(data)


@pytest.fixture
def quick(monkeypatch):
    """A process that says nothing counts as gone after a quarter of a second."""
    monkeypatch.setattr(tokens, "_PULSE_SECONDS", 0.05)
    monkeypatch.setattr(tokens, "_SILENT", timedelta(seconds=0.25))


@pytest.mark.usefixtures("quick")
def test_page_keeps_its_token_when_the_machine_of_its_process_loses_power(valkey_url):
    async def move() -> tuple[int, str | None]:
        async with (
            Way(valkey_url) as way,
            web_process(valkey_url) as there,
            web_process(way.url) as here,
        ):
            await here.link_token_to_sid("dark", "first")
            way.lose_power()
            listeners = await listeners_of(there, here.instance_id)
            return listeners, await there.link_token_to_sid("dark", "second")

    assert asyncio.run(move()) == (1, None)


@pytest.mark.usefixtures("quick")
def test_token_of_a_process_that_never_showed_that_it_runs_is_in_use(valkey_url):
    async def move() -> str | None:
        async with web_process(valkey_url) as there, web_process(valkey_url) as here:
            await here.link_token_to_sid("older", "first")
            here._pulse_task.cancel()  # noqa: SLF001
            await there.redis.delete(tokens._pulse_key(here.instance_id))  # noqa: SLF001
            return await there.link_token_to_sid("older", "second")

    assert asyncio.run(move()) is not None


def test_copied_tab_gets_another_token_at_every_process(valkey_url):
    async def copy() -> list[str | None]:
        async with web_process(valkey_url) as here, web_process(valkey_url) as there:
            await here.link_token_to_sid("copied", "first")
            return [
                await here.link_token_to_sid("copied", "second"),
                await there.link_token_to_sid("copied", "third"),
            ]

    others = asyncio.run(copy())

    assert None not in others
    assert len({"copied", *others}) == 3


class LateAnswers(Redis):
    """A client that hears of a set key when a test lets it."""

    is_set: asyncio.Event
    may_arrive: asyncio.Event

    async def set(self, *args, **more):
        """Set a key."""
        answer = await super().set(*args, **more)
        self.is_set.set()
        await self.may_arrive.wait()
        return answer


def test_page_left_while_its_state_is_being_locked_leaves_no_lock(valkey_url):
    async def is_locked_after_leaving() -> int:
        redis = LateAnswers.from_url(valkey_url)
        redis.is_set, redis.may_arrive = asyncio.Event(), asyncio.Event()
        states = SharedStates(redis=redis)
        event = asyncio.create_task(states._try_get_lock(b"left_lock", b"event"))  # noqa: SLF001
        await redis.is_set.wait()
        event.cancel()
        redis.may_arrive.set()
        with contextlib.suppress(asyncio.CancelledError):
            await event
        left = await redis.exists("left_lock")
        await redis.aclose()
        return left

    assert asyncio.run(is_locked_after_leaving()) == 0
