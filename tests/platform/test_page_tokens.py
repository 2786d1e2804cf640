"""Which web process holds the socket of a page and the lock on its state."""

import asyncio
import contextlib
import pickle
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis
from reflex.state import StateUpdate
from reflex.utils.token_manager import LostAndFoundRecord

from invo_booking.run.embedded import Valkey, scratch_folder
from invo_booking.web.core.socket import PageTokens, SharedStates


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

    tokens = PageTokens(Redis.from_url(url))
    tokens.ensure_lost_and_found_task(hear)
    channel = f"channel:{tokens._get_lost_and_found_key(tokens.instance_id)}"  # noqa: SLF001
    nothing = pickle.dumps(LostAndFoundRecord(token="", update=StateUpdate()))
    while not await tokens.redis.publish(channel, nothing):
        pass
    yield tokens
    await tokens.close()


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
