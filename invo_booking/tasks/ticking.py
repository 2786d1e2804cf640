"""Run use cases as tasks, with the database's clock as the current time."""

from collections.abc import Callable

from invo_booking import bootstrap
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import ticks


def run_by_database_clock(do: Callable[[Deps], object]) -> None:
    """Run a use case that depends on the time.

    Does nothing while the clocks of database and worker differ, or if the database is a
    copy.
    """
    tick = ticks.begin_tick(bootstrap.deps())
    if tick.may_work:
        do(tick.deps)


def run_at_any_time(do: Callable[[Deps], object]) -> None:
    """Run a use case that does no harm with a wrong clock or on a copy."""
    do(ticks.begin_tick(bootstrap.deps()).deps)
