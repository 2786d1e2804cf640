"""Tell the browser when a page must reload its data."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MILLISECOND = timedelta(milliseconds=1)
NEVER = -1


@dataclass
class MomentView:
    """The next instant at which the shown data changes because time has passed.

    Attributes:
        wait: Milliseconds until then, by the server's clock; -1 for never. The browser
            measures this duration, because its own clock may be wrong.
        stamp: A new value each time, so that the browser starts the timer again.
    """

    wait: int = NEVER
    stamp: str = ""


def moment_view(at: datetime | None, now: datetime) -> MomentView:
    """Return how long a page shown at ``now`` waits before reloading at ``at``."""
    wait = NEVER if at is None else max(0, -((now - at) // MILLISECOND))
    return MomentView(wait=wait, stamp=now.isoformat())
