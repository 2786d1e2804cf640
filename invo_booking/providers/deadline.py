"""Enforce a deadline for a whole call, even if the response arrives slowly.

The timeouts of an HTTP client restart with every byte, so a server that sends one byte
a second never exceeds them. Here each wait for the network is limited to the remaining
time of the call.
"""

import ssl
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore

from invo_booking.run import lookup

CONNECT_SECONDS = 10.0
PRIVATE_ADDRESS = "its address is private"
"""Message of the error for a private address where only public addresses are
allowed."""

_ends: ContextVar[float] = ContextVar("ends")


@contextmanager
def within_deadline(seconds: float) -> Generator[None]:
    """Limit all network waits of this thread to a deadline.

    Of nested deadlines, the earliest applies.

    Args:
        seconds: Time from now; longer waits raise a timeout error.
    """
    ends = time.monotonic() + seconds
    token = _ends.set(min(ends, _ends.get(ends)))
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float:
    """Return the seconds to the deadline; without a deadline, the connect timeout."""
    return _ends.get(time.monotonic() + CONNECT_SECONDS) - time.monotonic()


class _Stream(httpcore.NetworkStream):
    """A connection whose waits end at the call's deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, _wait(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, _wait(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        wait = min(CONNECT_SECONDS, _wait(httpcore.ConnectTimeout))
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, wait))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore.SyncBackend):
    """Creates connections that respect ``within_deadline``."""

    def __init__(self, *, is_public_only: bool = False) -> None:
        """Create the object.

        Args:
            is_public_only: Whether private addresses are refused. The connection goes
                to the IP address that was checked, so a second DNS response cannot lead
                to a private address.
        """
        super().__init__()
        self._is_public_only = is_public_only

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within ten seconds in total, however many addresses the host has."""
        del timeout
        options = list(socket_options or ())
        ends = time.monotonic() + min(CONNECT_SECONDS, _wait(httpcore.ConnectTimeout))
        failure: Exception = httpcore.ConnectError("it has no address")
        for address in _addresses(host, port, ends - time.monotonic()):
            wait = ends - time.monotonic()
            if wait <= 0:
                break
            if self._is_public_only and not lookup.is_public_address(address):
                failure = httpcore.ConnectError(PRIVATE_ADDRESS)
                continue
            try:
                stream = super().connect_tcp(
                    address, port, wait, local_address, options
                )
                return _Stream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    try:
        return lookup.lookup_server_addresses(host, port, seconds)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error


def _wait(too_late: type[httpcore.TimeoutException]) -> float:
    left = seconds_left()
    if left <= 0:
        raise too_late("the call's time is over")
    return left
