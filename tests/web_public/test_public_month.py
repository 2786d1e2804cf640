from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.contact import time_zones
from invo_booking.web.kit.picker.month_view import (
    picker_day,
    picker_first_day,
    picker_month_view,
    picker_page_beside,
)
from invo_booking.web.kit.picker.search import (
    Search,
    picker_date,
    picker_instant,
    picker_minutes,
)

NOW = datetime(2026, 11, 24, 15, 6, tzinfo=UTC)  # a Tuesday, 9:06 in Chicago


def starts(*hours: tuple[int, int, int]) -> tuple[int, ...]:
    return tuple(
        picker_minutes(datetime(2026, 11, day, hour, at, tzinfo=UTC))
        for day, hour, at in hours
    )


SEARCH = Search(
    starts=starts((24, 16, 15), (24, 19, 0), (24, 23, 15), (25, 16, 0)),
    length=30,
    shut={"2026-11-26": "Closed for Thanksgiving", "2026-11-27": "Fully booked"},
    closed=frozenset({"2026-11-26"}),
    now=picker_minutes(NOW),
    last=picker_minutes(NOW + timedelta(days=60)),
    zone="America/Chicago",
    locale="en-GB",
)


def days_of(view):
    return {day.key: day for week in view.weeks for day in week.days}


def test_month_shows_which_days_have_free_times():
    view = picker_month_view(SEARCH)
    days = days_of(view)

    assert view.name == "Nov \u2013 Dec 2026"
    assert [key for key, day in days.items() if day.free] == [
        "2026-11-24",
        "2026-11-25",
    ]
    assert days["2026-11-24"].after == " November, today, 3 free times"
    assert days["2026-11-24"].tag == "Today"
    assert days["2026-11-25"].before == "Wednesday "


@pytest.mark.parametrize(
    ("page", "are_others_named"),
    [(date(2026, 12, 27), True), (date(2026, 12, 28), False)],
)
def test_later_weeks_are_recommended_only_where_there_are_any(page, are_others_named):
    view = picker_month_view(replace(SEARCH, page=page))

    assert ("Look at later" in view.none) == bool(view.next) == are_others_named


@pytest.mark.parametrize(
    ("day", "locale", "first"),
    [
        (24, "en-GB", "2026-11-23"),
        (24, "en-US", "2026-11-22"),
        (29, "en-GB", "2026-11-23"),
        (30, "en-GB", "2026-11-30"),
    ],
)
def test_first_week_shown_is_the_present_one(day, locale, first):
    now = picker_minutes(datetime(2026, 11, day, 15, tzinfo=UTC))
    view = picker_month_view(replace(SEARCH, starts=(), now=now, locale=locale))

    assert view.weeks[0].days[0].key == first
    assert len(view.weeks) == 5


def test_weeks_with_the_first_time_are_shown_first():
    late = picker_minutes(NOW + timedelta(days=40))

    assert picker_first_day(replace(SEARCH, starts=(late,))) == date(2026, 12, 28)


def test_present_time_of_a_move_is_marked_and_cannot_be_picked():
    present = SEARCH.starts[0]
    view = picker_month_view(replace(SEARCH, present=present))

    assert view.parts[0].slots[0].why == "your time now"
    assert not view.parts[0].slots[0].taken
    assert view.soonest.label == "Tue 24 Nov, 13:00"
    assert days_of(view)["2026-11-24"].after == " November, today, 2 free times"


def test_time_of_a_move_that_nobody_offers_is_shown_on_its_day():
    present = SEARCH.starts[0] + 15
    view = picker_month_view(replace(SEARCH, present=present))

    assert [slot.label for slot in view.parts[0].slots] == ["10:15", "10:30"]


def test_half_of_the_day_is_said_once_by_its_heading():
    view = picker_month_view(replace(SEARCH, locale="en-US"))

    slot = view.parts[0].slots[0]
    assert (slot.label, slot.period.strip()) == ("10:15", "AM")


def test_closed_day_says_why():
    view = picker_month_view(SEARCH)

    assert view.closed == ["26 November: closed for Thanksgiving"]
    assert days_of(view)["2026-11-26"].after == " November, closed for Thanksgiving"


def test_day_without_times_says_why_in_few_words():
    view = picker_month_view(SEARCH)

    assert days_of(view)["2026-11-27"].after == " November, fully booked"
    assert view.closed == ["26 November: closed for Thanksgiving"]


def test_exactly_one_day_can_be_tabbed_to():
    tabs = [
        day.key for day in days_of(picker_month_view(SEARCH)).values() if day.tab == 0
    ]

    assert tabs == ["2026-11-24"]


