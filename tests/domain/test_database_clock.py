"""The database's time, continued by a machine whose own clock may be wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.clock import AGREES, DatabaseClock

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
trips = st.timedeltas(timedelta(0), timedelta(seconds=5))
wrongs = st.timedeltas(timedelta(days=-2), timedelta(days=2))


class Machine:
    """A machine whose clock is wrong by some time."""

    def __init__(self, wrong: timedelta) -> None:
        self.true, self.wrong = NOW, wrong

    def __call__(self) -> datetime:
        return self.true + self.wrong


def ask(clock, machine, way_there, way_back):
    """Ask the database something, whose answer brings its time along."""
    asked_at = machine()
    machine.true += way_there
    theirs = machine.true
    machine.true += way_back
    clock.follow(theirs, asked_at)


@given(wrongs, trips, trips)
def test_clock_is_right_after_one_answer_but_for_the_time_of_its_way(
    wrong, way_there, way_back
):
    machine = Machine(wrong)
    clock = DatabaseClock(machine)

    ask(clock, machine, way_there, way_back)
    machine.true += timedelta(minutes=7)

    error = abs(clock.now() - machine.true)
    assert error <= max(AGREES, way_there + way_back)


@given(trips, trips)
def test_right_clock_is_never_changed(way_there, way_back):
    machine = Machine(timedelta(0))
    clock = DatabaseClock(machine)

    ask(clock, machine, way_there, way_back)

    assert clock.now() == machine()


def test_clock_that_is_put_right_is_followed_again():
    machine = Machine(timedelta(seconds=61))
    clock = DatabaseClock(machine)
    ask(clock, machine, timedelta(0), timedelta(0))
    assert clock.now() == machine.true

    machine.wrong = timedelta(0)
    ask(clock, machine, timedelta(0), timedelta(0))

    assert clock.now() == machine.true
    assert clock.machine() == machine.true


def test_clock_is_the_machines_until_the_database_has_answered():
    machine = Machine(timedelta(days=1))

    assert DatabaseClock(machine).now() == machine()


@pytest.mark.parametrize(
    ("wrong", "is_followed"),
    [
        (AGREES, True),
        (-AGREES, True),
        (AGREES - timedelta(microseconds=1), False),
        (timedelta(microseconds=1) - AGREES, False),
    ],
)
def test_small_differences_of_clocks_that_agree_are_left_alone(wrong, is_followed):
    machine = Machine(wrong)
    clock = DatabaseClock(machine)

    ask(clock, machine, timedelta(0), timedelta(0))

    assert clock.now() == (machine.true if is_followed else machine())
