"""Limit the websockets of an address, and the messages on each websocket.

Each web process counts its own websockets, because a shared count would stay wrong
after a process is killed. So with more processes an address may have more websockets.
To limit the total, use the proxy, which sees all connections.
"""

import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking.api.core.incomplete import (
    Listener,
    MessageTooLargeError,
    Watch,
    request_peer_of,
    request_size_of,
)
from invo_booking.domain.access.caller import ADDRESS, network_of

MOST_BYTES = 65_536
"""Largest size in bytes of one message and of a request's body; our largest form has a
tenth of this size."""

MOST_INCOMPLETE = 4 * MOST_BYTES
"""Largest number of bytes that may arrive on a connection before a message is complete.

More than ``MOST_BYTES``, because a message may arrive in many frames, each with a
header.
"""

EVENTS_PER_SECOND = 20.0
EVENTS_AT_ONCE = 100.0
"""Largest number of messages in a burst on one websocket; more than a person can cause.

An idle page sends one message every 15 seconds.
"""

SILENCE = 60.0
"""Seconds without a message after which a websocket is closed.

An open page answers a ping every 15 seconds.
"""

ANYBODY = 100
"""Number of websockets that one network may open without a valid session."""

SIGNED_IN = 600
"""Largest number of websockets of one network in total.

Once a network has ``ANYBODY`` websockets, every new websocket needs a valid session.
"""

ARRIVALS_PER_SECOND = 10.0
ARRIVALS_AT_ONCE = 300.0
"""Largest number of new websockets of one network in a burst.

After a restart, an entire office reconnects at once.
"""

OPEN_SOCKETS = "invo.sockets"
"""Key in a request's scope for the number of websockets of this process."""

_MOST_NETWORKS = 10_000
_QUIET_SECONDS = 10.0
_UNSUPPORTED = 1003
_POLICY_VIOLATION = 1008
_TOO_BIG = 1009

_BINARY = ("45", "46", "b")
"""First characters of messages that contain or announce binary data.

The protocols of Engine.IO and Socket.IO define these characters. The server would
buffer the announced parts until all have arrived. Pages send no binary data.
"""

Connection = tuple[Scope, Receive, Send]
_log = logging.getLogger(__name__)


class Bucket:
    """A token bucket; if empty, messages or websockets are arriving too fast.

    Args:
        rate: Tokens added per second.
        most: Initial and maximum number of tokens.
        now: Seconds of a monotonic clock.
    """

    def __init__(self, rate: float, most: float, now: float) -> None:
        self._rate, self._most = rate, most
        self._left, self._at = most, now

    def take(self, now: float) -> bool:
        """Take a token; return whether there was one.

        Args:
            now: Seconds of a monotonic clock.
        """
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def is_full(self, now: float) -> bool:
        """Whether the bucket is full."""
        return self._left + (now - self._at) * self._rate >= self._most


