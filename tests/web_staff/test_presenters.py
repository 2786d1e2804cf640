from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.appointment import Phase
from invo_booking.domain.errors import InvalidInputError, SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.usecases.appointment.drafts import KEEP
from invo_booking.usecases.staff.calendar import Board, BoardEvent, Scope
from invo_booking.usecases.staff.detail import DetailHistoryEntry
from invo_booking.web.bookings import drag_view, grid
from invo_booking.web.bookings.appointment import draft_view, drawer_view, history_view
from invo_booking.web.bookings.drag_view import DropPlace
from invo_booking.web.dashboard import view as dashboard
from invo_booking.web.kit.calendar import place
from invo_booking.web.kit.calendar.place import Period, Place
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text import words as staff
from invo_booking.web.kit.text.wall_times import wall_time_text
from invo_booking.web.kit.text.words import EventView, ViewerContext

CHICAGO = ZoneInfo("America/Chicago")
BRITISH, AMERICAN = times.locale_of("en-GB"), times.locale_of("en-US")
TEN = datetime(2026, 11, 24, 16, tzinfo=UTC)
"""Tuesday 24 November 2026, 10:00 in Chicago."""

HALF_HOUR = timedelta(minutes=30)
EYES = ViewerContext(CHICAGO, BRITISH, TEN)
YEAR = datetime(2026, 1, 1)  # noqa: DTZ001 - hypothesis adds no zone
TUESDAY = date(2026, 11, 24)
DAY = Place(scope=Scope.TEAM, period=Period.DAY, day=TUESDAY)


def event(**more) -> BoardEvent:
    facts = {
        "id": uuid4(),
        "lane_id": "lane",
        "starts_at": TEN,
        "ends_at": TEN + HALF_HOUR,
        "title": "Rosa Delgado",
        "topic": "Rate lock",
        "phase": Phase.UPCOMING,
        "unassigned": False,
        "mine": False,
        "editable": True,
        "version": 3,
        "queue_id": uuid4(),
        "queue_name": "Lending",
        "language": "en",
        "agent_id": uuid4(),
        "agent_name": "Ana",
        "running_late": False,
    }
    return BoardEvent(**(facts | more))


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        (Phase.UPCOMING, "Running late"),
        (Phase.LATE, "Late since 10:00, on the way"),
        (Phase.CANCELLED, ""),
    ],
)
def test_staff_see_that_a_customer_said_to_be_late(phase, told):
    late = staff.event_view(event(phase=phase, running_late=True), EYES)

    assert late.late == told


def test_an_address_leads_back_to_the_same_place():
    where = Place(
        scope=Scope.QUEUES,
        period=Period.MONTH,
        day=TUESDAY,
        queues=frozenset({uuid4(), uuid4()}),
        languages=frozenset({"en", "pl"}),
    )
    query = dict(
        pair.split("=")
        for pair in where.address.partition("?")[2].replace("%2C", ",").split("&")
    )

    assert place.calendar_place_of(query, TUESDAY) == where


@given(st.dictionaries(st.sampled_from(["scope", "view", "date", "queues"]), st.text()))
def test_any_address_leads_somewhere(query):
    where = place.calendar_place_of(query, TUESDAY)

    shown = place.calendar_window_of(where, CHICAGO, BRITISH)
    assert timedelta(hours=23) <= shown.duration <= timedelta(days=43)


def test_me_opens_with_the_week_and_team_with_the_day():
    assert place.calendar_place_of({}, TUESDAY).grid == "timeGridWeek"
    assert (
        place.calendar_place_of({"scope": "team"}, TUESDAY).grid
        == "resourceTimeGridDay"
    )
    assert (
        place.calendar_place_of({"scope": "queues"}, TUESDAY).grid
        == "resourceTimelineDay"
    )
    assert DAY.with_changes(period=Period.LIST).grid == ""


def test_the_week_begins_where_the_reader_lives():
    week = DAY.with_changes(period=Period.WEEK)

    assert place.calendar_days_of(week, BRITISH)[0] == date(2026, 11, 23)
    assert place.calendar_days_of(week, AMERICAN)[0] == date(2026, 11, 22)


def test_day_of_a_clock_change_is_shown_whole():
    short = Place(scope=Scope.ME, period=Period.DAY, day=date(2026, 3, 8))

    assert place.calendar_window_of(short, CHICAGO, BRITISH).duration == timedelta(
        hours=23
    )


