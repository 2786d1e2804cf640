"""What is kept of agents' calendars, in one transaction and beside others."""

import random
import threading
from datetime import timedelta

import pytest

from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import AppointmentRow
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY
from tests.support.bank import ZONE, at
from tests.support.readings import span, stored

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana(bank):
    ana = bank.agent("Ana")
    with bank.deps.unit_of_work() as work:
        work.busy.follow({ana.id: ana.email})
    return ana


def told(bank, agent, *spans, within=None):
    with bank.deps.unit_of_work() as work:
        work.busy.get_for_update(agent.id)
        if within is None:
            return work.busy.record_busy(agent.id, spans, bank.clock())
        return work.busy.record_window(agent.id, within, spans)


def known_to_the_book(bank):
    window = span(0, 24)
    with (
        bank.deps.unit_of_work() as work,
        work.availability(window, bank.clock()) as book,
    ):
        (calendar,) = book.calendars(window)
        return calendar


def test_what_was_told_and_when_is_never_known_apart(bank, ana):
    bank.set(COMPUTE_AVAILABILITY, "on")
    assert known_to_the_book(bank).reading.read_at is None

    told(bank, ana, span(10, 12))

    calendar = known_to_the_book(bank)
    assert calendar.reading.read_at == bank.clock()
    assert calendar.busy == (span(10, 12),)


def test_window_that_is_looked_at_again_changes_and_the_rest_stays(bank, ana):
    told(bank, ana, span(9, 12), span(15, 16))

    assert told(bank, ana, span(10, 11), within=span(10, 12))

    assert stored(bank, ana) == [span(9, 11), span(15, 16)]
    assert not told(bank, ana, span(10, 11), within=span(10, 12))


def test_own_entry_that_stands_elsewhere_by_now_is_released(bank, ana):
    told(bank, ana, span(10, 11), span(14, 15))

    with bank.deps.unit_of_work() as work:
        work.busy.release(ana.id, span(14, 15))

    assert stored(bank, ana) == [span(10, 11)]


def test_entry_that_touches_another_is_not_released(bank, ana):
    told(bank, ana, span(13, 14), span(14, 15))

    with bank.deps.unit_of_work() as work:
        work.busy.release(ana.id, span(14, 15))

    assert stored(bank, ana) == [span(13, 15)]


def test_of_an_agent_whose_calendar_does_not_count_nothing_is_released(bank):
    ben = bank.agent("Ben")
    with bank.deps.unit_of_work() as work:
        work.busy.release(ben.id, span(14, 15))
        assert work.busy.get_for_update(ben.id) is None


def test_calendars_and_appointments_that_change_at_once_never_wait_for_each_other(
    bank, ana
):
    """Both lock the sheets of several days; each must do so in one order."""
    row = AppointmentRow(
        status="confirmed",
        title="Mortgage advice",
        queue_id=bank.queue_id,
        language="en",
        channel="video",
        agent_id=ana.id,
        starts_at=at(10),
        ends_at=at(11),
        customer_name="Rosa",
        customer_time_zone=ZONE,
        requested_at=bank.clock(),
    )
    with bank.deps.unit_of_work() as work:
        work.session.add(row)
    errors = []

    def reading():
        dice = random.Random(1)  # noqa: S311
        for _ in range(40):
            days = dice.sample(range(10), 4)
            told(bank, ana, *(span(14, 15, days=day) for day in days))

    def moving():
        dice = random.Random(2)  # noqa: S311
        for _ in range(40):
            day = dice.randrange(10)
            with bank.deps.unit_of_work() as work:
                found = work.session.get(AppointmentRow, row.id)
                found.starts_at, found.ends_at = at(10, days=day), at(11, days=day)

    threads = [threading.Thread(target=_noting(errors, it)) for it in (reading, moving)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    with bank.deps.unit_of_work() as work:
        assert work.agent_days.wrong(at(0).date()) == []


def _noting(errors, work):
    def run():
        try:
            work()
        except Exception as error:  # noqa: BLE001  (the test shows it)
            errors.append(error)

    return run


def test_interval_of_a_minute_is_kept_exactly(bank, ana):
    short = Interval(at(10), at(10) + MINUTE)
    told(bank, ana, short)
    assert stored(bank, ana) == [short]
