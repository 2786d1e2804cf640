"""Values that no page sends, in events of the scheduler."""

import pytest

from invo_booking.web.kit.parsing import parse_day, whole_number
from invo_booking.web.kit.picker.state import PickerState

FAR_OFF = ["0001-01-01", "9999-12-31", "9998-01-01"]
HUGE = "9" * 5_000


@pytest.mark.parametrize("day", [*FAR_OFF, "", "x", HUGE, None, 7, [], {}])
def test_day_that_cannot_be_shown_changes_nothing(visitor, bank, day):
    visitor.reach_details(bank)
    before = visitor.see(PickerState).view

    visitor.send(PickerState, "choose_day", day)

    assert visitor.see(PickerState).view == before


@pytest.mark.parametrize("key", [HUGE, "-1", "\u0663", "1e9", "", None, 7, [], {}])
def test_start_that_is_not_offered_is_not_picked(visitor, bank, key):
    visitor.reach_details(bank)
    before = visitor.see(PickerState).view

    visitor.send(PickerState, "pick_start", key)

    assert visitor.see(PickerState).view == before


@pytest.mark.parametrize("text", [*FAR_OFF, "", "x", "2026-1-4", "2026-02-30", HUGE])
def test_days_are_dates_that_have_neighbors(text):
    with pytest.raises(ValueError, match=r"."):
        parse_day(text)


@pytest.mark.parametrize(
    ("sent", "number"),
    [("0", 0), ("00120", 120), (7, 7), ("9" * 18, 10**18 - 1)]
    + [(odd, None) for odd in ("9" * 19, HUGE, "-1", "1.5", "\u0663", "", None, {})],
)
def test_numbers_are_decimal_and_not_too_long(sent, number):
    assert whole_number(sent) == number
