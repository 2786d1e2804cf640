"""What agents' own calendars say, while it counts and while it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars import poll
from tests.obeyed.conftest import book, busy, offered, refused
from tests.support.bank import at
from tests.support.plain_calendar import PlainCalendar, PlainProvider, connected

MINUTE = timedelta(minutes=1)
ANA = "ana@bank.example"


@pytest.fixture
def outside() -> PlainCalendar:
    return PlainCalendar()


@pytest.fixture
def deps(deps, outside):
    return replace(deps, providers={"outlook": PlainProvider(outside)})


@pytest.mark.obeys("calendars.compute_availability")
def test_agents_own_calendars_count_only_while_they_should(bank, decide):
    ana = bank.agent("Ana")
    busy(bank, ana, at(10), at(12))
    assert at(10, 30) in offered(bank)

    decide({"calendars.compute_availability": "on"})
    assert at(10, 30) not in offered(bank)
    assert refused(book, bank, at(10, 30)).code in {"slot_taken", "slot_closed"}
    assert at(12) in offered(bank)

    decide({"calendars.compute_availability": "off"})
    assert book(bank, at(10, 30))


@pytest.mark.obeys("calendars.compute_availability")
def test_agents_own_calendars_are_asked_for_only_while_they_count(
    bank, decide, outside
):
    bank.agent("Ana")
    connected(bank)
    decide({"calendars.compute_availability": "off"})
    assert offered(bank)
    assert poll.poll_if_due(bank.deps) is None

    decide({"calendars.compute_availability": "on"})
    assert offered(bank) == []
    outside.busy[ANA] = [Interval(at(10), at(12))]
    assert poll.poll_if_due(bank.deps).read == 1
    assert at(10, 30) not in offered(bank)
    assert at(12) in offered(bank)


@pytest.mark.obeys("calendars.cache_interval")
def test_calendars_are_asked_for_as_often_as_is_said(bank, decide, outside, clock):
    bank.agent("Ana")
    connected(bank)
    assert poll.poll_if_due(bank.deps)
    decide({"calendars.cache_interval": "30"})
    clock.advance(5 * MINUTE)
    poll.poll_if_due(bank.deps)
    asked = len(outside.asked)

    clock.advance(29 * MINUTE)
    assert poll.poll_if_due(bank.deps) is None
    clock.advance(MINUTE)
    assert poll.poll_if_due(bank.deps)

    decide({"calendars.cache_interval": "2"})
    assert poll.poll_if_due(bank.deps) is None
    clock.advance(2 * MINUTE)
    assert poll.poll_if_due(bank.deps)
    assert len(outside.asked) == 2 * asked


@pytest.mark.obeys("calendars.live_check")
def test_calendars_are_looked_at_again_when_booking_only_while_they_should(
    bank, decide, outside
):
    bank.agent("Ana")
    connected(bank)
    poll.poll_if_due(bank.deps)
    outside.busy[ANA] = [Interval(at(10), at(11))]
    assert refused(book, bank, at(10)).code == "slot_taken"

    decide({"calendars.live_check": "off"})
    outside.busy[ANA] = [Interval(at(14), at(15))]
    assert book(bank, at(14))

    decide({"calendars.live_check": "on"})
    outside.busy[ANA] = [Interval(at(12), at(13))]
    assert refused(book, bank, at(12), email="ben@example.com").code == "slot_taken"
