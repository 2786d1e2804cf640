"""Limit how many log lines are written for events that anyone can cause."""

import time
from collections import deque
from collections.abc import Callable

MOST = 20
WITHIN = 10.0
"""Seconds in which one process logs at most ``MOST`` lines of one kind."""


class LogBudget:
    """Limits the log lines of one kind, so that nobody can fill the disk.

    Args:
        now: Returns the seconds of a monotonic clock.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lately: deque[float] = deque(maxlen=MOST)

    def is_left(self) -> bool:
        """Whether one more line may be logged; if so, the line is counted."""
        now = self._now()
        if len(self._lately) == MOST and now - self._lately[0] < WITHIN:
            return False
        self._lately.append(now)
        return True
