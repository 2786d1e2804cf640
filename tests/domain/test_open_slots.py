"""Open slots that become objects only when looked at."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from invo_booking.domain.slots.open_slots import Slot, Slots
from invo_booking.domain.slots.search import nearest_openings
from invo_booking.domain.wall import floor_minute
from tests.domain.institutions import MINUTE, ZONES, chance, for_all

MIDNIGHT = datetime(2026, 3, 9, tzinfo=UTC)


def offered(dice):
    """Up to twenty slots within some days, on the five minutes."""
    places = sorted(dice.sample(range(1000), dice.randint(0, 20)))
    starts = np.array([floor_minute(MIDNIGHT) + 5 * it for it in places], np.int64)
    free = np.array([dice.randint(1, 9) for _ in places], np.int64)
    return Slots(30 * MINUTE, starts, free, free + 1)


@for_all(chance)
def test_closest_slots_are_found_without_making_all_of_them(dice):
    slots = offered(dice)
    asked = MIDNIGHT + dice.randint(-500, 6000) * timedelta(seconds=53)
    count = dice.randint(1, 4)

    assert nearest_openings(slots, asked, count) == nearest_openings(
        list(slots), asked, count
    )


@for_all(chance)
def test_days_are_the_local_dates_of_the_starts(dice):
    slots, zone = offered(dice), ZoneInfo(dice.choice(ZONES))

    assert slots.days(zone) == {it.start.astimezone(zone).date() for it in slots}


def test_slots_read_like_a_list_of_them():
    minutes = np.array([floor_minute(MIDNIGHT), floor_minute(MIDNIGHT) + 60])
    slots = Slots(30 * MINUTE, minutes, np.array([1, 2]), np.array([3, 4]))
    first = Slot(MIDNIGHT, MIDNIGHT + 30 * MINUTE, 1, 3)
    second = Slot(MIDNIGHT + 60 * MINUTE, MIDNIGHT + 90 * MINUTE, 2, 4)

    assert slots == [first, second] == list(slots)
    assert (slots[0], slots[-1], slots[1:]) == (first, second, [second])
    assert (len(slots), slots.minutes, second in slots) == (2, 30, True)
    assert slots != [first]
    assert slots != 2


@pytest.mark.parametrize(
    ("asked", "found"), [(0, [0, 1]), (2, [1, 2, 3]), (5, [4, 5]), (9, [5])]
)
def test_around_an_instant_is_as_much_as_asked_on_either_side(asked, found):
    first = floor_minute(MIDNIGHT)
    slots = Slots(30 * MINUTE, first + 60 * np.arange(6), np.ones(6), np.ones(6))

    around = slots.around(MIDNIGHT + asked * 60 * MINUTE, 1)

    assert [(it.start - MIDNIGHT) // (60 * MINUTE) for it in around] == found


def test_no_slots_are_falsy_and_have_no_first():
    nothing = Slots(30 * MINUTE)

    assert not nothing
    with pytest.raises(IndexError):
        nothing[0]
