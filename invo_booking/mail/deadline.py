"""A deadline for a whole conversation with a mail server, however slowly it speaks.

The time-outs of a socket begin again with every byte, so a server that says one byte
every ten seconds is never too late for them. Here the line is cut when the time is
over, whatever is being waited for: a greeting, an answer, TLS, or room to write.
"""

import io
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

MOST_ANSWERED = 256 * 1024
"""Bytes of answers in one conversation; a usual one has some hundred."""


class TooMuchSaidError(OSError):
    """The server said more than any right conversation has."""


class Deadline:
    """When a conversation has to be over.

    Args:
        seconds: From now.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._ends

    def seconds_left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: If there are none.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left

    @contextmanager
    def close_at_deadline(self, line: socket.socket) -> Generator[None]:
        """Close a connection at its deadline, even while a caller waits for data.

        What is wrapped around the socket meanwhile, such as TLS, is cut with it.
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
    """What a server says, up to a number of bytes.

    Args:
        line: The connection.
        most: Bytes after which it is too much.
    """

    def __init__(self, line: socket.socket, most: int = MOST_ANSWERED) -> None:
        self._line = line
        self._most = most

    def readable(self) -> bool:
        """Whether anything can be read: always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read some bytes.

        Raises:
            TooMuchSaidError: If there were too many by now.
        """
        count = self._line.recv_into(buffer)
        self._most -= count
        if self._most < 0:
            raise TooMuchSaidError("too much was said")
        return count
