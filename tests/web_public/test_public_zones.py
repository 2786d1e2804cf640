"""Finding a zone by whatever people call it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.contact import time_zones
from invo_booking.web.kit.text.times import zone_city
from invo_booking.web.kit.text.zones import (
    find_zone,
    zone_label_of,
    zone_options,
    zones_by_label,
)

WINTER = datetime(2027, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Eastern", "New York time"),
        ("EST", "New York time"),
        ("Eastern time (US & Canada)", "New York time"),
        ("Arizona", "Phoenix time"),
        ("India", "Kolkata time"),
        ("S\u00e3o Paulo", "Sao Paulo time"),
        ("Sa\u0303o  PAULO\u200b", "Sao Paulo time"),
        ("Sao Paulo", "Sao Paulo time"),
        ("Z\u00fcrich", "Zurich time"),
        ("Zurich", "Zurich time"),
        ("Kiev", "Kyiv time"),
        ("Coyhaique", "Coyhaique time"),
        ("Pacific time", "Los Angeles time"),
        ("pacific standard time", "Los Angeles time"),
        ("st john's", "St. John\u2019s time"),
        ("Germany", "Berlin time"),
        ("Brazil", "Sao Paulo time"),
        ("Amster", "Amsterdam time"),
        ("gmt", "UTC"),
        ("chicago", "Chicago time"),
        ("Chicago time (CST)", "Chicago time"),
    ],
)
def test_zone_is_found_by_what_people_call_it(typed, label):
    assert zone_label_of(find_zone(typed)) == label


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("GMT+2", 2),
        ("utc-5", -5),
        ("+05:30", 5.5),
        ("GMT +2:00", 2),
        ("\uff0b3", 3),
        ("UTC\u22128", -8),
        ("+0545", 5.75),
        ("UTC+0", 0),
    ],
)
def test_offset_that_is_typed_is_the_one_the_clocks_show(typed, hours):
    zone = ZoneInfo(find_zone(typed))

    assert WINTER.astimezone(zone).utcoffset() == timedelta(hours=hours)


def test_bare_offset_is_never_told_the_wrong_way_round():
    assert find_zone("GMT+2") == "Etc/GMT-2"
    assert zone_label_of("Etc/GMT-2") == zone_city("Etc/GMT-2") == "UTC+2"
    assert find_zone("UTC+2") == "Etc/GMT-2"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Atlantis",
        "../../etc/passwd",
        "time",
        "America",
        "UTC+25",
        "+05:17",
        "New",
        "\0",
        "\ud800",
        "x" * 64,
    ],
)
def test_what_is_no_zone_or_several_is_not_guessed(typed):
    assert not find_zone(typed)


def test_everything_that_is_offered_is_found():
    assert all(map(find_zone, zone_options()))
    for label, zone in zones_by_label().items():
        assert find_zone(label) == zone


@given(st.sampled_from(sorted(time_zones())))
def test_every_zone_is_found_by_its_own_name_and_by_its_label(zone):
    now = WINTER.astimezone(ZoneInfo(zone)).utcoffset()

    for typed in (zone, zone_label_of(zone)):
        found = find_zone(typed)
        if "/" in zone:
            assert WINTER.astimezone(ZoneInfo(found)).utcoffset() == now


@given(st.text(st.characters(exclude_categories=[]), max_size=64))
def test_whatever_is_typed_a_zone_or_nothing_is_found(typed):
    assert find_zone(typed) in time_zones() | {""}
