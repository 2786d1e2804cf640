"""What the page of the calendars tells its scripts about personal calendars."""

from datetime import date
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.texts import say
from invo_booking.usecases.staff.calendar import Board, Lane, Scope
from invo_booking.web.kit.calendar import personal
from invo_booking.web.kit.calendar.personal_view import personal_calendar_view
from invo_booking.web.kit.calendar.place import Period, Place
from invo_booking.web.kit.text.words import ViewerContext
from tests.support.bank import MONDAY

ME, QUEUE, OTHER = UUID(int=1), uuid4(), uuid4()
READER = Actor(
    id=ME,
    name="Ana",
    email="ana@bank.example",
    roles=frozenset({Role.AGENT}),
    queues=frozenset({QUEUE}),
    languages=frozenset({"en"}),
)
LANES = (
    str(ME),
    str(uuid4()),
    "unassigned",
    f"{QUEUE}:en",
    f"{QUEUE}:es",
    f"{OTHER}:en",
)


def seen(scope, period, offered=("google",)):
    where = Place(scope=scope, period=period, day=date(2026, 11, 24))
    lanes = tuple(Lane(id=name, title="", subtitle="") for name in LANES)
    board = Board(time_zone="America/Chicago", lanes=lanes, events=(), holidays={})
    viewer = ViewerContext(ZoneInfo("America/Chicago"), Locale("en", "US"), MONDAY)
    return personal_calendar_view(READER, offered, where, board, viewer)


def test_own_lanes_are_those_of_the_person_and_of_queues_and_languages_served():
    assert seen(Scope.TEAM, Period.DAY).lanes == [str(ME), f"{QUEUE}:en"]


@pytest.mark.parametrize(
    ("period", "first", "past"),
    [
        (Period.DAY, "2026-11-24", "2026-11-25"),
        (Period.WEEK, "2026-11-22", "2026-11-29"),
        (Period.MONTH, "2026-11-01", "2026-12-13"),
    ],
)
def test_every_day_of_the_place_is_asked_for_and_has_a_heading(period, first, past):
    view = seen(Scope.ME, period)

    assert (view.first, view.past) == (first, past)
    assert next(iter(view.days)) == first
    length = date.fromisoformat(past) - date.fromisoformat(first)
    assert len(view.days) == length.days
    assert view.days["2026-11-24"].startswith("Tuesday")


def test_page_knows_the_person_and_what_is_offered_and_no_account():
    view = seen(Scope.ME, Period.DAY, offered=())

    assert (view.person, view.providers, view.scope) == (str(ME), [], "me")


def test_table_of_what_is_stored_has_three_cells_in_every_row():
    rows = personal.calendar_storage_rows()

    assert len(rows) == 6
    assert all(len(row) == 3 and all(row) for row in rows)
    assert rows[0][0] == say("bookings.personal.stored_grant_what")


def test_scripts_fill_in_their_own_blanks():
    texts = personal.personal_calendar_texts()

    assert all(texts.values())
    assert "{label}" in texts["signIn"]
    assert "{count}" in texts["count"]
