"""Times as people say them, on ordinary days and when the clocks change."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from invo_booking.domain.contact import time_zones
from invo_booking.domain.interval import Interval
from invo_booking.mail.moments import mail_reader_clock
from invo_booking.mail.zone_names import mail_zone_city, mail_zone_name

AMERICAN, BRITISH, SPANISH = Locale("en", "US"), Locale("en", "GB"), Locale("es")


def half_an_hour(*start: int) -> Interval:
    begins = datetime(*start, tzinfo=UTC)
    return Interval(begins, begins + timedelta(minutes=30))


def said(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2013", "-")


def test_time_is_said_the_way_the_reader_says_it():
    period = half_an_hour(2026, 11, 24, 20, 15)

    american = mail_reader_clock("America/Chicago", AMERICAN)
    british = mail_reader_clock("Europe/London", BRITISH)

    assert american.day(period.start) == "Tuesday, November 24, 2026"
    assert said(american.span(period)) == "2:15 - 2:45 PM"
    assert british.day(period.start) == "Tuesday, 24 November 2026"
    assert said(british.span(period)) == "20:15-20:45"


def test_day_is_the_readers_own_and_not_the_institutions():
    late_evening_in_chicago = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)

    warsaw = mail_reader_clock("Europe/Warsaw", AMERICAN)

    assert warsaw.day(late_evening_in_chicago) == "Wednesday, November 25, 2026"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/Chicago", "Central Standard Time (Chicago)"),
        ("America/Phoenix", "Mountain Standard Time (Phoenix)"),
        ("Asia/Kathmandu", "Nepal Time (Kathmandu)"),
        ("Etc/GMT+5", "GMT-05:00"),
        ("UTC", "Coordinated Universal Time"),
        ("America/Coyhaique", "GMT-03:00 (Coyhaique)"),
        ("Europe/Kyiv", "Eastern European Standard Time (Kyiv)"),
        ("America/Indiana/Indianapolis", "Eastern Standard Time (Indianapolis)"),
        ("Antarctica/Davis", "Davis Time"),
    ],
)
def test_zone_has_a_name_people_know(zone, name):
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)

    assert mail_reader_clock(zone, AMERICAN).place(noon) == name


@pytest.mark.parametrize(
    ("month", "locale", "name"),
    [
        (1, AMERICAN, "Greenwich Mean Time (Dublin)"),
        (7, AMERICAN, "Irish Standard Time (Dublin)"),
        (1, SPANISH, "hora del meridiano de Greenwich (Dublín)"),
        (7, SPANISH, "hora de verano de Irlanda (Dublín)"),
    ],
)
def test_irish_time_has_its_name_by_what_the_clocks_show(month, locale, name):
    at = datetime(2027, month, 15, 16, tzinfo=UTC)

    assert mail_reader_clock("Europe/Dublin", locale).place(at) == name


@pytest.mark.parametrize("locale", [AMERICAN, SPANISH], ids=str)
@pytest.mark.parametrize("month", [1, 7])
def test_every_zone_is_named_rightly_in_winter_and_in_summer(locale, month):
    at = datetime(2027, month, 15, 16, tzinfo=UTC)
    offsets: dict[str, set[timedelta]] = defaultdict(set)
    for zone in map(ZoneInfo, sorted(time_zones())):
        name, offset = mail_zone_name(at, zone, locale), at.astimezone(zone).utcoffset()
        offsets[name.partition(" (")[0]].add(offset)
        assert "Unknown" not in name
        assert "desconocid" not in name
        assert name.count(mail_zone_city(zone, locale)) <= 1, name
        if "Greenwich" in name:
            assert not offset, (zone, name)

    assert {name: them for name, them in offsets.items() if len(them) > 1} == {}


def test_hour_that_comes_twice_shows_its_offset():
    chicago = mail_reader_clock("America/Chicago", AMERICAN)

    first = said(chicago.span(half_an_hour(2026, 11, 1, 6, 15)))
    second = said(chicago.span(half_an_hour(2026, 11, 1, 7, 15)))

    assert first == "1:15 AM (GMT-05:00) - 1:45 AM (GMT-05:00)"
    assert second == "1:15 AM (GMT-06:00) - 1:45 AM (GMT-06:00)"


def test_span_that_ends_in_the_hour_that_comes_twice_shows_its_offset():
    chicago = mail_reader_clock("America/Chicago", AMERICAN)

    before = said(chicago.span(half_an_hour(2026, 11, 1, 5, 45)))
    up_to = said(chicago.span(half_an_hour(2026, 11, 1, 5, 15)))

    assert before == "12:45 AM (GMT-05:00) - 1:15 AM (GMT-05:00)"
    assert up_to == "12:15 - 12:45 AM"


def test_span_across_the_end_of_summer_time_is_not_said_backwards():
    chicago = mail_reader_clock("America/Chicago", AMERICAN)

    across = said(chicago.span(half_an_hour(2026, 11, 1, 6, 45)))

    assert across == "1:45 AM (GMT-05:00) - 1:15 AM (GMT-06:00)"


def test_span_across_the_spring_gap_skips_the_hour_that_does_not_exist():
    chicago = mail_reader_clock("America/Chicago", AMERICAN)

    across = said(chicago.span(half_an_hour(2026, 3, 8, 7, 45)))

    assert across == "1:45 AM (GMT-06:00) - 3:15 AM (GMT-05:00)"


def test_half_hour_clock_change_of_lord_howe_is_said_with_both_offsets():
    lord_howe = mail_reader_clock("Australia/Lord_Howe", AMERICAN)

    across = said(lord_howe.span(half_an_hour(2026, 4, 4, 14, 45)))

    assert across == "1:45 AM (GMT+11:00) - 1:45 AM (GMT+10:30)"


def test_unknown_zone_falls_back_to_the_institutions():
    period = half_an_hour(2026, 11, 24, 16, 15)

    for unknown in ("Mars/Olympus", "../../etc/passwd", "", "a" * 5000, "\0"):
        wall = mail_reader_clock(unknown, AMERICAN, other_zone="America/Chicago")
        assert said(wall.span(period)) == "10:15 - 10:45 AM"


def test_two_zones_with_the_same_wall_agree():
    period = half_an_hour(2026, 11, 24, 16, 15)

    chicago = mail_reader_clock("America/Chicago", AMERICAN)
    winnipeg = mail_reader_clock("America/Winnipeg", AMERICAN)
    new_york = mail_reader_clock("America/New_York", AMERICAN)

    assert chicago.agrees(winnipeg, period)
    assert not chicago.agrees(new_york, period)