def test_going_on_passes_over_days_nobody_works():
    friday = DAY.with_changes(day=date(2026, 11, 27))

    assert place.step_calendar_day(friday, 1, BRITISH, frozenset({5, 6})) == date(
        2026, 11, 30
    )
    assert place.step_calendar_day(friday, -1, BRITISH, frozenset()) == date(
        2026, 11, 26
    )
    december = DAY.with_changes(period=Period.MONTH)
    assert place.step_calendar_day(december, 1, BRITISH, frozenset()) == date(
        2026, 12, 1
    )


def test_headings_name_what_is_shown():
    assert place.calendar_title(DAY, BRITISH) == "Tuesday 24 November"
    assert (
        place.calendar_title(DAY.with_changes(period=Period.MONTH), BRITISH)
        == "November 2026"
    )
    week = place.calendar_title(DAY.with_changes(period=Period.WEEK), BRITISH)
    assert week == "23 November to 29 November"


@given(
    st.datetimes(YEAR, YEAR + timedelta(days=365)),
    st.sampled_from(["America/Chicago", "Europe/Berlin", "Asia/Kolkata", "UTC"]),
)
def test_wall_time_and_back_is_the_same_minute(naive, zone_name):
    zone = ZoneInfo(zone_name)
    at = naive.replace(tzinfo=UTC, second=0, microsecond=0)

    assert staff.instant_of(wall_time_text(at, zone), zone, near=at) == at


def test_the_hour_that_happens_twice_is_read_as_near_as_possible():
    """At 02:00 on 1 November 2026 Chicago's clocks go back to 01:00."""
    first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)

    assert staff.instant_of("2026-11-01T01:30", CHICAGO) == first
    assert staff.instant_of("2026-11-01T01:30", CHICAGO, near=second) == second


def test_the_hour_that_never_happens_moves_forward():
    at = staff.instant_of("2026-03-08T02:30", CHICAGO)

    assert wall_time_text(at, CHICAGO) == "2026-03-08T03:30"


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01T10:00", "2026-11-24"])
def test_what_is_no_wall_time_is_refused(text):
    with pytest.raises(InvalidInputError):
        staff.instant_of(text, CHICAGO)


@pytest.mark.parametrize(
    ("facts", "kind", "word"),
    [
        ({}, "is-confirmed", "Confirmed"),
        ({"phase": Phase.REQUESTED}, "is-requested", "Requested"),
        ({"unassigned": True}, "is-unassigned", "Unassigned"),
        ({"phase": Phase.LATE, "unassigned": True}, "is-late", "Late, unassigned"),
        ({"phase": Phase.IN_CALL}, "is-confirmed", "In call"),
        ({"phase": Phase.COMPLETED}, "is-done", "Completed"),
        ({"phase": Phase.ENDED, "unassigned": True}, "is-done", "Ended"),
        ({"phase": Phase.NO_SHOW}, "is-done", "No-show"),
    ],
)
def test_a_state_is_colour_and_word_together(facts, kind, word):
    view = staff.event_view(event(**facts), EYES)

    assert (view.kind, view.word) == (kind, word)


@pytest.mark.parametrize(
    ("minutes", "size"), [(15, "d1"), (30, "d2"), (45, "d3"), (60, "tall")]
)
def test_longer_appointments_show_more(minutes, size):
    longer = event(ends_at=TEN + timedelta(minutes=minutes))

    assert staff.event_view(longer, EYES).size == size


def test_what_is_over_cannot_be_dragged():
    assert staff.event_view(event(), EYES).editable
    assert not staff.event_view(event(phase=Phase.ENDED), EYES).editable


def test_closed_weekdays_are_left_out_unless_something_is_on_them():
    sunday = event(
        starts_at=TEN + timedelta(days=5), ends_at=TEN + timedelta(days=5, hours=1)
    )
    board = Board(time_zone=CHICAGO.key, lanes=(), events=(sunday,), holidays={})
    catalogue = SimpleNamespace(step_minutes=15, closed_weekdays=(5, 6))
    week = DAY.with_changes(period=Period.WEEK)

    view = grid.calendar_grid_view(week, board, catalogue, EYES)

    assert view.hidden_days == [6]
    assert (view.step, view.offset, view.first_day) == ("00:15", "-06:00", 1)


def test_a_refusal_names_the_nearest_free_times():
    error = SlotTakenError("Taken.", [Interval(TEN, TEN + HALF_HOUR)])

    assert (
        staff.explain_refusal(error, EYES) == "Taken. The nearest free times are 10:00."
    )
    hours = (timedelta(0), timedelta(days=3), timedelta(days=3, hours=1))
    spans = [Interval(TEN + it, TEN + it + HALF_HOUR) for it in hours]
    assert staff.explain_refusal(SlotTakenError("Taken.", spans), EYES) == (
        "Taken. The nearest free times are 10:00; 27 Nov 2026, 10:00, 11:00."
    )


