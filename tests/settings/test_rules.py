"""What must hold between settings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.settings import time
from invo_booking.settings.registry import BY_KEY
from invo_booking.settings.rules import setting_clashes
from invo_booking.settings.spec import Values

MIN, DEFAULT, MAX = time.MIN_DURATION, time.DEFAULT_DURATION, time.MAX_DURATION


def clashing(changed=BY_KEY, **texts):
    stored = {f"time.{name}": text for name, text in texts.items()}
    return setting_clashes(Values(stored), changed)


def test_defaults_go_together():
    assert clashing() == {}


@given(*(st.integers(5, 200) for _ in range(3)))
def test_lengths_are_in_order_or_refused(shortest, usual, longest):
    found = clashing(
        min_duration=str(shortest),
        default_duration=str(usual),
        max_duration=str(longest),
        interval="5",
    )

    in_order = shortest <= usual <= longest
    some_multiple = longest // 5 * 5 >= shortest
    assert (found == {}) == (in_order and some_multiple)


def test_sentence_stands_beside_each_setting_that_was_changed():
    found = clashing({MAX.key}, max_duration="20")

    assert found == {
        MAX.key: "Default duration (30 minutes) is longer than "
        "Max duration (20 minutes). Change one of them."
    }


def test_rule_about_nothing_that_was_changed_is_not_looked_at():
    assert clashing({time.JOIN_BEFORE.key}, max_duration="20") == {}


def test_grid_on_which_no_length_fits_is_refused():
    found = clashing(interval="240")

    assert "staff could not make appointments" in found[time.INTERVAL.key]


@pytest.mark.parametrize(
    ("name", "fits", "too_far"),
    [
        ("public_earliest_day", "2", "3"),
        ("agent_earliest_day", "2", "3"),
        ("public_window", "2880", "2881"),
        ("agent_window", "2880", "2881"),
    ],
)
def test_earliest_start_must_come_before_the_horizon(name, fits, too_far):
    assert clashing(horizon="2", **{name: fits}) == {}
    found = clashing(horizon="2", **{name: too_far})
    assert set(found) == {f"time.{name}", time.HORIZON.key}
