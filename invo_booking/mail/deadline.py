"""Enforce a deadline for a whole SMTP conversation.

The timeouts of a socket restart with every byte, so a server that sends one byte every
ten seconds never exceeds them. This module closes the connection at the deadline, even
during a TLS handshake, or while we wait for a greeting, a reply, or room in the send
buffer.
"""

import io
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

MOST_ANSWERED = 256 * 1024
"""Largest number of bytes of replies in one conversation; a usual conversation has a
few hundred bytes."""


class TooMuchSaidError(OSError):
    """The server sent more than a valid conversation contains."""


class Deadline:
    """The deadline of an SMTP conversation.

    Args:
        seconds: Time from now until the deadline.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self._ends

    def seconds_left(self) -> float:
        """Return the remaining seconds.

        Raises:
            TimeoutError: If the deadline has passed.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left

    @contextmanager
    def close_at_deadline(self, line: socket.socket) -> Generator[None]:
        """Close a connection at its deadline, even while a caller waits for data.

        Layers around the socket, such as TLS, are closed together with the socket.
        """
        same_line = line.dup()
        cutter = threading.Timer(max(0.0, self._ends - time.monotonic()), _cut)
        cutter.args = [same_line]
        cutter.daemon = True
        cutter.start()
        try:
            yield
        finally:
            cutter.cancel()
            cutter.join()
            same_line.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


class ReplyReader(io.RawIOBase):
    """Reads the server's replies, up to a total number of bytes.

    Args:
        line: The connection.
        most: Largest number of bytes in total.
    """

    def __init__(self, line: socket.socket, most: int = MOST_ANSWERED) -> None:
        self._line = line
        self._most = most

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read some bytes.

        Raises:
            TooMuchSaidError: If the total exceeds the limit.
        """
        count = self._line.recv_into(buffer)
        self._most -= count
        if self._most < 0:
            raise TooMuchSaidError("too much was said")
        return count
