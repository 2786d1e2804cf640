"""Run tasks with the database's time, not while clocks differ, and not on a copy."""

from collections.abc import Callable

from invo_booking import bootstrap
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import ticks


def run_by_database_clock(do: Callable[[Deps], object]) -> None:
    """Run a use case that depends on the time, unless clocks differ or on a copy."""
    tick = ticks.begin_tick(bootstrap.deps())
    if tick.may_work:
        do(tick.deps)


def run_at_any_time(do: Callable[[Deps], object]) -> None:
    """Run a use case that is harmless at any time."""
    do(ticks.begin_tick(bootstrap.deps()).deps)
