"""Limit log lines that anyone can cause."""

import time
from collections import deque
from collections.abc import Callable

MOST = 20
WITHIN = 10.0
"""Seconds in which ``MOST`` lines of one kind are logged in one process."""


class LogBudget:
    """A budget of log lines, so that nobody can fill the disk.

    Args:
        now: Seconds of a monotonic clock.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lately: deque[float] = deque(maxlen=MOST)

    def is_left(self) -> bool:
        """Whether the line may be logged; counts it if so."""
        now = self._now()
        if len(self._lately) == MOST and now - self._lately[0] < WITHIN:
            return False
        self._lately.append(now)
        return True