def test_a_drop_changes_only_what_moved():
    old = EventView(start="2026-11-24T10:00", end="2026-11-24T10:30", lane="a")

    period = Interval(TEN, TEN + HALF_HOUR)

    longer = DropPlace(old.start, "2026-11-24T10:45")
    stretched = drag_view.drag_change_of(old, period, longer, EYES)
    elsewhere = DropPlace(old.start, old.end, "unassigned")
    given = drag_view.drag_change_of(old, period, elsewhere, EYES)

    assert stretched.starts_at is None
    assert stretched.ends_at == TEN + timedelta(minutes=45)
    assert stretched.agent is KEEP
    assert given.agent is None
    assert given.starts_at is None


def test_a_drop_on_another_queue_is_refused_in_words():
    old = EventView(start="2026-11-24T10:00", end="2026-11-24T10:30")

    with pytest.raises(InvalidInputError, match="Queue and language"):
        drag_view.drag_change_of(
            old, None, DropPlace(old.start, old.end, f"{uuid4()}:en"), EYES
        )


@pytest.mark.parametrize(
    "text",
    ["", "x", 7, None, "2026-13-01T10:00", "0001-01-01T00:00", "9999-12-31T00:00"],
)
def test_a_drop_at_no_time_is_refused_in_words(text):
    old = EventView(start="2026-11-24T10:00", end="2026-11-24T10:30")

    with pytest.raises(InvalidInputError, match="Enter a day and a time"):
        drag_view.drag_change_of(old, None, DropPlace(text, old.end), EYES)


def test_form_begins_at_the_next_step_of_the_grid():
    catalogue = SimpleNamespace(step_minutes=15, default_minutes=30, agents=())
    viewer = ViewerContext(CHICAGO, BRITISH, TEN + timedelta(minutes=1))

    start = draft_view.appointment_start_view("", "", "", catalogue, viewer)

    assert (start.day, start.starts, start.minutes) == ("2026-11-24", "10:15", "30")


def test_form_takes_queue_and_language_from_a_drawn_lane():
    catalogue = SimpleNamespace(step_minutes=15, default_minutes=30, agents=())
    span = "2026-11-24T10:00", "2026-11-24T11:00"

    start = draft_view.appointment_start_view(*span, "queue-id:es", catalogue, EYES)

    assert (start.queue, start.language, start.minutes) == ("queue-id", "es", "60")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(35, "in 35 minutes"), (1, "in 1 minute"), (120, "in 2 hours"), (-5, "now")],
)
def test_how_far_off_is_said_in_one_unit(minutes, words):
    seen = SimpleNamespace(starts_at=TEN + timedelta(minutes=minutes))

    assert drawer_view.time_until_appointment(seen, Phase.UPCOMING, TEN) == words


@pytest.mark.parametrize(
    ("actor", "action", "detail", "words"),
    [
        ("customer", "requested", {}, "Requested on the web page"),
        ("Max", "taken", {"agent": "Max"}, "Max took it"),
        ("Max", "changed", {"agent": "Ana"}, "Max gave it to Ana"),
        (
            "Max",
            "changed",
            {"agent": "", "agent_before": "Ana"},
            "Max took it from Ana",
        ),
        ("customer", "moved", {"to": TEN.isoformat()}, "The customer moved it to"),
        ("Max", "something new", {}, "Something New"),
    ],
)
def test_history_is_told_in_sentences(actor, action, detail, words):
    line = DetailHistoryEntry(at=TEN, actor=actor, action=action, detail=detail)

    assert history_view.appointment_history_sentence(line, EYES).startswith(words)


@pytest.mark.parametrize(
    ("hours", "greeting"), [(0, "morning"), (3, "afternoon"), (8, "evening")]
)
def test_greeting_follows_the_institution_clock(hours, greeting):
    viewer = ViewerContext(CHICAGO, BRITISH, TEN + timedelta(hours=hours))

    assert (
        dashboard.dashboard_greeting("Dana Whitfield", viewer)
        == f"Good {greeting}, Dana"
    )


def test_unassigned_are_grouped_by_day():
    later = event(starts_at=TEN + timedelta(days=1), ends_at=TEN + timedelta(days=1.1))

    rows = dashboard.dashboard_wait_views([later, event(), event()], EYES)

    assert [row.heading for row in rows] == ["Today", "", "Tomorrow"]
