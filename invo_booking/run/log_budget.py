"""Limit how many log lines are written for events that anyone can cause."""

import time
from collections import deque
from collections.abc import Callable

MOST = 20
"""Maximum number of lines of one kind that a process logs within ``WITHIN`` seconds."""

WITHIN = 10.0


class LogBudget:
    """Limits the log lines of one kind, so that nobody can fill the disk.

    Args:
        now: Returns the seconds of a monotonic clock.
        most: Maximum number of lines within a span.
        within: Length of this span in seconds.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        *,
        most: int = MOST,
        within: float = WITHIN,
    ) -> None:
        self._now = now
        self._within = within
        self._lately: deque[float] = deque(maxlen=most)

    def is_left(self) -> bool:
        """Whether one more line may be logged; if so, the line is counted."""
        now = self._now()
        is_full = len(self._lately) == self._lately.maxlen
        if is_full and now - self._lately[0] < self._within:
            return False
        self._lately.append(now)
        return True
