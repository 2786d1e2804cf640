"""Limit how many calls run at the same time for one mailbox, across all processes.

A vendor limits the concurrent calls per application and mailbox, whichever of our
processes makes the calls. So the running calls are counted in Redis. While Redis cannot
be reached, each process applies the limit on its own. The vendor then refuses the calls
that exceed the limit, and these calls are repeated.
"""

import hashlib
import logging
import random
import threading
import time
from typing import Any, Protocol
from uuid import uuid4

import redis

PREFIX = "invo:calls:"
REST_SECONDS = 5.0
"""Seconds for which Redis is not used after it failed."""

_CONNECT_SECONDS, _ANSWER_SECONDS = 0.2, 0.5
_PAUSE_SECONDS = 0.05
_LOST_SECONDS = 30.0
"""Seconds from a call's time limit until its permit is freed in any case.

Frees the permits of processes that died during a call.
"""

_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""
_log = logging.getLogger(__name__)


class CallGate(Protocol):
    """Lets a limited number of calls through at a time."""

    def acquire(self, *, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds for a permit; return whether one was free."""
        ...

    def release(self) -> None:
        """Free a permit."""
        ...


def _client(redis_url: str) -> Any:
    return redis.Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
        redis_url,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
    )


class CallCounts:
    """Counts, in Redis, the permits that all processes use; without a URL, none."""

    def __init__(self, redis_url: str = "") -> None:
        """Create the object without connecting to Redis."""
        self._redis = _client(redis_url) if redis_url else None
        self._rests_until = 0.0

    def take(self, key: str, ticket: str, limit: int, seconds: float) -> bool:
        """Take a permit; return ``False`` if none is free.

        Always ``True`` while Redis cannot be reached.

        Args:
            key: Redis key of the gate.
            ticket: Identifies the permit, for ``leave``.
            limit: Number of permits.
            seconds: Time after which the permit is freed without ``leave``.
        """
        values = (limit, ticket, int(seconds * 1000))
        answer = self._ask("eval", _TAKE, 1, key, *values)
        return answer is None or bool(answer)

    def leave(self, key: str, ticket: str) -> None:
        """Free the permit taken with this ticket."""
        self._ask("zrem", key, ticket)

    def _ask(self, command: str, *values: object) -> Any:
        """Return Redis's response; ``None`` if Redis cannot be reached."""
        if self._redis is None or time.monotonic() < self._rests_until:
            return None
        try:
            return getattr(self._redis, command)(*values)
        except redis.RedisError as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            _log.warning("calls are not counted in Redis: %s", type(error).__name__)
            return None


class SharedGate:
    """Limits the concurrent calls for one mailbox at one vendor."""

    def __init__(
        self, counts: CallCounts, name: str, limit: int, call_seconds: float
    ) -> None:
        """Create the object without connecting to Redis.

        Args:
            counts: Where the calls of all processes are counted.
            name: Vendor and mailbox; only a digest of the name is stored.
            limit: Largest number of calls at the same time.
            call_seconds: Time limit of a call.
        """
        digest = hashlib.sha256(name.encode()).hexdigest()
        self._counts, self._key, self._limit = counts, f"{PREFIX}{digest[:32]}", limit
        self._seconds = call_seconds + _LOST_SECONDS
        self._local = threading.BoundedSemaphore(limit)
        self._tickets: list[str] = []
        self._guard = threading.Lock()

    def acquire(self, *, timeout: float) -> bool:
        """Wait for a permit, first in this process, then among all processes."""
        ends = time.monotonic() + timeout
        if not self._local.acquire(timeout=timeout):
            return False
        ticket = uuid4().hex
        while not self._counts.take(self._key, ticket, self._limit, self._seconds):
            if time.monotonic() >= ends:
                self._local.release()
                return False
            time.sleep(_PAUSE_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311
        with self._guard:
            self._tickets.append(ticket)
        return True

    def release(self) -> None:
        """Free the permit that this process has held longest.

        This may be the permit of another call than the one that ends. Only the number
        of permits in use matters.
        """
        with self._guard:
            ticket = self._tickets.pop(0)
        self._counts.leave(self._key, ticket)
        self._local.release()


class SharedGates:
    """The gates for simultaneous calls to one vendor, one gate for each mailbox."""

    def __init__(
        self, counts: CallCounts, vendor: str, limit: int, call_seconds: float
    ) -> None:
        """Create the object without connecting to Redis; see ``SharedGate``."""
        self._counts, self._vendor = counts, vendor
        self._limit, self._seconds = limit, call_seconds
        self._gates: dict[str, SharedGate] = {}
        self._guard = threading.Lock()

    def of(self, mailbox: str) -> CallGate:
        """Return the gate of a mailbox."""
        with self._guard:
            if mailbox not in self._gates:
                name = f"{self._vendor} {mailbox.lower()}"
                self._gates[mailbox] = SharedGate(
                    self._counts, name, self._limit, self._seconds
                )
            return self._gates[mailbox]
