"""Prepare a new process for its first lists of slots."""

from invo_booking.domain.interval import Interval
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.availability import last_horizon_end


def prepare_first_lists(deps: Deps) -> None:
    """Read and index the time of all agents before somebody asks for slots.

    Safe to run at any time; stores nothing in the database.
    """
    with deps.unit_of_work() as work:
        if not work.is_set_up:
            return
        now = deps.now()
        window = Interval(now, last_horizon_end(work.roster, now, work.settings))
        with work.availability(window, now) as index:
            index.prepare(now)
