from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.contact import time_zones
from invo_booking.web.kit.text import times

CHICAGO = ZoneInfo("America/Chicago")
TUESDAY = datetime(2026, 11, 24, 20, 15, tzinfo=UTC)


def test_words_are_english_and_habits_are_those_of_the_region():
    assert times.clock_time_text(
        TUESDAY.astimezone(CHICAGO), times.locale_of("en-US")
    ) == ("2:15 PM")
    assert (
        times.clock_time_text(TUESDAY.astimezone(CHICAGO), times.locale_of("de-DE"))
        == "14:15"
    )
    assert times.long_day_text(date(2026, 11, 24), times.locale_of("en-US")) == (
        "Tuesday, November 24"
    )
    assert times.long_day_text(date(2026, 11, 24), times.locale_of("en-GB")) == (
        "Tuesday 24 November"
    )


def test_irish_time_is_told_as_the_clocks_show_it():
    dublin = ZoneInfo("Europe/Dublin")

    assert times.zone_label(dublin, TUESDAY) == "Dublin time (GMT)"
    assert times.zone_label(dublin, TUESDAY.replace(month=7)) == "Dublin time (IST)"


@pytest.mark.parametrize("tag", ["", "zz", "en-XX", "x" * 500, "../../etc", "fr"])
def test_a_locale_nobody_knows_is_read_as_american(tag):
    assert str(times.locale_of(tag)) == "en_US"


def test_weeks_begin_as_the_region_is_used_to():
    month = date(2026, 12, 1)
    assert times.first_weekday(month, times.locale_of("en-US")) == date(2026, 11, 29)
    assert times.first_weekday(month, times.locale_of("en-GB")) == date(2026, 11, 30)


def test_an_hour_that_happens_twice_names_its_offset():
    first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC).astimezone(CHICAGO)
    second = datetime(2026, 11, 1, 7, 30, tzinfo=UTC).astimezone(CHICAGO)

    assert times.clock_time_text(first, times.locale_of("en-GB")) == "01:30 CDT"
    assert times.clock_time_text(second, times.locale_of("en-GB")) == "01:30 CST"


def test_a_zone_is_named_by_its_city_and_its_short_name_at_that_time():
    assert times.zone_label(CHICAGO, TUESDAY) == "Chicago time (CST)"
    assert times.zone_label(ZoneInfo("Asia/Riyadh"), TUESDAY) == "Riyadh time (UTC+3)"
    assert times.zone_label(ZoneInfo("Asia/Kathmandu"), TUESDAY).endswith("(UTC+5:45)")
    assert times.zone_label(ZoneInfo("UTC"), TUESDAY) == "UTC"
    assert times.zone_label(ZoneInfo("Etc/GMT-2"), TUESDAY) == "UTC+2"
    assert times.zone_city("Etc/GMT+11") == "UTC-11"


def test_a_zone_nobody_knows_falls_back():
    assert times.browser_zone_of("Mars/Base", "America/Chicago") == CHICAGO
    assert times.browser_zone_of("Europe/Paris").key == "Europe/Paris"


@given(st.sampled_from(sorted(time_zones())), st.datetimes(timezones=st.just(UTC)))
def test_every_zone_can_be_told_at_any_time(zone, at):
    if at.year in range(1950, 2100):
        told = times.zone_label(ZoneInfo(zone), at)

        assert told.startswith("UTC") or told.endswith(")")
        assert "Unknown" not in told
