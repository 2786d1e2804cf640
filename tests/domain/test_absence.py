"""Time off in another time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.absence import Absence
from invo_booking.domain.contact import time_zones
from invo_booking.domain.wall import local_midnight

CHICAGO, MANILA = ZoneInfo("America/Chicago"), ZoneInfo("Asia/Manila")
zones = st.sampled_from(sorted(time_zones())).map(ZoneInfo)


@given(zones, zones, st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_whole_days_stay_on_their_dates_in_every_zone(before, after, first, days):
    last = first + timedelta(days=days)
    away = Absence(local_midnight(first, before), local_midnight(last, before), "Sea")

    moved = away.on_same_days(before, after)

    assert moved == Absence(
        local_midnight(first, after), local_midnight(last, after), "Sea"
    )


def test_hours_of_one_day_stay_at_their_instants():
    starts_at = datetime(2026, 12, 7, 15, tzinfo=UTC)
    away = Absence(starts_at, starts_at + timedelta(hours=2))

    assert away.on_same_days(CHICAGO, MANILA) == away


def test_day_that_is_left_at_noon_stays_at_its_instants():
    midnight = local_midnight(date(2026, 12, 7), CHICAGO)
    noon = midnight + timedelta(hours=12)

    for away in (Absence(midnight, noon), Absence(noon, midnight + timedelta(days=1))):
        assert away.on_same_days(CHICAGO, MANILA) == away
