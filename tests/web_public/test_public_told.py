"""After every action the page says what was done, or why it was not, and where."""
# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking import app, bootstrap
from invo_booking.settings.general import PUBLIC_SCHEDULING
from invo_booking.usecases.booking import manage
from invo_booking.web.core import live
from invo_booking.web.core.notice import NoticeState
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.landing.state import LandingState
from tests.support.bank import confirm, proof_of
from tests.web_public.test_public_flows import Visitor, book, soonest


@pytest.fixture
def start(product, bank):
    return soonest(product, bank)


@pytest.fixture
def token(product, bank, start):
    return book(product, bank, start).token


def open_page(visitor, address):
    visitor.at(address)
    visitor.send(StatusState, "open_page")
    return visitor.see(StatusState)


def told(visitor, name, *arguments):
    """Press something; return what is told, and whether the place was told anew."""
    before = visitor.see(StatusState).notice_count
    visitor.send(StatusState, name, *arguments)
    status = visitor.see(StatusState)
    return status.notice, status.notice_count > before


def test_confirming_is_told_and_pressing_again_tells_the_same(product, visitor, token):
    open_page(visitor, f"/a/{proof_of(product, token)}")

    once = told(visitor, "confirm_appointment")
    again = told(visitor, "confirm_appointment")

    assert once[0].startswith(
        "Your appointment is confirmed. We are sending you a mail"
    )
    assert again == once == (once[0], True)


def test_cancelling_is_told(visitor, token):
    open_page(visitor, f"/a/{token}")

    sentence, is_new = told(visitor, "cancel_appointment", {"reason": ""})

    assert sentence.startswith("Your appointment is cancelled.")
    assert is_new
    assert visitor.see(StatusState).panel == ""


def test_moving_is_told_with_the_new_time(product, visitor, token):
    confirm(product, token)
    open_page(visitor, f"/a/{token}")
    visitor.send(StatusState, "show_panel", "move")
    visitor.pick_soonest()

    sentence, is_new = told(visitor, "move_appointment")

    status = visitor.see(StatusState)
    assert status.visit.clocks in sentence
    assert status.visit.day in sentence
    assert is_new


def test_lateness_is_told_both_ways(product, visitor, token, start, clock):
    confirm(product, token)
    clock.now = start - timedelta(minutes=20)
    open_page(visitor, f"/a/{token}")

    late, _ = told(visitor, "tell_late")
    in_time, _ = told(visitor, "withdraw_late_report")

    assert "you are running late" in late
    assert "you come in time" in in_time


def test_sending_again_twice_is_told_twice(visitor, token):
    open_page(visitor, f"/a/{token}")

    assert told(visitor, "send_confirmation") == told(visitor, "send_confirmation")


def test_refusal_is_told_beside_its_button(visitor, token):
    open_page(visitor, f"/a/{token}")
    visitor.send(StatusState, "show_panel", "move")
    visitor.send(StatusState, "move_appointment")

    status = visitor.see(StatusState)
    assert (status.refused, status.panel) == ("moved", "move")
    assert status.problem == "Choose a time first."
    assert status.notice == ""


def test_refusal_of_what_is_gone_is_told_at_the_head(product, visitor, token, clock):
    confirm(product, token)
    open_page(visitor, f"/a/{token}")
    visitor.send(StatusState, "show_panel", "cancel")
    clock.advance(timedelta(days=30))

    told(visitor, "cancel_appointment", {"reason": ""})

    status = visitor.see(StatusState)
    assert (status.refused, status.panel) == ("", "")
    assert status.problem == "This appointment is over."


def test_page_says_what_a_form_has_done_before_it(product, visitor, token):
    confirm(product, token)
    status = open_page(visitor, f"/a/{token}?done=confirmed")

    assert status.notice.startswith("Your appointment is confirmed.")


@pytest.mark.parametrize("done", ["cancelled", "late", "nothing", "<b>"])
def test_page_says_nothing_that_is_not_so(visitor, token, done):
    assert open_page(visitor, f"/a/{token}?done={done}").notice == ""


@pytest.mark.parametrize("panel", ["move", "cancel"])
def test_mailed_link_opens_its_question_and_does_nothing(
    product, visitor, token, panel
):
    before = manage.read_visit(product, token).appointment
    status = open_page(visitor, f"/a/{token}?open={panel}")

    assert status.panel == panel
    assert manage.read_visit(product, token).appointment == before
    if panel == "move":
        visitor.send(StatusState, "adopt_browser", "Asia/Tokyo", "en-GB")
        assert "Tokyo" in visitor.see(PickerState).view.zone


def test_mailed_link_opens_no_question_of_what_is_over(product, visitor, token):
    manage.cancel_by_link(product, token)

    assert open_page(visitor, f"/a/{token}?open=cancel").panel == ""


@pytest.mark.parametrize("panel", ["late", "address", "x"])
def test_address_opens_nothing_else(visitor, token, panel):
    assert open_page(visitor, f"/a/{token}?open={panel}").panel == ""


def test_lost_state_of_a_page_comes_back_by_itself(product, visitor, token):
    confirm(product, token)
    open_page(visitor, f"/a/{token}")
    another = Visitor()

    status = open_page(another, f"/a/{token}")

    assert status.visit.phase == "upcoming"
    assert status.visit == visitor.see(StatusState).visit


def test_open_landing_page_loses_its_button_when_booking_is_switched_off(bank, visitor):
    visitor.at("/")
    visitor.send(LandingState, "open_page")
    client = visitor.see(LandingState).router.session.client_token
    assert visitor.see(LandingState).site.is_open

    bank.set(PUBLIC_SCHEDULING, "off")
    asyncio.run(visitor.see(LandingState)._refresh())

    assert not visitor.see(LandingState).site.is_open
    assert live._is_concerned(client, None)
    assert not live._is_concerned(client, {"an appointment"})


@pytest.mark.parametrize(
    ("press", "arguments"),
    [
        ("confirm_appointment", ()),
        ("cancel_appointment", ({"reason": ""},)),
        ("tell_late", ()),
        ("withdraw_late_report", ()),
        ("send_confirmation", ()),
        ("change_address", ({"email": "new@example.com"},)),
        ("show_panel", ("move",)),
    ],
)
def test_server_error_at_a_press_is_a_sentence_with_what_to_do(
    product, visitor, token, press, arguments
):
    open_page(visitor, f"/a/{token}")

    def fail(_caller):
        raise RuntimeError("nobody planned for this")

    bootstrap.use_deps(replace(product, begin=fail))
    with pytest.raises(RuntimeError) as failure:
        visitor.send(StatusState, press, *arguments)

    shown = app.report_failure(failure.value)
    assert shown is not None
    assert shown.handler.fn.__name__ == "show_failure"
    visitor.send(NoticeState, "show_failure", "0a1b2c3d")
    assert "check whether it was done" in visitor.see(NoticeState).sentence
