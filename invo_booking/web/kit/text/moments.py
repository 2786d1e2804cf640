"""When a page looks again by itself, in words a browser understands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MILLISECOND = timedelta(milliseconds=1)
NEVER = -1


@dataclass
class MomentView:
    """The next instant at which the clock alone changes what a page shows.

    Attributes:
        wait: Milliseconds until then on the server's clock; -1 for never. The browser
            counts them itself, since its own clock may be wrong.
        stamp: Another one each time, so that the browser starts to count again.
    """

    wait: int = NEVER
    stamp: str = ""


def moment_view(at: datetime | None, now: datetime) -> MomentView:
    """Return how long a page that is shown ``now`` waits before it looks again."""
    wait = NEVER if at is None else max(0, -((now - at) // MILLISECOND))
    return MomentView(wait=wait, stamp=now.isoformat())
