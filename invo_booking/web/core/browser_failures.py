"""Log failures of pages reported by browsers; anyone may send such a report."""

import logging
import time
from collections.abc import Callable

LONGEST = 300
"""Most characters of a report in the log: its message and origin."""

MOST, SECONDS = 10, 60
"""Most reports that a process logs within so many seconds; others are counted."""

_log = logging.getLogger(__name__)


class Reports:
    """Logs a limited number of shortened reports.

    Args:
        now: Seconds of a monotonic clock.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._since = now()
        self._told = 0
        self._left_out = 0

    def log_report(self, exception: Exception) -> None:
        """Log a report, or only count it if there were too many."""
        now = self._now()
        if now - self._since >= SECONDS:
            self._since, self._told = now, 0
        if self._told >= MOST:
            self._left_out += 1
            return
        more = f"{self._left_out} reports left out; " if self._left_out else ""
        self._told, self._left_out = self._told + 1, 0
        _log.warning("failed in a browser: %s%s", more, str(exception)[:LONGEST])
