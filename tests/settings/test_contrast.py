"""Whether the time on a slot can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.settings import ux
from invo_booking.settings.contrast import contrast_ratio, contrast_warnings
from invo_booking.settings.spec import Values

colors = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998),
    ],
)
def test_contrast_is_that_of_the_guidelines(one, other, ratio):
    assert contrast_ratio(one, other) == pytest.approx(ratio, abs=0.001)


@given(colors, colors)
def test_contrast_is_the_same_both_ways_and_between_1_and_21(one, other):
    assert contrast_ratio(one, other) == contrast_ratio(other, one)
    assert 1 <= contrast_ratio(one, other) <= 21.001
    assert contrast_ratio(one, one) == 1


def test_default_colours_can_be_read():
    assert contrast_warnings(Values({})) == {}


def test_each_background_that_is_hard_to_read_on_has_its_own_warning():
    values = Values({ux.SLOT_TEXT.key: "#767676", ux.SLOT_AVAILABLE.key: "#ffffff"})

    assert set(contrast_warnings(values)) == {ux.SLOT_SELECTED.key}


def test_contrast_that_just_misses_is_not_rounded_to_what_is_needed():
    values = Values({ux.SLOT_TEXT.key: "#777777", ux.SLOT_AVAILABLE.key: "#ffffff"})

    assert (
        "contrast is 4.4 to 1; at least 4.5 to 1"
        in contrast_warnings(values)[ux.SLOT_AVAILABLE.key]
    )
