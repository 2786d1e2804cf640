"""What the drawer says of how agent and customer meet, and where it leads."""

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.settings.calls import PHONE_CALLER
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.state import BookingsState
from tests.support.bank import PASSWORD, at
from tests.web_staff.calendar_rows import days
from tests.web_staff.conftest import book, run, see


@pytest.fixture
def people(bank, ana, max_):
    return {"Ana": ana, "Max": max_, "Ben": bank.agent("Ben", password=PASSWORD)}


@pytest.mark.parametrize(
    "case",
    [
        (at(9, 30), "Ana", "", "You can join from 15:50"),
        (at(9, 55), "Ana", "/session/rooms/", ""),
        (at(9, 55), "Ben", "", "Take it first to join"),
        (at(9, 55), "Max", "/session/rooms/", ""),
    ],
)
def test_drawer_leads_to_the_room_who_may_enter_it(
    product, bank, people, sign_in, clock, case
):
    made = book(product, bank, people["Max"], at(10), people["Ana"])
    now, who, door, note = case
    clock.now = now
    client = sign_in(people[who])

    run(client.send(DrawerState, "open_appointment", str(made.id)))

    seen = see(client, DrawerState).seen
    assert (seen.join, seen.how_note) == (f"{door}{made.id}" if door else "", note)
    assert "meet.bank.example" not in str(seen)


@pytest.mark.parametrize(
    "case",
    [(at(9, 30), "Ana", False), (at(9, 55), "Ana", True), (at(9, 55), "Ben", False)],
)
def test_list_leads_into_the_room_of_an_own_call_once_it_is_open(
    product, bank, people, sign_in, clock, case
):
    book(product, bank, people["Max"], at(10), people["Ana"])
    clock.now, who, is_open = case
    client = sign_in(people[who])

    scope = "me" if who == "Ana" else "team"
    run(
        client.send(BookingsState, "open_page", at=f"/bookings?scope={scope}&view=list")
    )

    (day,) = days(see(client, BookingsState), "l")
    assert [event.joinable for event in day.events] == [is_open]


def test_drawer_of_a_phone_call_says_who_calls_whom(product, bank, ana, max_, sign_in):
    phone = {"channel": Channel.PHONE, "phone": "+13125550177"}
    made = book(product, bank, max_, at(11), ana, **phone)
    client = sign_in(ana)

    run(client.send(DrawerState, "open_appointment", str(made.id)))
    note = see(client, DrawerState).seen.how_note
    bank.set(PHONE_CALLER, "customer")
    run(client.send(DrawerState, "open_appointment", str(made.id)))

    assert note == "Call the customer on +1 312-555-0177"
    assert see(client, DrawerState).seen.how_note == "The customer calls +13125550142"
