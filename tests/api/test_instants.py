from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.api.core.instants import (
    instant_in_json,
    read_bound_of_query,
    read_instant_of_query,
    read_window_of_query,
    read_zone_of_query,
    spans_json,
)
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.wall import floor_minute

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
WEEK = timedelta(days=7)


@given(st.datetimes(datetime(1971, 1, 1), datetime(8999, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_written_can_be_read(instant):
    assert read_instant_of_query(instant_in_json(instant)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-24T10:00:00",
        "tomorrow",
        "2026-02-30T10:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-11-24T10:00:00Z" + " " * 99,
        1_790_000_000,
        None,
        True,
        ["2026-11-24T10:00:00Z"],
    ],
)
def test_time_that_is_none_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="Write a time"):
        read_instant_of_query(text)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "x" * 5_000,
        "UTC\0",
        "localtime",
        "america/chicago",
        "UTC+25",
        "",
        "/etc/localtime",
    ],
)
def test_only_listed_zones_exist(name):
    with pytest.raises(InvalidInputError) as refusal:
        read_zone_of_query(name, "tz")

    assert list(refusal.value.fields) == ["tz"]


def test_bare_date_is_midnight_where_the_caller_is():
    midnight = read_bound_of_query("2026-11-24", CHICAGO, "from")

    assert midnight == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert midnight.tzinfo is UTC


def test_window_is_from_today_on_by_default():
    window = read_window_of_query((None, None), CHICAGO, now=NOW, default=WEEK)

    midnight = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert (window.start, window.end) == (midnight, midnight + WEEK)
    assert window.start.tzinfo is UTC


@pytest.mark.parametrize(
    ("bounds", "field"),
    [
        (("2026-13-01", None), "from"),
        (("2026-11-24", "2026-11-24"), "to"),
        (("2026-11-24", "2026-11-23"), "to"),
        (("2026-11-24", "x"), "to"),
    ],
)
def test_window_that_is_none_is_refused_beside_its_field(bounds, field):
    with pytest.raises(InvalidInputError) as refusal:
        read_window_of_query(bounds, CHICAGO, now=NOW, default=WEEK)

    assert list(refusal.value.fields) == [field]


def test_hour_that_comes_twice_shows_its_offset():
    first = floor_minute(datetime(2026, 11, 1, 6, 30, tzinfo=UTC))
    text = spans_json((first,), 60, ("America/Chicago",), (None,))

    assert '"local_start":"2026-11-01T01:30:00-05:00"' in text
    assert '"local_end":"2026-11-01T01:30:00-06:00"' in text
