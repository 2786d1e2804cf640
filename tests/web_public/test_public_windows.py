"""Open starts that a page of a customer loads again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.open_slots import Slots
from invo_booking.usecases.slots.offers import Offer
from invo_booking.web.kit.picker.search import Search, picker_minutes
from invo_booking.web.kit.picker.windows import (
    search_after_look,
    search_with_offer,
    search_without_offers,
)

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TEN, ELEVEN, NOON = (picker_minutes(NOW.replace(hour=it)) for it in (10, 11, 12))
DAY = Interval(NOW.replace(hour=0), NOW.replace(hour=0) + timedelta(days=1))
SHOWN = Search(starts=(TEN, ELEVEN, NOON), now=picker_minutes(NOW))


def offer(now: datetime, *starts: int) -> Offer:
    return Offer(
        time_zone=ZoneInfo("UTC"),
        country="US",
        slots=Slots(timedelta(minutes=30), np.array(starts, np.int64)),
        closed_days={},
        holidays=frozenset(),
        first_bookable=now,
        horizon_end=now + timedelta(days=30),
    )


def test_start_that_others_booked_is_marked():
    search, gone = search_after_look(SHOWN, DAY, offer(NOW, ELEVEN, NOON))

    assert gone == search.taken == {TEN}


def test_start_that_passed_goes_without_a_word():
    later = NOW + timedelta(minutes=61)
    search, gone = search_after_look(SHOWN, DAY, offer(later, ELEVEN, NOON))

    assert search.starts == (ELEVEN, NOON)
    assert gone == search.taken == set()


def test_picked_start_that_passed_is_told():
    later = NOW + timedelta(minutes=61)
    picked = replace(SHOWN, picked=TEN)
    search, gone = search_after_look(picked, DAY, offer(later, ELEVEN, NOON))

    assert gone == {TEN}
    assert search.picked == 0


def test_start_that_is_free_with_another_agent_is_offered_again():
    search, _ = search_after_look(SHOWN, DAY, offer(NOW, ELEVEN, NOON))
    other = search_with_offer(search_without_offers(search, NOW), offer(NOW, TEN))

    assert other.starts == (TEN,)
    assert TEN not in other.taken
