from datetime import UTC, datetime, timedelta

import pytest

from invo_booking.domain.access.guessing import ACCOUNT, BROWSER, NETWORK, GuessingPace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("pace", [ACCOUNT, BROWSER, NETWORK])
def test_first_failures_cost_nothing_and_no_wait_is_for_ever(pace: GuessingPace):
    assert pace.ready_at(0, None) is None
    assert pace.ready_at(pace.free - 1, NOON) is None
    assert pace.ready_at(pace.free, NOON) == NOON + pace.first
    assert pace.ready_at(pace.free + 1, NOON) == NOON + 2 * pace.first
    assert pace.ready_at(10**9, NOON) == NOON + pace.longest


def test_a_day_has_only_so_many_guesses_of_one_account():
    tried, at, newest = 0, NOON, None
    while at < NOON + timedelta(hours=24):
        tried, newest = tried + 1, at
        at = ACCOUNT.ready_at(tried, newest) or at

    assert 90 < tried < 120
