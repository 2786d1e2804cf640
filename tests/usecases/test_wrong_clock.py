"""A web machine whose clock is wrong stores deadlines by the database's time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.clock import DatabaseClock, utc_now
from invo_booking.domain.interval import Interval
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import UnitOfWork, unit_of_work
from invo_booking.settings.time import CONFIRM_TIMEOUT
from invo_booking.usecases.booking import booking
from invo_booking.usecases.slots import offers
from invo_booking.usecases.upkeep import ticks

WRONG = timedelta(seconds=61)


@pytest.fixture(params=[1, -1], ids=["ahead", "behind"])
def there(request, deps, bank):
    """The parts of a machine whose clock is wrong, which has asked once."""
    assert bank
    clock = DatabaseClock(lambda: utc_now() + request.param * WRONG)
    engine = make_engine(deps.config.database_url, pool_size=2)
    begin = unit_of_work(engine, deps.config.mail_link_key, clock)
    parts = replace(
        deps,
        begin=begin,
        now=clock.now,
        machine_now=clock.machine,
        database_now=UnitOfWork.database_now,
    )
    with parts.unit_of_work() as work:
        assert work.roster
    yield parts
    engine.dispose()


def test_request_is_held_until_the_time_that_the_database_counts_to(there, bank):
    bank.agent()
    before = utc_now()
    week = Interval(before + timedelta(days=1), before + timedelta(days=8))
    start = offers.offer_slots(there, bank.answer_id, "en", week).slots[0][0]

    made = booking.request_appointment(
        there, bank.request(start), idempotency_key="k" * 22
    ).appointment

    with there.unit_of_work() as work:
        timeout = work.settings[CONFIRM_TIMEOUT]
    assert timedelta(0) <= made.confirm_by - (before + timeout) < WRONG / 2


def test_health_still_says_that_the_clock_is_wrong(there):
    with there.unit_of_work() as work:
        difference = ticks.clock_difference_from_database(there, work)
        troubles = ticks.tick_troubles(there, work)

    assert abs(abs(difference) - WRONG) < WRONG / 2
    assert troubles
    assert not ticks.begin_tick(there).may_work
