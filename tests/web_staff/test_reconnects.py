"""A page of staff that gets a new socket keeps what is open on it, and is current."""

import pytest

from invo_booking.usecases.staff import appointments
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.core import live
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import at
from tests.web_staff.conftest import ADDRESS, book, run, see


@pytest.fixture
def made(product, bank, ana, max_):
    return book(product, bank, max_, at(11), ana)


@pytest.fixture
def max_at(sign_in, max_):
    """Open Booking Management as Max, at an address."""

    def open_at(address):
        client = sign_in(max_)
        run(client.open(at=address))
        return client

    yield open_at
    live._watching.clear()  # noqa: SLF001 - what a process knows of its pages


def linked(made):
    return f"{ADDRESS}&a={made.id}"


def test_form_that_is_open_stays_open_when_the_page_connects_again(made, max_at):
    client = max_at(linked(made))
    run(client.send(DrawerState, "switch_mode", "edit", at=linked(made)))

    run(client.connect(at=linked(made)))

    drawer = see(client, DrawerState)
    assert (drawer.mode, drawer.base.id) == ("edit", str(made.id))


def test_drawer_does_not_jump_to_the_appointment_in_the_address(
    product, bank, made, ana, max_, max_at
):
    other = book(product, bank, max_, at(14), ana, name="Omar Haddad")
    client = max_at(linked(made))
    run(client.send(DrawerState, "open_appointment", str(other.id), at=linked(made)))

    run(client.connect(at=linked(made)))

    assert see(client, DrawerState).seen.name == "Omar Haddad"


def test_drawer_that_was_closed_stays_closed_until_a_link_is_followed(made, max_at):
    client = max_at(linked(made))
    run(client.send(DrawerState, "close_drawer", at=linked(made)))

    run(client.connect(at=linked(made)))
    assert see(client, DrawerState).mode == ""

    run(client.follow(at=linked(made)))
    assert see(client, DrawerState).seen.id == str(made.id)


def test_open_drawer_is_brought_up_to_date_and_watched_again(
    product, made, max_, max_at
):
    client = max_at(ADDRESS)
    run(client.send(DrawerState, "open_appointment", str(made.id)))
    live._watching.clear()  # noqa: SLF001 - forgotten while the socket was closed
    appointments.cancel_appointment(product, max_, made.id, "")

    run(client.connect())

    drawer = see(client, DrawerState)
    assert (drawer.mode, drawer.seen.word) == ("view", "Cancelled")
    (watched,) = live._watching.values()  # noqa: SLF001
    assert DrawerState in watched[1]


def test_open_form_is_told_what_others_changed_while_the_line_was_lost(
    product, made, max_, max_at
):
    client = max_at(ADDRESS)
    run(client.send(DrawerState, "open_appointment", str(made.id)))
    run(client.send(DrawerState, "switch_mode", "edit"))
    appointments.cancel_appointment(product, max_, made.id, "")

    run(client.connect())

    drawer = see(client, DrawerState)
    assert (drawer.mode, drawer.base.word) == ("edit", "Confirmed")
    assert "cancelled" in drawer.meanwhile


def test_form_of_a_new_appointment_opens_once_for_its_address(max_at):
    new = f"{ADDRESS}&new=1"
    client = max_at(new)
    assert see(client, DraftState).is_open
    run(client.send(DraftState, "close_draft", at=new))

    run(client.connect(at=new))
    assert not see(client, DraftState).is_open

    run(client.open(at=new))
    assert see(client, DraftState).is_open


def test_form_of_a_new_appointment_keeps_what_was_chosen(made, max_at):
    new = f"{ADDRESS}&new=1"
    client = max_at(new)
    run(client.send(DraftState, "choose_answer", str(made.answer_id), at=new))
    chosen = see(client, DraftState).start.answer

    run(client.connect(at=new))

    draft = see(client, DraftState)
    assert (draft.is_open, draft.start.answer) == (True, chosen)
    assert chosen == str(made.answer_id)


def test_offer_to_undo_outlives_a_lost_line(product, bank, ana, max_, sign_in):
    waiting, client = book(product, bank, max_, at(15)), sign_in(ana)
    run(client.open(at="/dashboard"))
    taken = (DashboardState, "take_appointment", str(waiting.id), waiting.version)
    run(client.send(*taken, at="/dashboard"))
    done = see(client, DashboardState).done

    run(client.connect(at="/dashboard"))

    assert done
    assert see(client, DashboardState).done == done
