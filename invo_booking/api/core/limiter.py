"""Limit the rate of requests per address; all web processes count in Redis."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerMinute, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking import bootstrap
from invo_booking.api.core.address import client_address_of_request
from invo_booking.api.core.origin import SAFE_METHODS
from invo_booking.api.core.problem import too_many_response
from invo_booking.config import Config
from invo_booking.domain.access.caller import network_of
from invo_booking.domain.access.scopes import Program
from invo_booking.domain.clock import utc_now
from invo_booking.domain.errors import TooManyRequestsError
from invo_booking.texts import say


class RequestKind(StrEnum):
    """The kinds of requests that are counted separately."""

    SIGN_IN = "sign-in"
    LINKS = "links"
    WRITE = "write"
    READ = "read"
    PROGRAM = "program"


RATES: Mapping[RequestKind, RateLimitItem] = {
    RequestKind.SIGN_IN: parse("120/minute"),
    RequestKind.LINKS: parse("10/minute"),
    RequestKind.WRITE: parse("600/minute"),
    RequestKind.READ: parse("3000/minute"),
}
"""Limits per address (IPv6: per /64 network).

The limits are high, because an entire office may share one address.
"""

_SPECIAL = {
    "/session/sign-in": RequestKind.SIGN_IN,
    "/session/password": RequestKind.SIGN_IN,
    "/session/set-password": RequestKind.SIGN_IN,
    "/session/forgot-password": RequestKind.SIGN_IN,
    "/api/v1/appointments/links": RequestKind.LINKS,
}
_UNCOUNTED = frozenset({"/healthz", "/metrics"})
"""Paths without a limit.

``/healthz`` does no work, and ``/metrics`` answers only in the operator's own network.
"""

_REDIS_TIMEOUT = 0.25  # seconds; a slow counter must not make booking slow
_PAUSE = timedelta(seconds=10)


class Counter:
    """Counts requests in Redis; if Redis fails, in this process for ten seconds.

    Counts may be lost, because limits only prevent abuse.

    Args:
        storage: The counters that all processes share.
        now: Returns the current instant in UTC.
    """

    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._shared = FixedWindowRateLimiter(storage)
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._now = now
        self._resume_at = now()

    def time_to_wait(
        self, kind: RequestKind, who: str, rate: RateLimitItem | None = None
    ) -> timedelta | None:
        """Count a request; return how long to wait if there are too many.

        Args:
            kind: Kind of the request.
            who: Network of an IP address, or the id of a token.
            rate: The limit; if ``None``, the limit in ``RATES`` for this kind.

        Returns:
            The time until requests are allowed again; ``None`` if this one is allowed.
        """
        most = rate or RATES[kind]
        if self._now() >= self._resume_at:
            try:
                return self._ask(self._shared, most, kind, who)
            except StorageError:
                self._resume_at = self._now() + _PAUSE
        return self._ask(self._own, most, kind, who)

    def _ask(
        self,
        limiter: FixedWindowRateLimiter,
        most: RateLimitItem,
        kind: RequestKind,
        who: str,
    ) -> timedelta | None:
        if limiter.hit(most, kind, who):
            return None
        reset = limiter.get_window_stats(most, kind, who).reset_time
        return datetime.fromtimestamp(reset, UTC) - self._now()


def shared_counter(config: Config, now: Callable[[], datetime] = utc_now) -> Counter:
    """Return a counter in the configured Redis; without one, in this process."""
    return Counter(_storage(config.limits_store), now)


def count_program_request(count: Counter | None, program: Program) -> None:
    """Count a request with a program's token; do nothing if ``count`` is ``None``.

    Raises:
        TooManyRequestsError: If the program made too many requests in this minute.
    """
    if count is None:
        return
    most = RateLimitItemPerMinute(program.most_per_minute)
    if wait := count.time_to_wait(RequestKind.PROGRAM, program.token, most):
        raise TooManyRequestsError(
            say(
                "api.limiter.token",
                most_per_minute=program.most_per_minute,
            ),
            bootstrap.now() + wait,
        )


class RateLimits:
    """ASGI middleware that answers 429 to addresses with too many requests."""

    def __init__(self, app: ASGIApp, config: Config, count: Counter) -> None:
        self._app = app
        self._hops = config.trusted_proxy_hops
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        wait = await self._time_to_wait(scope) if scope["type"] == "http" else None
        if wait is None:
            await self._app(scope, receive, send)
            return
        response = too_many_response(say("api.limiter.address"), wait)
        await response(scope, receive, send)

    async def _time_to_wait(self, scope: Scope) -> timedelta | None:
        if scope["path"] in _UNCOUNTED:
            return None
        who = network_of(client_address_of_request(scope, self._hops))
        return await run_in_threadpool(
            self._count.time_to_wait, request_kind_of(scope), who
        )


def request_kind_of(scope: Scope) -> RequestKind:
    """Return the kind of request whose rate limit applies, by method and path."""
    if scope["method"] in SAFE_METHODS:
        return RequestKind.READ
    return _SPECIAL.get(scope["path"], RequestKind.WRITE)


def _storage(redis_url: str) -> Storage:
    if not redis_url:
        return MemoryStorage()
    return RedisStorage(
        redis_url,
        wrap_exceptions=True,
        key_prefix="invo:limits",
        socket_timeout=_REDIS_TIMEOUT,
        socket_connect_timeout=_REDIS_TIMEOUT,
    )
