"""A customer's page that gets a new socket keeps what was typed, and is current."""
# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it

from datetime import timedelta

import pytest

from invo_booking.settings import general
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.shared import links
from invo_booking.web.core import live
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.search import picker_instant
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.landing.state import LandingState
from invo_booking.web.limit.state import LimitState
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from tests.support.bank import confirm, proof_of
from tests.web_public.test_public_flows import book, request, soonest
from tests.web_public.test_public_limit import earlier, held, mailed_page
from tests.web_public.test_public_where import denver, reach_where

__all__ = ["denver", "earlier", "held"]


@pytest.fixture
def token(product, bank):
    return book(product, bank, soonest(product, bank)).token


@pytest.fixture
def confirmed(product, token):
    confirm(product, token)
    return token


@pytest.fixture(autouse=True)
def watching():
    yield
    live._watching.clear()


def on_page(visitor, address):
    visitor.open(address)
    return visitor.see(StatusState)


def test_typed_contact_its_errors_and_the_submission_stay(bank, visitor):
    visitor.reach_details(bank)
    visitor.send(RequestState, "check_field", "name", "Ana Rivera")
    visitor.send(RequestState, "check_field", "email", "ana.example.com")
    form = visitor.see(RequestState)
    key, error = form._key, form.errors.email

    visitor.connect()

    assert (form.contact.name, form.contact.email) == ("Ana Rivera", "ana.example.com")
    assert error
    assert form.errors.email == error
    assert form._key == key


def test_reason_of_a_refusal_stays_beside_the_form(bank, visitor):
    visitor.reach_details(bank)
    bank.set(general.PUBLIC_SCHEDULING, "off")
    visitor.request()
    problem = visitor.see(RequestState).problem
    bank.set(general.PUBLIC_SCHEDULING, "on")

    visitor.connect()

    assert "switched off" in problem
    assert visitor.see(RequestState).problem == problem
    assert visitor.see(ScheduleState).step == "details"


def test_page_that_is_loaded_again_begins_another_submission(bank, visitor):
    visitor.reach_details(bank)
    key = visitor.see(RequestState)._key

    visitor.open(visitor.page())

    assert visitor.see(RequestState)._key not in ("", key)


def test_request_that_a_killed_process_stored_opens_its_page(product, bank, visitor):
    visitor.reach_details(bank)
    start = picker_instant(visitor.see(PickerState)._search.picked)
    key = visitor.see(RequestState)._key
    booked = booking.request_appointment(
        product, request(bank, start), idempotency_key=key
    )

    page = visitor.connect()

    assert page == f"/a/{booked.token}"


def test_time_booked_by_others_meanwhile_is_told_and_the_contact_stays(
    product, bank, visitor
):
    visitor.reach_details(bank)
    visitor.send(RequestState, "check_field", "name", "Ana Rivera")
    book(product, bank, picker_instant(visitor.see(PickerState)._search.picked))

    visitor.connect()

    schedule = visitor.see(ScheduleState)
    assert (schedule.step, bool(schedule.problem)) == ("when", True)
    assert visitor.see(RequestState).contact.name == "Ana Rivera"


def test_day_that_is_looked_at_stays_and_its_times_are_current(product, bank, visitor):
    visitor.reach_times(bank)
    picker = visitor.see(PickerState)
    later = picker._search.starts[-1]
    visitor.send(PickerState, "choose_day", f"{picker_instant(later):%Y-%m-%d}")
    day = picker._search.day
    book(product, bank, picker_instant(later))

    visitor.connect()

    assert picker._search.day == day
    assert later not in picker._search.starts


def test_switched_off_booking_is_seen_on_the_landing_page(bank, visitor):
    visitor.open("/")
    bank.set(general.PUBLIC_SCHEDULING, "off")
    assert visitor.see(LandingState).site.is_open

    visitor.connect()

    assert not visitor.see(LandingState).site.is_open


def test_landing_page_still_says_that_links_were_sent(bank, visitor):
    visitor.open("/")
    visitor.begin(LandingState, bank)
    visitor.send(LandingState, "send_links", {"mail": "ana@example.com"})

    visitor.connect()

    assert visitor.see(LandingState).sent_to == "ana@example.com"


def test_open_panel_stays_and_a_closed_one_does_not_open_again(confirmed, visitor):
    status = on_page(visitor, f"/a/{confirmed}?open=cancel")
    assert status.panel == "cancel"

    visitor.connect()
    assert status.panel == "cancel"

    visitor.send(StatusState, "show_panel", "")
    visitor.connect()
    assert status.panel == ""

    visitor.open(visitor.page())
    assert status.panel == "cancel"


def test_what_staff_did_meanwhile_is_seen_and_ends_the_panel(
    product, confirmed, visitor
):
    status = on_page(visitor, f"/a/{confirmed}")
    visitor.send(StatusState, "show_panel", "cancel")
    live._watching.clear()  # forgotten while the socket was closed
    manage.cancel_by_link(product, confirmed, "by phone")

    visitor.connect()

    assert status.visit.phase == "cancelled"
    assert status.panel == ""
    assert live._watching


def test_times_of_a_move_are_current_and_its_day_stays(
    product, bank, confirmed, visitor
):
    on_page(visitor, f"/a/{confirmed}")
    visitor.send(StatusState, "show_panel", "move")
    picker = visitor.see(PickerState)
    later = picker._search.starts[-1]
    visitor.send(PickerState, "choose_day", f"{picker_instant(later):%Y-%m-%d}")
    visitor.send(PickerState, "pick_start", str(later))
    day = picker._search.day
    others = picker._search.starts[-6]
    book(product, bank, picker_instant(others))

    visitor.connect()

    assert visitor.see(StatusState).panel == "move"
    assert (picker._search.day, picker._search.picked) == (day, later)
    assert others in picker._search.taken


def test_message_about_the_last_action_stays(product, token, visitor):
    status = on_page(visitor, f"/a/{proof_of(product, token)}")
    visitor.send(StatusState, "confirm_appointment")
    notice, told = status.notice, status.notice_count

    visitor.connect()

    assert notice
    assert (status.notice, status.notice_count) == (notice, told)


def test_deadline_that_passed_meanwhile_is_seen(clock, token, visitor):
    status = on_page(visitor, f"/a/{token}")
    assert status.visit.phase == "requested"
    clock.advance(timedelta(minutes=31))

    visitor.connect()

    assert status.visit.phase == "expired"


def test_appointment_marked_at_the_limit_stays_marked(product, held, earlier, visitor):
    visitor.open(mailed_page(product, held))
    visitor.send(LimitState, "choose_appointment", str(earlier[1]))

    visitor.connect()

    assert visitor.see(LimitState).view.picked.key == str(earlier[1])


def test_room_made_meanwhile_is_seen_at_the_limit(product, held, earlier, visitor):
    visitor.open(mailed_page(product, held))
    before = visitor.see(LimitState).view
    with product.unit_of_work() as work:
        gone = work.appointments.get(earlier[0])
    manage.cancel_by_link(product, links.token_of(product, gone), "")

    visitor.connect()

    assert visitor.see(LimitState).view != before


def test_typed_search_for_a_branch_stays(denver, bank):
    visitor = reach_where(bank)
    visitor.send(ScheduleState, "search_branches", "Denver")

    visitor.connect()

    schedule = visitor.see(ScheduleState)
    assert [it.key for it in schedule.branches] == [str(denver)]
    assert schedule.branches_found == "1 branch"
