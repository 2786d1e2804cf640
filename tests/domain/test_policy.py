"""Earliest day and disabled window: both apply, the later wins."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.policy import earliest

HOUR = timedelta(hours=1)
CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "window", "expected"),
    [
        (0, timedelta(), NOW),
        (0, HOUR, NOW + HOUR),
        (1, HOUR, datetime(2026, 11, 24, 6, tzinfo=UTC)),
        (1, 24 * HOUR, NOW + 24 * HOUR),
        (7, HOUR, datetime(2026, 11, 30, 6, tzinfo=UTC)),
    ],
)
def test_later_of_the_day_and_the_window_wins(day, window, expected):
    assert earliest(NOW, CHICAGO, day, window) == expected


def test_day_is_the_institutions_not_utcs():
    """At 03:00 UTC on the 24th it is still the evening of the 23rd in Chicago."""
    evening = datetime(2026, 11, 24, 3, tzinfo=UTC)

    assert earliest(evening, CHICAGO, 1, HOUR) == datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_day_whose_midnight_is_skipped_begins_at_the_jump():
    now = datetime(2024, 9, 7, 12, tzinfo=UTC)

    begins = earliest(now, ZoneInfo("America/Santiago"), 1, timedelta())

    assert begins == datetime(2024, 9, 8, 4, tzinfo=UTC)


def test_answer_is_in_utc():
    assert earliest(NOW, CHICAGO, 0, HOUR).tzinfo is UTC
    assert earliest(NOW.astimezone(CHICAGO), CHICAGO, 2, HOUR).tzinfo is UTC
