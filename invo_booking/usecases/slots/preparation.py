"""Prepare a process for its first lists of slots."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import local_midnight
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.availability import last_horizon_end

_END = object()


@dataclass(frozen=True, slots=True)
class Preparation:
    """What remains to be computed before lists of slots are fast.

    Attributes:
        parts: Each iteration computes a part, without using the database.
        until_midnight: Time until the index must be prepared again, even if nothing
            changes.
    """

    parts: Iterator[None]
    until_midnight: timedelta

    def compute_part(self) -> bool:
        """Compute the next part; return ``False`` if no part was left."""
        return next(self.parts, _END) is not _END


def begin_preparation(deps: Deps) -> Preparation | None:
    """Read the time of all agents before somebody asks for slots.

    Safe to run at any time; stores nothing in the database.

    Returns:
        What remains to be computed; ``None`` if there is no institution yet.
    """
    with deps.unit_of_work() as work:
        if not work.is_set_up:
            return None
        now = deps.now()
        window = Interval(now, last_horizon_end(work.roster, now, work.settings))
        with work.availability(window, now):
            parts = work.index_preparation(now)
        zone = work.roster.institution.zone
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        return Preparation(parts, local_midnight(tomorrow, zone) - now)
