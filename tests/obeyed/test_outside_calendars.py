"""What agents' own calendars say, while it counts and while it does not."""

import pytest

from tests.obeyed.conftest import book, busy, offered, refused
from tests.support.bank import at


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
