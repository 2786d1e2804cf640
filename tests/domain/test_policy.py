"""When the earliest available day begins."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.access.policy import first_bookable_instant

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (0, datetime(2026, 11, 23, 6, tzinfo=UTC)),
        (1, datetime(2026, 11, 24, 6, tzinfo=UTC)),
        (7, datetime(2026, 11, 30, 6, tzinfo=UTC)),
    ],
)
def test_days_are_counted_from_today(day, expected):
    assert first_bookable_instant(NOW, CHICAGO, day) == expected


def test_day_is_the_institutions_not_utcs():
    """At 03:00 UTC on the 24th it is still the evening of the 23rd in Chicago."""
    evening = datetime(2026, 11, 24, 3, tzinfo=UTC)

    assert first_bookable_instant(evening, CHICAGO, 1) == datetime(
        2026, 11, 24, 6, tzinfo=UTC
    )


def test_day_whose_midnight_is_skipped_begins_at_the_jump():
    now = datetime(2024, 9, 7, 12, tzinfo=UTC)

    begins = first_bookable_instant(now, ZoneInfo("America/Santiago"), 1)

    assert begins == datetime(2024, 9, 8, 4, tzinfo=UTC)


def test_answer_is_in_utc():
    assert first_bookable_instant(NOW, CHICAGO, 0).tzinfo is UTC
    assert first_bookable_instant(NOW.astimezone(CHICAGO), CHICAGO, 2).tzinfo is UTC
