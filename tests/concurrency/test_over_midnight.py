"""Bookings on two days can together take the agents that others need overnight."""

from datetime import time
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from invo_booking.domain.errors import SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.settings.time import MAX_DURATION
from invo_booking.usecases.slots.availability import lock_days_of
from tests.concurrency.racing import meeting_before_writing, race, refusals, winners
from tests.concurrency.test_people_race import create
from tests.support.bank import at
from tests.support.invariants import check, violations

EVENING = Interval(at(17, 30), at(18))
MORNING = Interval(at(29), at(29, 30))
"""With the longest buffers, each lies on one date."""


@pytest.fixture
def bookings(bank):
    """Return two bookings with Ana; either alone leaves an agent to all who wait.

    Two appointments wait, one from before the first booking, one until after the
    second. They overlap, so if Ana can take neither, Ben has to take both.
    """
    bank.set(MAX_DURATION, "720")
    ana, _ben = (bank.agent(it, hours=(time(0), time(0))) for it in ("Ana", "Ben"))
    max_ = bank.manager()
    for start, end in ((at(17), at(23)), (at(22), at(30))):
        create(bank.deps, bank, max_, start, end)
    return [
        lambda deps, one=one: create(deps, bank, max_, one.start, one.end, ana)
        for one in (EVENING, MORNING)
    ]


@pytest.fixture
def elsewhere(bank, kept_engine):
    """Return how another process begins a transaction; it knows of nobody yet."""
    return unit_of_work(kept_engine, bank.deps.config.mail_link_key)


def test_of_two_that_strand_a_customer_overnight_at_most_one_is_booked(
    bank, bookings, database_url
):
    outcomes = race(*(partial(book, bank.deps) for book in bookings))

    # If each learns of the other's date when both are locked, both are to try again.
    assert len(winners(outcomes)) <= 1
    assert refusals(outcomes) == {SlotTakenError}
    check(database_url)


def test_without_the_lock_both_are_booked_and_a_customer_is_stranded(
    bank, bookings, database_url
):
    with meeting_before_writing(bank.deps, 2, locks=False) as unsafe:
        outcomes = race(*(partial(book, unsafe) for book in bookings))

    assert len(winners(outcomes)) == 2
    (found,) = violations(database_url)
    assert found.startswith("I2")


@pytest.mark.usefixtures("bookings")
def test_booking_waits_for_one_on_another_day_that_waiting_ones_link(bank, elsewhere):
    with bank.deps.unit_of_work() as evening, elsewhere() as morning:
        lock_days_of(evening, bank.clock(), EVENING)
        morning.session.connection().execute(text("SET LOCAL lock_timeout = 50"))

        with pytest.raises(OperationalError, match="lock timeout"):
            lock_days_of(morning, bank.clock(), MORNING)


def test_bookings_on_two_days_that_nothing_links_do_not_wait(bank, elsewhere):
    bank.agent("Ana", hours=(time(0), time(0)))
    with bank.deps.unit_of_work() as evening, elsewhere() as morning:
        lock_days_of(evening, bank.clock(), EVENING)
        morning.session.connection().execute(text("SET LOCAL lock_timeout = 50"))

        lock_days_of(morning, bank.clock(), MORNING)


@pytest.mark.usefixtures("bookings")
def test_booking_is_refused_that_learns_too_late_of_a_day_another_has_locked(
    bank, elsewhere
):
    with bank.deps.unit_of_work() as morning, elsewhere() as evening:
        morning.lock_days([MORNING.start.date()])

        with pytest.raises(SlotTakenError, match="try again"):
            lock_days_of(evening, bank.clock(), EVENING)


@pytest.mark.usefixtures("bookings")
def test_booking_locks_a_day_that_it_learns_of_late(bank, elsewhere):
    with elsewhere() as evening, bank.deps.unit_of_work() as morning:
        lock_days_of(evening, bank.clock(), EVENING)

        assert not morning.try_lock_days([MORNING.start.date()])
