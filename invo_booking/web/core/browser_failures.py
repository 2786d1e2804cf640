"""What browsers report of pages that failed in them; anybody may send such a report."""

import logging
import time
from collections.abc import Callable

LONGEST = 300
"""Characters of a report that are logged: its sentence and where it came from."""

MOST, SECONDS = 10, 60
"""Reports a process logs within so many seconds; the others are counted."""

_log = logging.getLogger(__name__)


class Reports:
    """Logs reports, cut short and only so many.

    Args:
        now: Seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._since = now()
        self._told = 0
        self._left_out = 0

    def log_report(self, exception: Exception) -> None:
        """Log a report, or count it if there were too many of late."""
        now = self._now()
        if now - self._since >= SECONDS:
            self._since, self._told = now, 0
        if self._told >= MOST:
            self._left_out += 1
            return
        more = f"{self._left_out} reports left out; " if self._left_out else ""
        self._told, self._left_out = self._told + 1, 0
        _log.warning("failed in a browser: %s%s", more, str(exception)[:LONGEST])
