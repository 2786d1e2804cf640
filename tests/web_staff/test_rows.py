# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it
"""Open calendars are sent what has changed, and show the same as one opened now."""

from datetime import date, datetime, timedelta
from itertools import product as combinations
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from reflex.utils.format import json_dumps

from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.appointments import AppointmentChange
from invo_booking.web.bookings import packing
from invo_booking.web.bookings.state import BookingsState, refresh_calendar_board
from invo_booking.web.kit.rows import RowsView, Texts, change_rows
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.wall_times import WALL
from invo_booking.web.kit.text.words import EventView, ViewerContext
from tests.support.bank import PASSWORD, at
from tests.web_staff.calendar_rows import after, bands, days, events
from tests.web_staff.conftest import HALF_HOUR, book, run, see

VIEWER = ViewerContext(ZoneInfo("America/Chicago"), Locale("en"), at(10))
KILOBYTE = 1000
NAMES = st.sampled_from("abcd")
ROWS = st.dictionaries(NAMES, st.text("xyz", max_size=2))
PLACES = [
    f"/bookings?scope={scope}&view={period}&date=2026-11-23"
    for scope, period in combinations(
        ("me", "team", "queues"), ("day", "week", "month", "list")
    )
]


def view_of(rows, texts, number=0):
    return RowsView(number, texts.all, {k: [texts.place(v)] for k, v in rows.items()})


@given(ROWS, ROWS)
def test_what_has_changed_leads_from_one_view_to_the_next(before, wanted):
    old = view_of(before, Texts())
    texts = Texts(old.texts)
    rows = {name: [texts.place(text)] for name, text in wanted.items()}

    found = after(old, change_rows(old, texts, rows))

    assert {name: found.texts[row[0]] for name, row in found.rows.items()} == wanted
    assert found.number == old.number + 1


@given(ROWS)
def test_nothing_is_sent_of_what_stays_as_it_is(rows):
    old = view_of(rows, Texts())

    found = change_rows(old, Texts(old.texts), dict(old.rows))

    assert (found.rows, found.gone, found.texts) == ({}, [], [])


def sent_as(value) -> str:
    """Return what goes over the websocket."""
    return json_dumps(value, separators=(",", ":"))


class Page:
    """A calendar in a browser, which knows only what it is sent."""

    def __init__(self, client, address: str) -> None:
        self._client, self._address = client, address
        self.sent = 0
        self.rows = RowsView()

    def open(self) -> None:
        run(self._client.send(BookingsState, "open_page", at=self._address))
        self._take()

    def look(self) -> None:
        """Be refreshed, as after another person's change."""
        self._refresh()
        self._take()

    def lose(self) -> None:
        """Miss a change, and ask for everything as soon as the next one arrives."""
        self._refresh()

    def ask_for_all(self) -> None:
        run(self._client.send(BookingsState, "send_all", at=self._address))
        self._take()

    def _refresh(self) -> None:
        self._client.root._clean()
        run(refresh_calendar_board(self._client.root))

    def _take(self) -> None:
        (delta,) = run(self._client.delta())
        self.sent = len(sent_as(delta))
        board = next(v for k, v in delta.items() if k.endswith("bookings_state"))
        named = {name.partition("_rx_state_")[0]: board[name] for name in board}
        if "rows" in named:
            self.rows = named["rows"]
        elif "changes" in named:
            self.rows = after(self.rows, named["changes"])


def shown(page):
    """Return what a page or a state shows in rows, wherever its texts are."""
    lists = [repr(days(page, letter)) for letter in "lps"]
    backgrounds = sorted(repr(band) for band in bands(page))
    return [repr(events(page)), *lists, backgrounds]


@pytest.mark.parametrize("address", PLACES)
def test_open_page_shows_the_same_as_one_opened_now_and_little_is_sent(
    product, bank, ana, max_, sign_in, address
):
    client, fresh = sign_in(max_), sign_in(max_)
    bank.agent("Ben", password=PASSWORD)
    for hour in (9, 10, 13, 14, 15):
        book(product, bank, max_, at(hour), ana, email=f"c{hour}@example.com")
    page = Page(client, address)
    page.open()

    made = book(product, bank, max_, at(11), email="new@example.com")
    move = AppointmentChange(starts_at=at(12), ends_at=at(12, 30))
    steps = [
        lambda: None,
        lambda: appointments.change_appointment(product, max_, made.id, move),
        lambda: appointments.change_appointment(
            product, max_, made.id, AppointmentChange(agent=ana.id)
        ),
        lambda: appointments.cancel_appointment(product, max_, made.id, "Ill"),
    ]
    for step in steps:
        step()
        page.look()

        run(fresh.send(BookingsState, "open_page", at=address))
        assert shown(page) == shown(see(fresh, BookingsState))
        assert page.sent < 5 * KILOBYTE

    page.look()
    assert page.sent < KILOBYTE


def test_page_that_missed_a_change_gets_everything(product, bank, ana, max_, sign_in):
    page = Page(sign_in(max_), "/bookings?scope=team&view=day&date=2026-11-23")
    for hour in (9, 10, 13, 14, 15):
        book(product, bank, max_, at(hour), ana, email=f"c{hour}@example.com")
    page.open()
    book(product, bank, max_, at(11), ana, email="missed@example.com")
    page.lose()

    page.ask_for_all()

    assert len(events(page)) == 6
    assert any(view.at == "11:00" for view in events(page))


def month_of(count: int) -> list[EventView]:
    """Return appointments of a busy month, as a large team has them."""
    first = datetime.fromisoformat("2026-11-02T08:00")
    starts = [
        first + timedelta(days=n % 28, minutes=15 * (n % 36)) for n in range(count)
    ]
    return [
        EventView(
            id=str(UUID(int=number * 7919 << 64 | number)),
            lane=str(UUID(int=number % 30)),
            start=start.strftime(WALL),
            end=(start + HALF_HOUR).strftime(WALL),
            at=words.clock_text(start),
            until=words.clock_text(start + HALF_HOUR),
            title=f"Alexandra Delgado {number}",
            topic=f"Mortgage advice {number % 12}",
            kind="is-confirmed",
            icon="check",
            word="Confirmed",
            who=f"Agent {number % 30}",
            size="d2",
            editable=True,
            assignable=True,
            day=f"{start:%A, %B %d}",
            agent=str(UUID(int=number % 30)),
            version=3,
        )
        for number, start in enumerate(starts)
    ]


def test_month_of_six_hundred_appointments_is_under_sixty_kilobytes():
    views, texts = month_of(600), Texts()
    listed = words.day_views(views, VIEWER, (date(2026, 10, 26), date(2026, 12, 7)))
    board = packing.CalendarRows(
        origin="2026-10-26",
        events=views,
        elsewhere=[],
        lists={packing.LISTED: listed},
        bands=[],
    )

    rows = packing.calendar_rows_of(board, RowsView(), texts)

    assert len(sent_as(RowsView(1, texts.all, rows))) < 60 * KILOBYTE
