"""How a process is prepared for lists of slots while it serves requests."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.interval import Interval
from invo_booking.usecases.slots import offers
from invo_booking.usecases.slots.preparation import begin_preparation
from tests.support.bank import at

WEEK = Interval(at(0), at(0, days=7))


@pytest.mark.usefixtures("ana")
def test_no_connection_is_used_while_the_parts_are_computed(bank):
    with bank.deps.unit_of_work() as work:
        pool = work.session.get_bind().pool
        assert work.is_set_up
        assert pool.checkedout() == 1

    preparation = begin_preparation(bank.deps)
    used = [pool.checkedout()]
    while preparation.compute_part():
        used.append(pool.checkedout())

    assert set(used) == {0}


@pytest.mark.usefixtures("ana")
def test_slots_are_listed_between_two_parts(bank):
    listed = []
    preparation = begin_preparation(bank.deps)

    while preparation.compute_part():
        listed.append(offers.offer_slots(bank.deps, bank.answer_id, "en", WEEK))

    assert len(listed) > 2
    assert all(it == listed[0] for it in listed)


@pytest.mark.usefixtures("ana")
def test_preparation_ends_when_people_change(bank):
    preparation = begin_preparation(bank.deps)
    assert preparation.compute_part()

    bank.agent("Ben")
    offers.offer_slots(bank.deps, bank.answer_id, "en", WEEK)

    assert not preparation.compute_part()


@pytest.mark.usefixtures("ana")
def test_process_is_prepared_again_at_midnight_of_the_institution(bank, clock):
    with bank.deps.unit_of_work() as work:
        zone: ZoneInfo = work.roster.institution.zone
    day = clock().astimezone(zone).date() + timedelta(days=1)

    until = begin_preparation(bank.deps).until_midnight

    midnight = (clock() + until).astimezone(zone)
    assert (midnight.date(), midnight.hour, midnight.minute) == (day, 0, 0)


def test_process_without_an_institution_has_nothing_to_prepare(deps):
    assert begin_preparation(deps) is None
