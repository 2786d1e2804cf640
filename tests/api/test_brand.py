"""The institution's color on public pages: its own, and readable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.api.public.brand import brand_style, readable_color
from invo_booking.settings import ux
from invo_booking.settings.contrast import READABLE, contrast_ratio

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def roles(style: str) -> list[dict[str, str]]:
    """Return the roles of each block: light, dark by the system, dark by choice."""
    blocks = re.findall(r"\{([^{}]*)\}", style)
    return [dict(re.findall(r"--([\w-]+):(#\w{6})", block)) for block in blocks]


def test_default_color_needs_no_style():
    assert brand_style(ux.BRAND.default.upper()) == ""
    assert brand_style("") == ""


def test_color_that_can_be_read_is_used_as_it_is():
    light, dark, chosen = roles(brand_style("#7A0019"))

    assert light["btn"] == "#7a0019"
    assert dark == chosen != light


@given(COLORS)
def test_every_text_can_be_read_in_any_color(color):
    for look, paper in zip(
        roles(brand_style(color)), ("#ffffff", "#18191b", "#18191b"), strict=False
    ):
        assert contrast_ratio(look["on-btn"], look["btn"]) >= READABLE
        assert contrast_ratio(look["accent-ink"], paper) >= READABLE
        assert contrast_ratio(look["accent-ink"], look["accent-soft"]) >= READABLE


@pytest.mark.parametrize("toward", ["#000000", "#ffffff"])
def test_tone_beyond_reach_is_the_end_of_the_scale(toward):
    grounds = ("#000000", "#777777", "#ffffff")

    assert readable_color("#808080", grounds, toward) == toward
