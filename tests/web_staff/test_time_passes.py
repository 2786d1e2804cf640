"""What the clock alone changes on an open page of staff."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from invo_booking.domain.appointment import Appointment
from invo_booking.usecases import links, upkeep, visit
from invo_booking.usecases.deps import Deps
from invo_booking.web.states.bookings import BookingsState
from invo_booking.web.states.dashboard import DashboardState
from invo_booking.web.states.drawer import DrawerState
from tests.support.bank import at
from tests.support.fakes import Clock
from tests.web_staff.conftest import Client, book, run, see


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
            client.send(DrawerState, "show", str(self.made.id)),
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
        visit.join(desk.product, links.token_of(desk.product, desk.made))
    desk.clock.now = at(11, 30)
    if is_stored:
        upkeep.complete_past(desk.product)
    client = desk.open_pages()

    board, seen = see(client, BookingsState), see(client, DrawerState).seen
    (event,), ((listed,),) = board.events, [day.events for day in board.listed]
    (row,) = see(client, DashboardState).today
    words = {event.word, listed.word, seen.word, row.word}
    assert words == {"Completed" if comes else "Ended"}
    assert ("Nobody recorded" in seen.how_note) is not comes
