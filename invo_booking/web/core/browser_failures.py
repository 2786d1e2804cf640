"""Log failures of pages reported by browsers; anyone may send such a report."""

import logging
import time
from collections.abc import Callable

LONGEST = 300
"""Maximum number of characters of a report (message and origin) in the log."""

MOST, SECONDS = 10, 60
"""A process logs at most ``MOST`` reports in ``SECONDS``; others are only counted."""

_log = logging.getLogger(__name__)


class Reports:
    """Logs a limited number of shortened reports.

    Args:
        now: Returns the seconds of a monotonic clock.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._since = now()
        self._told = 0
        self._left_out = 0

    def log_report(self, exception: Exception) -> None:
        """Log a report, or only count the report if the limit is reached."""
        now = self._now()
        if now - self._since >= SECONDS:
            self._since, self._told = now, 0
        if self._told >= MOST:
            self._left_out += 1
            return
        more = f"{self._left_out} reports left out; " if self._left_out else ""
        self._told, self._left_out = self._told + 1, 0
        _log.warning("failed in a browser: %s%s", more, str(exception)[:LONGEST])
