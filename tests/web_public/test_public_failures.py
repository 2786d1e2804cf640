"""A server error at a press is not hidden, and the same press works afterwards."""

from dataclasses import replace

import pytest

from invo_booking import app, bootstrap
from invo_booking.usecases.booking import manage
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.landing.state import LandingState
from invo_booking.web.limit.state import LimitState
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from tests.support.bank import at, confirm, proof_of
from tests.web_public.test_public_flows import CONTACT, book, rows, soonest
from tests.web_public.test_public_flows import AppointmentRow as Appointments
from tests.web_public.test_public_limit import earlier, held, mailed_page, status

__all__ = ["earlier", "held"]


@pytest.fixture
def press(product, visitor):
    """Press while the database is away, then once more when it is back."""

    def fail(_caller):
        raise RuntimeError("nobody planned for this")

    def press(state, name, *arguments):
        bootstrap.use_deps(replace(product, begin=fail))
        with pytest.raises(RuntimeError) as failure:
            visitor.send(state, name, *arguments)
        shown = app.report_failure(failure.value)
        assert shown is not None
        assert shown.handler.fn.__name__ == "show_failure"
        bootstrap.use_deps(product)
        return visitor.send(state, name, *arguments)

    return press


@pytest.fixture
def token(product, bank):
    return book(product, bank, soonest(product, bank)).token


def test_time_is_taken_by_the_second_press(bank, visitor, press):
    visitor.reach_times(bank)
    first = visitor.see(PickerState).view.soonest.key

    press(ScheduleState, "take_start", first)

    assert visitor.see(ScheduleState).step == "details"


def test_day_is_shown_by_the_second_press(bank, visitor, press):
    visitor.reach_times(bank)

    press(PickerState, "choose_day", f"{at(10, days=1):%Y-%m-%d}")

    assert visitor.see(PickerState).view.parts


def test_request_is_made_once_by_the_second_press(product, bank, visitor, press):
    visitor.reach_details(bank)

    press(RequestState, "submit_request", CONTACT)

    assert rows(product, Appointments) == 1


def test_links_are_sent_by_the_second_press(bank, visitor, press):
    visitor.open("/")
    visitor.begin(LandingState, bank)

    press(LandingState, "send_links", {"mail": "ana@example.com"})

    assert visitor.see(LandingState).sent_to == "ana@example.com"


def test_request_is_confirmed_by_the_second_press(product, visitor, token, press):
    visitor.open(f"/a/{proof_of(product, token)}")

    press(StatusState, "confirm_appointment")

    assert visitor.see(StatusState).visit.phase == "upcoming"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("cancel_appointment", ({"reason": ""},)),
        ("send_confirmation", ()),
        ("change_address", ({"email": "right@example.com"},)),
    ],
)
def test_action_on_a_request_is_done_and_told_at_the_second_press(
    visitor, token, press, name, arguments
):
    visitor.open(f"/a/{token}")

    press(StatusState, name, *arguments)

    assert visitor.see(StatusState).notice
    assert not visitor.see(StatusState).problem


def test_appointment_is_moved_by_the_second_press(product, visitor, token, press):
    confirm(product, token)
    visitor.open(f"/a/{token}")
    press(StatusState, "show_panel", "move")
    if visitor.see(StatusState).panel != "move":
        visitor.send(StatusState, "show_panel", "move")
    visitor.pick_soonest()

    press(StatusState, "move_appointment")

    assert manage.read_visit(product, token).appointment.sequence == 1


def test_lateness_is_told_and_withdrawn_by_the_second_press(
    product, clock, visitor, token, press
):
    confirm(product, token)
    clock.now = manage.read_visit(product, token).appointment.starts_at
    visitor.open(f"/a/{token}")

    press(StatusState, "tell_late")
    assert visitor.see(StatusState).notice

    press(StatusState, "withdraw_late_report")
    assert manage.read_visit(product, token).appointment.running_late_at is None


@pytest.fixture
def choosing(product, held, earlier, visitor, press):
    """A page at the limit on which an appointment is marked; the marked one."""
    visitor.open(mailed_page(product, held))
    press(LimitState, "choose_appointment", str(earlier[0]))
    return earlier[0]


@pytest.mark.parametrize(
    ("name", "left"),
    [("swap_appointments", "cancelled"), ("give_back_time", "confirmed")],
)
def test_choice_at_the_limit_is_obeyed_at_the_second_press(
    product, choosing, press, name, left
):
    press(LimitState, name)

    assert status(product, choosing).value == left
