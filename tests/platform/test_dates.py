"""Tests on the real clock find coming working days, whatever day it is."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.bank import ZONE
from tests.support.callers import working_starts

DAYS = [
    date(2026, 12, 4),  # a Friday
    date(2026, 12, 5),
    date(2026, 12, 6),
    date(2026, 12, 31),
    date(2028, 2, 28),
    date(2028, 2, 29),
    date(2027, 3, 10),  # clocks go forward four days later
    date(2027, 3, 14),
    date(2027, 11, 4),
    date(2027, 11, 7),  # clocks go back
]


@pytest.mark.parametrize("today", DAYS, ids=str)
@pytest.mark.parametrize("first_day", [1, 3])
def test_working_starts_lie_ahead_on_whole_working_days(today, first_day):
    starts = [
        start.astimezone(ZoneInfo(ZONE))
        for start in working_starts(3, first_day=first_day, today=today)
    ]

    days = sorted({start.date() for start in starts})
    assert len(days) == 3
    assert days[0] >= today + timedelta(days=first_day)
    assert days[-1] <= today + timedelta(days=first_day + 5)
    assert all(day.weekday() < 5 for day in days)
    for day in days:
        clocks = [start.time() for start in starts if start.date() == day]
        assert (clocks[0], clocks[-1], len(clocks)) == (time(9), time(16, 30), 16)
