# ruff: noqa: ARG001 - fixtures that only have to be there, and the address of the database
"""What the clock alone changes on an open page of staff."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import psycopg
import pytest

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.interval import Interval
from invo_booking.persistence.notifications import CHANNEL, plain_database_address
from invo_booking.settings.general import SESSION_IDLE
from invo_booking.usecases.booking import booking, joining
from invo_booking.usecases.calendars import poll
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import periodic
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import at, confirm
from tests.support.fakes import Clock
from tests.support.plain_calendar import PlainCalendar, PlainProvider, connected
from tests.web_staff.calendar_rows import bands as bands_of
from tests.web_staff.calendar_rows import days, events
from tests.web_staff.conftest import Client, book, run, see

MILLISECOND = timedelta(milliseconds=1)


@dataclass
class Desk:
    """Ana at her desk, with an appointment from 11:00 to 11:30."""

    product: Deps
    clock: Clock
    sign_in: Callable[[], Client]
    made: Appointment

    def open_pages(self) -> Client:
        """Open the calendar with the appointment in the drawer, and the dashboard."""
        client = self.sign_in()
        run(
            client.send(BookingsState, "open_page"),
            client.send(DrawerState, "open_appointment", str(self.made.id)),
            client.send(DashboardState, "open_page", at="/dashboard"),
        )
        return client


@pytest.fixture
def desk(product, bank, ana, max_, sign_in):
    made = book(product, bank, max_, at(11), ana)
    return Desk(product, bank.clock, partial(sign_in, ana), made)


@pytest.mark.parametrize("comes", [False, True])
@pytest.mark.parametrize("is_stored", [False, True])
def test_every_page_says_the_same_of_what_is_over(desk, comes, is_stored):
    desk.clock.now = at(11)
    if comes:
        joining.enter_room(desk.product, links.token_of(desk.product, desk.made))
    desk.clock.now = at(11, 30)
    if is_stored:
        periodic.complete_past(desk.product)
    client = desk.open_pages()

    board, seen = see(client, BookingsState), see(client, DrawerState).seen
    (event,), ((listed,),) = events(board), [day.events for day in days(board)]
    (row,) = see(client, DashboardState).today
    words = {event.word, listed.word, seen.word, row.word}
    assert words == {"Completed" if comes else "Ended"}
    assert ("Nobody recorded" in seen.how_note) is not comes


def calendar_of(client):
    """Return what the calendar and the drawer show, and how long that is true."""
    board, drawer = see(client, BookingsState), see(client, DrawerState)
    told = [events(board), days(board), days(board, "p"), board.late_count]
    bands = [(it.lane, it.start, it.end, it.kind, it.label) for it in bands_of(board)]
    around = [board.nav, board.mini, board.strip, bands]
    waits = [it.wait for it in (board.moment, drawer.moment) if it.wait >= 0]
    return repr([told, around, drawer.seen]), min(waits) * MILLISECOND


def dashboard_of(client):
    """Return what the dashboard shows, but for the countdown that ticks by itself."""
    page = see(client, DashboardState)
    upcoming = replace(page.next_up, seconds=0, stamp="")
    told = [page.greeting, page.today_line, page.today, page.late, page.waiting]
    return repr([told, upcoming]), page.moment.wait * MILLISECOND


DAY_OF_QUEUES = "/bookings?scope=queues&view=day"
WITH_DRAWER = (DrawerState, "refresh_page", calendar_of, DAY_OF_QUEUES)
WITHOUT_DRAWER = (DrawerState, "close_drawer", calendar_of, DAY_OF_QUEUES)
DASHBOARD = (DashboardState, "refresh_page", dashboard_of, "/dashboard")


@pytest.mark.parametrize("page", [WITH_DRAWER, WITHOUT_DRAWER, DASHBOARD])
@pytest.mark.parametrize("begins", [(10, 45), (23, 30)])
def test_nothing_on_an_open_page_is_old_and_none_looks_all_the_time(
    desk, bank, page, begins
):
    state, pressed, shown_on, address = page
    bank.set(SESSION_IDLE, "120")
    desk.clock.now = at(*begins)
    client = desk.open_pages()
    run(client.send(BookingsState, "open_page", at=address))
    run(client.send(state, pressed, at=address))
    until = desk.clock.now + timedelta(minutes=50)

    looks = 0
    before, wait = shown_on(client)
    while desk.clock.now + wait < until:
        desk.clock.advance(wait - MILLISECOND)
        run(client.send(state, "refresh_page", at=address))
        assert shown_on(client) == (before, MILLISECOND)

        desk.clock.advance(MILLISECOND)
        run(client.send(state, "refresh_page", at=address))
        before, wait = shown_on(client)
        looks += 1

    assert 0 < looks < 40


@pytest.mark.parametrize(
    ("minutes", "word"),
    [
        (-11, "Confirmed"),
        (-10, "Open to join"),
        (14, "Open to join"),
        (15, "Late"),
        (29, "Late"),
        (30, "Ended"),
    ],
)
def test_calendar_says_what_is_true_at_the_minute(desk, minutes, word):
    desk.clock.now = at(11) + timedelta(minutes=minutes)
    client = desk.open_pages()

    (event,) = events(see(client, BookingsState))
    assert event.word == see(client, DrawerState).seen.word == word


@pytest.mark.parametrize(
    ("minutes", "has_come", "word"),
    [
        (-11, False, "Unassigned"),
        (-10, False, "Unassigned, open to join"),
        (-5, True, "Unassigned, in call"),
        (15, False, "Late, unassigned"),
        (30, False, "Ended"),
    ],
)
def test_staff_read_that_a_call_nobody_has_is_open(desk, max_, minutes, has_come, word):
    desk.clock.now = at(11) + timedelta(minutes=minutes)
    made = appointments.assign_appointment(desk.product, max_, desk.made.id, None)
    if has_come:
        joining.enter_room(desk.product, links.token_of(desk.product, made))
    client = desk.open_pages()

    (event,) = events(see(client, BookingsState))
    assert event.word == see(client, DrawerState).seen.word == word


def test_every_state_that_the_clock_brings_shows_by_itself_in_its_own_word(desk, bank):
    bank.set(SESSION_IDLE, "120")
    desk.clock.now = at(10)
    client = desk.open_pages()

    words: list[str] = []
    while desk.clock.now < at(11, 30):
        (event,) = events(see(client, BookingsState))
        words += [event.word] if event.word not in words[-1:] else []
        if event.word == "Late":
            joining.enter_room(desk.product, links.token_of(desk.product, desk.made))
        else:
            desk.clock.advance(calendar_of(client)[1])
        run(client.send(DrawerState, "refresh_page"))

    (event,) = events(see(client, BookingsState))
    assert words == ["Confirmed", "Open to join", "Late", "In call"]
    assert event.word == "Completed"


def test_age_of_what_was_read_elsewhere_is_told_anew_by_itself(
    product, bank, ana, max_, sign_in
):
    elsewhere = PlainCalendar()
    elsewhere.busy["ana@bank.example"] = [Interval(at(14), at(15))]
    seeing = replace(product, providers={"outlook": PlainProvider(elsewhere)})
    connected(bank)
    poll.poll_if_due(seeing)
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page", at="/bookings?scope=team&view=day"))

    told: list[str] = []
    for _ in range(17):
        board = see(client, BookingsState)
        of_ana = [it.why for it in bands_of(board) if it.lane == str(ana.id)]
        told += [next(why for why in of_ana if " read " in why or "not known" in why)]
        bank.clock.advance(board.moment.wait * MILLISECOND)
        run(client.send(DrawerState, "refresh_page"))

    ages = ["less than a minute", "1 minute", *(f"{n} minutes" for n in range(2, 16))]
    clocks = "Busy in their own calendar 14:00-15:00"
    assert told[:16] == [f"{clocks}, read {age} ago." for age in ages]
    assert "Calendar not known" in told[16]


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_what_the_clock_stores_reaches_open_pages(
    product, bank, ana, database_url, is_confirmed
):
    wanted = bank.request(at(12))
    made = booking.request_appointment(product, wanted, idempotency_key=str(uuid4()))
    if is_confirmed:
        confirm(product, made.token)
    bank.clock.now = at(12, 30)
    with psycopg.connect(plain_database_address(database_url), autocommit=True) as ear:
        ear.execute(f"LISTEN {CHANNEL}")
        task = periodic.complete_past if is_confirmed else periodic.expire_unconfirmed
        assert task(product) == 1
        (heard,) = ear.notifies(stop_after=1, timeout=60)

    assert json.loads(heard.payload)["id"] == str(made.appointment.id)
