"""Let pages keep their state when their web process or its machine stops.

Redis stores which process holds the socket of each client token. If a page's token is
already in use, Reflex gives the page another token with an empty state; this happens
when a browser duplicates a tab. Without this module, the tokens of a killed process
would remain in use for an hour.

The module depends on internals of the pinned version of Reflex: the Redis keys of
``RedisTokenManager`` and of locks on states, and the channel to which each process with
sockets listens.
"""

import asyncio
import pickle
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import cast

from redis.exceptions import RedisError, WatchError
from reflex.istate.manager.redis import StateManagerRedis
from reflex.state import StateUpdate
from reflex.utils.tasks import ensure_task
from reflex.utils.token_manager import (
    LostAndFoundRecord,
    RedisTokenManager,
    SocketRecord,
    TokenManager,
)

EmitUpdate = Callable[[StateUpdate, str], Coroutine[None, None, None]]

_LOOKS = 5
_LOOK_SECONDS = 0.1
"""Seconds between two checks whether a token is free. A page that is reloaded, or whose
process was killed, may connect again before we detect that its old socket is closed.
"""

_PULSE_SECONDS = 1.0
"""Seconds between two heartbeats of a process."""

_SILENT = timedelta(seconds=5)
"""Time without heartbeats after which a process counts as stopped. If a machine stops
answering, its pages need longer than this to notice and to connect to another machine.
"""

_PULSE_KEPT = timedelta(hours=1)
_MILLISECOND = timedelta(milliseconds=1)


class PageTokens(RedisTokenManager):
    """Client tokens of the open pages of all web processes."""

    _pulse_task: asyncio.Task[None] | None = None

    def ensure_lost_and_found_task(self, emit_update: EmitUpdate) -> None:
        """Listen for messages to this process, and send heartbeats to Redis."""
        super().ensure_lost_and_found_task(emit_update)
        ensure_task(self, "_pulse_task", self._show_that_it_runs)

    async def close(self) -> None:
        """End the tasks of this process and close the connection."""
        if self._pulse_task is not None:
            self._pulse_task.cancel()
        await super().close()

    async def link_token_to_sid(self, token: str, sid: str) -> str | None:
        """Give a socket its token, or a new token if its token remains in use.

        If the token is in use, the socket waits up to half a second for the token.

        Returns:
            The new token; ``None`` if the socket keeps its own token.
        """
        for _ in range(_LOOKS):
            if await self._free_if_abandoned(token):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        return await super().link_token_to_sid(token, sid)

    async def _free_if_abandoned(self, token: str) -> bool:
        """Free a token whose process has stopped, and remove the lock on its state.

        Returns:
            Whether the token is free; also true if Redis fails, as in Reflex itself.
        """
        key = self._get_redis_key(token)
        try:
            async with self.redis.pipeline() as pipe:
                await pipe.watch(key)
                stored = cast("bytes | None", await pipe.get(key))
                if stored is None:
                    return True
                if not await self._is_abandoned(token, stored):
                    return False
                pipe.multi()
                pipe.delete(key, f"{token}_lock")
                await pipe.execute()
        except WatchError:  # another socket got the token first
            return False
        except RedisError:
            return True
        return True

    async def _is_abandoned(self, token: str, stored: bytes) -> bool:
        record: SocketRecord = pickle.loads(stored)  # noqa: S301 - Reflex's own record
        if record.instance_id == self.instance_id:
            return False
        nothing = LostAndFoundRecord(token=token, update=StateUpdate())
        channel = f"channel:{self._get_lost_and_found_key(record.instance_id)}"
        listeners: int = await self.redis.publish(channel, pickle.dumps(nothing))
        return not listeners or await self._is_silent(record.instance_id)

    async def _is_silent(self, instance_id: str) -> bool:
        """Whether a process has stopped sending heartbeats.

        If a machine loses power, Redis still counts its process as a listener until the
        connection times out, by default after five minutes. So the age of the latest
        heartbeat decides. This age follows from the remaining time to live of the
        heartbeat's key, by the clock of Redis.
        """
        remaining: int = await self.redis.pttl(_pulse_key(instance_id))
        return 0 <= remaining < (_PULSE_KEPT - _SILENT) // _MILLISECOND

    async def _show_that_it_runs(self) -> None:
        while True:
            with suppress(RedisError):  # tried again below
                await self.redis.set(_pulse_key(self.instance_id), b"", px=_PULSE_KEPT)
            await asyncio.sleep(_PULSE_SECONDS)


def _pulse_key(instance_id: str) -> str:
    return f"invo:runs:{instance_id}"


def shared_tokens(theirs: TokenManager) -> TokenManager:
    """Return our token manager if Reflex uses Redis, else Reflex's own."""
    if isinstance(theirs, RedisTokenManager):
        return PageTokens(theirs.redis)
    return theirs


class SharedStates(StateManagerRedis):
    """States of pages in Redis, with no locks left by cancelled events."""

    async def _try_get_lock(self, lock_key: bytes, lock_id: bytes) -> bool | None:
        """Try to lock a state; if the attempt is cancelled, unlock the state.

        Reflex cancels the events of a page when the visitor leaves the page. If Redis
        has already set the lock, the next page would wait ten seconds for the lock.
        """
        attempt = asyncio.ensure_future(super()._try_get_lock(lock_key, lock_id))
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            if await attempt:
                await self.redis.delete(lock_key)
            raise