class Sockets:
    """Counts and limits the open websockets of this process, by network.

    Args:
        is_signed_in: Returns whether a token belongs to a valid session.
        has_limits: Whether limits apply; load tests switch them off.
        now: Returns the seconds of a monotonic clock.
        silence: Seconds without a message after which a websocket is closed.

    Attributes:
        watch: Detects messages that are too large before they are complete.
    """

    def __init__(
        self,
        is_signed_in: Callable[[str], Awaitable[bool]],
        *,
        has_limits: bool = True,
        now: Callable[[], float] = time.monotonic,
        silence: float = SILENCE,
    ) -> None:
        self.silence = silence
        self.watch = Watch(MOST_INCOMPLETE)
        self._is_signed_in = is_signed_in
        self._has_limits = has_limits
        self._now = now
        self._open: Counter[str] = Counter()
        self._arrivals: dict[str, Bucket] = {}
        self._told: dict[str, float] = {}

    async def enter(self, network: str, token: str) -> bool:
        """Count a new websocket; return whether it may stay.

        If the result is ``False``, the websocket is no longer counted; do not call
        ``leave`` for it.

        Args:
            network: Network of the client's address.
            token: Session token; empty if there is none.
        """
        self._open[network] += 1
        if await self._may_stay(network, token):
            return True
        self.leave(network)
        self.tell("too many sockets of one address")
        return False

    def leave(self, network: str) -> None:
        """Stop counting a websocket that has closed."""
        self._open[network] -= 1
        if self._open[network] <= 0:
            del self._open[network]

    def count(self) -> int:
        """Return how many websockets this process has open."""
        return self._open.total()

    def budget(self) -> "Budget":
        """Return the budget of messages for a new websocket."""
        return Budget(self._now) if self._has_limits else Unlimited(self._now)

    def tell(self, reason: str) -> None:
        """Log why a websocket is closed, each reason at most once in ten seconds."""
        now = self._now()
        if now - self._told.get(reason, -_QUIET_SECONDS) >= _QUIET_SECONDS:
            self._told[reason] = now
            _log.warning("socket refused: %s", reason)

    async def _may_stay(self, network: str, token: str) -> bool:
        if not self._has_limits:
            return True
        if not self._arrives(network):
            return False
        count = self._open[network]
        if count <= ANYBODY:
            return True
        return count <= SIGNED_IN and bool(token) and await self._is_signed_in(token)

    def _arrives(self, network: str) -> bool:
        now = self._now()
        if len(self._arrivals) > _MOST_NETWORKS:
            busy = {k: it for k, it in self._arrivals.items() if not it.is_full(now)}
            self._arrivals = busy
        bucket = Bucket(ARRIVALS_PER_SECOND, ARRIVALS_AT_ONCE, now)
        return self._arrivals.setdefault(network, bucket).take(now)


class Budget:
    """Limits the messages of one websocket."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._events = Bucket(EVENTS_PER_SECOND, EVENTS_AT_ONCE, now())

    def refusal(self, message: Message) -> tuple[int, str] | None:
        """Return close code and reason if the message exceeds a limit, or ``None``."""
        if is_binary(message):
            return _UNSUPPORTED, "binary message"
        if request_size_of(message) > MOST_BYTES:
            return _TOO_BIG, "message too large"
        if not self._is_left():
            return _POLICY_VIOLATION, "too many events"
        return None

    def _is_left(self) -> bool:
        return self._events.take(self._now())


class Unlimited(Budget):
    """Limits the size of messages, but not their number; for load tests."""

    def _is_left(self) -> bool:
        return True


def is_binary(message: Message) -> bool:
    """Whether a message contains or announces binary data."""
    text = message.get("text")
    return text is None or text.startswith(_BINARY)


async def _next_message(
    listener: Listener, receive: Receive, budget: Budget, silence: float
) -> tuple[Message, tuple[int, str] | None]:
    """Return the next message, with code and reason if the websocket must be closed."""
    try:
        message = await listener.hear(receive, silence)
    except MessageTooLargeError:
        return {}, (_TOO_BIG, "message too large")
    except TimeoutError:
        return {}, (_POLICY_VIOLATION, "silent for too long")
    is_said = message["type"] == "websocket.receive"
    return message, budget.refusal(message) if is_said else None


async def listen_on_sockets(
    app: ASGIApp, connection: Connection, sockets: Sockets, token: str
) -> None:
    """Serve a websocket, and close it when it exceeds a limit."""
    scope, receive, send = connection
    network = network_of(scope[ADDRESS])
    if not await sockets.enter(network, token):
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        return
    budget, is_closed = sockets.budget(), False

    async def hear() -> Message:
        nonlocal is_closed
        message, refused = await _next_message(
            listener, receive, budget, sockets.silence
        )
        if refused is None:
            return message
        code, reason = refused
        is_closed = True
        sockets.tell(reason)
        await send({"type": "websocket.close", "code": code, "reason": reason})
        return {"type": "websocket.disconnect", "code": code}

    async def say(message: Message) -> None:
        if not is_closed:
            await send(message)

    try:
        async with sockets.watch.listener(
            request_peer_of(scope.get("client"))
        ) as listener:
            await app(scope, hear, say)
    finally:
        sockets.leave(network)