def test_times_are_grouped_by_part_of_the_day():
    view = picker_month_view(SEARCH)

    assert [(part.name, [s.label for s in part.slots]) for part in view.parts] == [
        ("Morning", ["10:15"]),
        ("Afternoon", ["13:00"]),
        ("Evening", ["17:15"]),
    ]


def test_soonest_is_the_first_time_that_is_left():
    assert picker_month_view(SEARCH).soonest.label == "Tue 24 Nov, 10:15"


def test_lost_time_stays_in_its_place_marked_as_taken():
    lost = SEARCH.starts[0]
    view = picker_month_view(
        replace(SEARCH, starts=SEARCH.starts[1:], taken=frozenset({lost}))
    )

    assert view.parts[0].slots[0].taken
    assert view.soonest.label == "Tue 24 Nov, 13:00"
    assert days_of(view)["2026-11-24"].after == " November, today, 2 free times"


def test_picked_time_is_told_in_full():
    view = picker_month_view(replace(SEARCH, picked=SEARCH.starts[0]))

    assert view.picked == "Tuesday 24 November, 10:15 to 10:45"
    assert view.picked_brief == "Tue 24 Nov, 10:15"
    assert view.parts[0].slots[0].picked


def test_another_zone_shows_the_same_instants():
    view = picker_month_view(replace(SEARCH, zone="Asia/Tokyo"))

    assert days_of(view)["2026-11-25"].after == " November, today, 3 free times"
    assert view.zone == "Tokyo time (JST)"


def test_weeks_beyond_the_offer_cannot_be_turned_to():
    assert picker_page_beside(SEARCH, -1) is None
    assert picker_page_beside(SEARCH, 1) == date(2026, 12, 28)
    assert picker_page_beside(replace(SEARCH, page=date(2027, 1, 5)), 1) is None
    assert picker_month_view(SEARCH).previous == ""
    assert picker_month_view(SEARCH).next == "Later weeks, Dec 2026 \u2013 Jan 2027"


def test_weeks_without_times_show_no_day():
    empty = replace(SEARCH, page=date(2026, 12, 28))

    assert picker_day(empty) is None
    assert picker_month_view(empty).parts == []
    assert picker_month_view(empty).any


def test_nothing_on_offer_shows_the_present_weeks():
    view = picker_month_view(replace(SEARCH, starts=()))

    assert (view.name, view.any, view.soonest.key) == ("Nov \u2013 Dec 2026", False, "")


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "ar-EG", "fa-IR"])
def test_every_week_has_seven_days_and_no_day_between_pages_is_lost(locale):
    search = replace(SEARCH, locale=locale)
    view = picker_month_view(search)
    after = picker_month_view(replace(search, page=picker_page_beside(search, 1)))

    keys = [*days_of(view), *days_of(after)]
    days = [date.fromisoformat(key) for key in keys]
    assert all(len(week.days) == 7 for week in view.weeks)
    assert days == [days[0] + timedelta(days=shift) for shift in range(70)]


@given(
    st.sampled_from(sorted(time_zones())),
    st.sets(st.integers(min_value=0, max_value=4 * 24 * 60), max_size=40),
)
def test_every_start_is_shown_exactly_once_in_any_zone(zone, quarters):
    first = SEARCH.now - SEARCH.now % 15
    offered = tuple(sorted(first + 15 * quarter for quarter in quarters))
    search = replace(
        SEARCH, zone=zone, starts=offered, last=picker_minutes(NOW) + 60 * 24 * 60
    )

    shown = [
        int(slot.key)
        for day in {picker_date(start, ZoneInfo(zone)) for start in offered}
        for part in picker_month_view(replace(search, day=day, page=day)).parts
        for slot in part.slots
    ]

    assert sorted(shown) == list(offered)


@given(st.integers(min_value=0, max_value=2**31 // 60))
def test_minutes_and_instants_are_the_same_thing(minutes):
    assert picker_minutes(picker_instant(minutes)) == minutes


def test_zone_is_named_as_on_the_day_that_is_shown():
    october = datetime(2026, 10, 25, 15, tzinfo=UTC)
    november = picker_minutes(datetime(2026, 11, 10, 16, tzinfo=UTC))
    search = replace(SEARCH, now=picker_minutes(october), starts=(november,))

    assert picker_month_view(search).zone == "Chicago time (CST)"


def test_zone_has_both_names_on_the_night_the_clocks_change():
    night = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 0:30, an hour and a half before
    times = tuple(picker_minutes(night + timedelta(hours=it)) for it in (0, 3))

    view = picker_month_view(replace(SEARCH, now=times[0], starts=times))

    assert view.zone == "Chicago time (CDT), Chicago time (CST)"
