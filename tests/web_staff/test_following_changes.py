"""What the pages of staff show of mails sent again and of what nobody can take."""

from invo_booking.usecases.admin import people
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import PASSWORD, at
from tests.web_staff.conftest import book, run, see


def mails_of(product):
    with product.unit_of_work() as work:
        rows = work.session.connection().exec_driver_sql("SELECT count(*) FROM outbox")
        return rows.scalar_one()


def test_double_click_sends_the_confirmation_once_and_says_so(
    product, bank, ana, max_, sign_in
):
    made = book(product, bank, max_, at(11), ana)
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page"))
    run(client.send(DrawerState, "open_appointment", str(made.id)))
    assert see(client, DrawerState).seen.may_send
    before, key = mails_of(product), see(client, DrawerState).press_key

    for _ in range(2):
        run(client.send(DrawerState, "send_confirmation", key))

    drawer = see(client, DrawerState)
    assert mails_of(product) == before + 1
    assert drawer.done == "The confirmation goes to rosa@example.com again."
    assert drawer.seen.history[-1].sentence == "Max sent the confirmation again"
    run(client.send(DrawerState, "send_confirmation", drawer.press_key))
    assert mails_of(product) == before + 2


def test_one_press_too_many_is_refused_in_words(product, bank, ana, max_, sign_in):
    made = book(product, bank, max_, at(11), ana)
    client = sign_in(max_)
    run(client.send(BookingsState, "open_page"))
    run(client.send(DrawerState, "open_appointment", str(made.id)))

    for _ in range(4):
        key = see(client, DrawerState).press_key
        run(client.send(DrawerState, "send_confirmation", key))

    assert "three times within a day" in see(client, DrawerState).problem
    assert see(client, DrawerState).done == ""


def test_customer_who_is_busy_is_booked_only_if_it_is_meant(
    product, bank, ana, max_, sign_in
):
    book(product, bank, max_, at(11), ana)
    client = sign_in(max_)
    form = {
        "answer": str(bank.answer_id),
        "language": "en",
        "channel": "video",
        "day": "2026-11-23",
        "starts": "11:00",
        "minutes": "30",
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
    }
    run(client.send(DraftState, "open_draft", "", "", ""))

    run(client.send(DraftState, "submit_draft", form))
    refused = see(client, DraftState)
    assert refused.problem.startswith("This customer already has an appointment")
    assert (refused.is_open, refused.is_customer_busy) == (True, True)

    run(client.send(DraftState, "submit_draft", form | {"despite_overlap": "on"}))
    assert not see(client, DraftState).is_open


def test_what_nobody_can_take_stands_apart_for_who_oversees(
    product, bank, ana, sign_in
):
    mia = bank.manager("Mia", languages=(), password=PASSWORD)
    made = book(product, bank, mia, at(11), ana)
    people.disable_person(product, "ana@bank.example")
    client = sign_in(mia)

    run(client.send(DashboardState, "open_page"))
    run(client.send(BookingsState, "open_page"))

    day, board = see(client, DashboardState), see(client, BookingsState)
    assert [one.id for one in day.unplaced] == [str(made.id)]
    assert f"a={made.id}" in day.unplaced[0].href
    assert (day.unplaced_count, day.waiting_count) == (1, 0)
    assert (board.stuck_count, board.pool_count) == (1, 0)
