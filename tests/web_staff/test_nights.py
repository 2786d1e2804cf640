"""Shifts and appointments over midnight, and days on which clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import WorkingHoursRow
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.staff.starts import FoundStarts, StaffStart
from invo_booking.web.bookings import drag_view
from invo_booking.web.bookings.appointment import draft_view, forms, starts_view
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.appointment.drawer_view import DetailView
from invo_booking.web.bookings.drag_state import DragState
from invo_booking.web.bookings.drag_view import DropPlace
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.times import locale_of
from invo_booking.web.kit.text.words import EventView, ViewerContext
from tests.support.bank import PASSWORD
from tests.web_staff.calendar_rows import days, events
from tests.web_staff.conftest import book, run, see
from tests.web_staff.test_presenters import event

CHICAGO, NEW_YORK = ZoneInfo("America/Chicago"), ZoneInfo("America/New_York")
THURSDAY, FRIDAY = date(2026, 12, 10), date(2026, 12, 11)
LATE = datetime(2026, 12, 11, 5, 30, tzinfo=UTC)
"""Thursday 10 December 2026, 23:30 in Chicago."""

AFTER = LATE + timedelta(minutes=45)


def in_new_york(at):
    return ViewerContext(NEW_YORK, locale_of("en-GB"), at)


@pytest.fixture
def nina(product, bank):
    """A manager who serves, works until two at night, and sees all."""
    person = bank.agent(
        "Nina",
        roles=(Role.AGENT, Role.MANAGER),
        hours=(time(20), time(0)),
        password=PASSWORD,
    )
    with product.unit_of_work() as work:
        work.session.add_all(
            WorkingHoursRow(
                person_id=person.id,
                weekday=weekday,
                starts_time=time(0),
                ends_time=time(2),
            )
            for weekday in range(1, 6)
        )
        work.publish_roster_change()
    return person


@pytest.fixture
def night(product, bank, nina):
    """An appointment from 23:30 to 00:15, of which each date has a part."""
    return book(product, bank, nina, LATE, nina, lasts=AFTER - LATE)


def opened(client, scope, period, day):
    address = f"/bookings?scope={scope}&view={period}&date={day}"
    run(client.send(BookingsState, "open_page", at=address))
    return see(client, BookingsState)


def hours_of(board):
    return int(board.grid.first[:2]) * 60, int(board.grid.last[:2]) * 60


def parts_on(view, day):
    """Return the minutes of a date in which an appointment is drawn."""
    midnight = datetime.combine(day, time())
    start, end = (
        datetime.fromisoformat(it) - midnight for it in (view.start, view.end)
    )
    begin = max(start, timedelta()) // timedelta(minutes=1)
    return begin, min(end, timedelta(days=1)) // timedelta(minutes=1)


@pytest.mark.parametrize("period", ["day", "week", "month", "list"])
@pytest.mark.parametrize("scope", ["me", "team", "queues"])
def test_appointment_over_midnight_is_seen_on_both_dates_in_every_view(
    nina, night, sign_in, scope, period
):
    client = sign_in(nina)

    for day in (THURSDAY, FRIDAY):
        board = opened(client, scope, period, day)
        (view,) = events(board)
        first, last = hours_of(board)
        begin, past = parts_on(view, day)
        assert view.id == str(night.id)
        assert first <= begin < past <= last
        assert view.lane in {lane.id for lane in board.lanes}
        assert str(day) in {entry.day for entry in days(board)}
        assert int(board.grid.opens[:2]) * 60 <= begin


@pytest.mark.usefixtures("night")
def test_calendar_of_a_night_shift_and_of_day_shifts_shows_both(bank, nina, sign_in):
    bank.agent("Dan", hours=(time(8), time(19)))
    client = sign_in(nina)

    thursday = opened(client, "team", "day", THURSDAY)
    hours = thursday.grid.first, thursday.grid.last, thursday.grid.opens
    friday = opened(client, "team", "day", FRIDAY)

    assert hours == ("00:00", "24:00", "08:00")
    assert (friday.grid.first, friday.grid.last) == ("00:00", "24:00")
    assert friday.grid.opens == "00:00"


@pytest.mark.usefixtures("ana")
def test_rest_of_a_night_alone_does_not_open_the_day_at_midnight(nina, sign_in):
    board = opened(sign_in(nina), "team", "day", FRIDAY)

    assert (board.grid.first, board.grid.opens) == ("00:00", "09:00")


@pytest.mark.usefixtures("night")
def test_list_says_on_each_date_from_when_to_when(nina, sign_in):
    board = opened(sign_in(nina), "me", "list", THURSDAY)

    told = [
        (entry.title, view.at, view.until)
        for entry in days(board)
        for view in entry.events
    ]
    assert told == [
        ("Thursday 10 December", "23:30", "Fri 0:15"),
        ("Friday 11 December", "Thu 23:30", "0:15"),
    ]
    (friday,) = days(opened(sign_in(nina), "me", "day", FRIDAY))
    assert friday.title == "Friday 11 December"


@pytest.mark.parametrize("where", ["person", "institution"])
@pytest.mark.parametrize("zone", ["Asia/Manila", "Europe/Berlin", "Asia/Kathmandu"])
def test_hours_of_an_agent_far_from_the_institution_make_a_grid(
    product, bank, sign_in, zone, where
):
    mara = bank.agent("Mara", password=PASSWORD)
    with product.unit_of_work() as work:
        work.session.execute(
            text(f"UPDATE {where} SET time_zone = :zone"),  # noqa: S608  one of two
            {"zone": zone},
        )
        work.publish_roster_change()
    client = sign_in(mara)

    for period in ("week", "day"):
        board = opened(client, "me", period, THURSDAY)
        first, last = hours_of(board)
        assert 0 <= first < last <= 24 * 60
        assert first <= int(board.grid.opens[:2]) * 60 < last


def test_saturday_is_shown_as_far_as_fridays_night_goes_into_it(nina, sign_in):
    board = opened(sign_in(nina), "me", "week", THURSDAY)

    assert board.grid.hidden_days == [0]


def test_night_is_edited_like_any_other_appointment(nina, night, sign_in):
    client = sign_in(nina)
    opened(client, "me", "day", THURSDAY)
    run(client.send(DrawerState, "open_appointment", str(night.id)))
    run(client.send(DrawerState, "switch_mode", "edit"))
    form = {"day": str(THURSDAY), "starts": "23:30", "ends": "00:15", "notes": "Two."}

    run(client.send(DrawerState, "save_appointment", form | shown(client)))
    noted = see(client, DrawerState)
    told = noted.problem, noted.seen.notes, noted.seen.lasts.partition(",")[0]
    run(client.send(DrawerState, "switch_mode", "edit"))
    run(
        client.send(
            DrawerState, "save_appointment", form | {"ends": "00:45"} | shown(client)
        )
    )

    seen = see(client, DrawerState).seen
    assert told == ("", "Two.", "45 minutes")
    assert (seen.starts, seen.ends) == ("23:30", "00:45")
    assert seen.lasts.startswith("75 minutes")


def test_night_is_moved_as_a_whole(nina, night, sign_in):
    client = sign_in(nina)
    opened(client, "me", "week", THURSDAY)

    times = "2026-12-09T23:45", "2026-12-10T00:30"
    moved = (str(night.id), night.version, *times, "")
    run(client.send(DragState, "move_appointment", *moved))

    (view,) = events(see(client, BookingsState))
    assert (view.start, view.end) == ("2026-12-09T23:45", "2026-12-10T00:30")


def shown(client):
    return {"version": str(see(client, DrawerState).seen.version)}


def test_an_end_that_makes_no_night_is_a_slip():
    viewer = in_new_york(LATE)
    seen = DetailView(day="2026-12-10", starts="10:00", ends="10:30")

    for ends in ("09:00", "10:00"):
        with pytest.raises(InvalidInputError, match="The end must be after the start"):
            forms.appointment_change_of_form(
                {"day": seen.day, "starts": "10:00", "ends": ends}, seen, viewer
            )


@pytest.mark.parametrize(
    ("old", "to", "lasts"),
    [
        (("2026-10-31T01:30", "2026-10-31T02:30"), "2026-11-01T01:30", 60),
        (("2026-03-07T01:30", "2026-03-07T02:30"), "2026-03-08T01:30", 60),
        (("2026-10-31T23:30", "2026-11-01T00:15"), "2026-11-01T00:45", 45),
    ],
)
def test_dragged_over_a_clock_change_it_lasts_as_long_as_before(old, to, lasts):
    start, end = old
    begin = datetime.fromisoformat(to)
    length = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    drop = DropPlace(to, (begin + length).isoformat()[:16])

    eyes = in_new_york(LATE)
    taken = Interval(*(words.instant_of(it, eyes.zone) for it in old))

    change = drag_view.drag_change_of(
        EventView(start=start, end=end), taken, drop, eyes
    )

    assert length == timedelta(minutes=lasts)
    assert isinstance(change, AppointmentChange)
    assert change.starts_at is not None
    assert change.ends_at is None


def test_hour_that_happens_twice_is_told_with_its_offset():
    first = datetime(2026, 11, 1, 5, 15, tzinfo=UTC)
    viewer = in_new_york(first)

    told = words.event_view(
        event(starts_at=first, ends_at=first + timedelta(hours=1)), viewer
    )

    assert told.time == "1:15 EDT\N{EN DASH}1:15 EST"
    assert (told.start, told.end) == ("2026-11-01T01:15", "2026-11-01T02:00")


def test_form_counts_minutes_that_pass_and_not_those_on_the_clock():
    viewer = in_new_york(LATE)
    gap = {"day": "2026-03-08", "starts": "01:00", "ends": "04:00"}
    fold = {"day": "2026-11-01", "starts": "00:30", "ends": "02:30"}
    night = {"day": "2026-12-10", "starts": "23:30", "ends": "00:15"}

    assert [
        starts_view.minutes_of_appointment(it, viewer) for it in (gap, fold, night)
    ] == [
        "120",
        "180",
        "45",
    ]
    assert starts_view.appointment_end_clock(gap, 120, viewer) == "04:00"
    assert starts_view.appointment_end_clock(fold, 180, viewer) == "02:30"
    assert starts_view.appointment_end_clock(night, 45, viewer) == "00:15"
    assert starts_view.minutes_of_appointment(night | {"ends": "soon"}, viewer) == ""
    assert (
        starts_view.appointment_end_clock(night | {"starts": "soon"}, 45, viewer) == ""
    )


def test_both_starts_that_clocks_show_alike_can_be_chosen():
    first = datetime(2026, 11, 1, 5, 15, tzinfo=UTC)
    viewer, hour = in_new_york(first), timedelta(hours=1)
    found = FoundStarts(
        day=tuple(
            StaffStart(starts_at=at, worked=True, sentences=())
            for at in (first, first + hour, first + 2 * hour)
        ),
        typed=None,
    )

    views = starts_view.appointment_start_views(found, "01:15 again", viewer)

    assert [(one.label, one.picked) for one in views] == [
        ("1:15 EDT", False),
        ("1:15 EST", True),
        ("2:15", False),
    ]
    form = {"day": "2026-11-01", "ends": "02:15"}
    chosen = [form | starts_view.appointment_start_fields(one.key) for one in views[:2]]
    assert [forms.appointment_period_of_form(it, viewer)[0] for it in chosen] == [
        first,
        first + hour,
    ]
    assert [starts_view.minutes_of_appointment(it, viewer) for it in chosen] == [
        "120",
        "60",
    ]
    assert [starts_view.appointment_end_clock(it, 60, viewer) for it in chosen] == [
        "01:15",
        "02:15",
    ]
    assert (
        starts_view.minutes_of_appointment(chosen[0] | {"ends": "01:00"}, viewer)
        == "45"
    )


def test_drawn_span_lasts_as_long_as_it_takes():
    catalogue = SimpleNamespace(step_minutes=15, default_minutes=30, agents=())
    viewer = in_new_york(LATE)

    gap = draft_view.appointment_start_view(
        "2026-03-08T01:00", "2026-03-08T04:00", "", catalogue, viewer
    )
    night = draft_view.appointment_start_view(
        "2026-12-10T23:30", "2026-12-11T00:15", "", catalogue, viewer
    )

    assert (gap.minutes, night.minutes) == ("120", "45")


def test_form_begins_at_a_step_of_the_wall_clock_in_zones_of_half_hours():
    catalogue = SimpleNamespace(step_minutes=60, default_minutes=30, agents=())
    now = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
    viewer = replace(in_new_york(now), zone=ZoneInfo("Asia/Kolkata"))

    assert (
        draft_view.appointment_start_view("", "", "", catalogue, viewer).starts
        == "10:00"
    )
