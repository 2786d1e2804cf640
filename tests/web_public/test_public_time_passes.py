"""What the clock alone changes on an open page of a customer."""

from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.usecases.booking import booking, joining, manage
from invo_booking.usecases.shared import links
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.state import PickerState
from tests.support.bank import at, confirm
from tests.web_public.test_public_flows import Visitor

MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def token(product, bank):
    wanted = bank.request(at(12))
    booked = booking.request_appointment(product, wanted, idempotency_key=str(uuid4()))
    return booked.token


def phases(clock, token):
    """Open the page and look whenever it wants to; return what it said, and when."""
    page = Visitor()
    page.at(f"/a/{token}")
    page.send(StatusState, "open_page")
    status, told = page.see(StatusState), []
    while clock.now < at(13):
        told.append((clock.now, status.visit.phase))
        wait = status.visit.moment.wait * MILLISECOND
        assert wait > 0 * MILLISECOND
        clock.advance(wait)
        page.send(StatusState, "refresh_page")
    return told


def test_confirmed_appointment_opens_begins_is_late_and_ends_by_itself(
    product, clock, token
):
    confirm(product, token)
    began = clock.now

    assert phases(clock, token) == [
        (began, "upcoming"),
        (at(11), "upcoming"),
        (at(11, 50), "joinable"),
        (at(12), "joinable"),
        (at(12, 15), "late"),
        (at(12, 30), "ended"),
    ]


def test_request_that_waits_for_its_mail_expires_by_itself(clock, token):
    began = clock.now

    assert phases(clock, token) == [
        (began, "requested"),
        (began + timedelta(minutes=30), "expired"),
    ]


def test_page_of_a_request_confirmed_elsewhere_follows(product, clock, token):
    page = Visitor()
    page.at(f"/a/{token}")
    page.send(StatusState, "open_page")
    confirm(product, token)
    clock.now = at(12)
    joining.enter_room(
        product, links.token_of(product, manage.read_visit(product, token).appointment)
    )
    page.send(StatusState, "refresh_page")

    status = page.see(StatusState)
    assert status.visit.phase == "in_call"
    assert status.visit.moment.wait == 30 * 60 * 1000


@pytest.mark.usefixtures("product")
def test_scheduler_left_open_over_midnight_knows_the_new_day(bank, clock):
    page = Visitor()
    page.send(PickerState, "adopt_browser", "America/Chicago", "en-GB")
    page.reach_times(bank)
    clock.now = at(24, 1)
    page.send(PickerState, "refresh_day")

    days = [day for week in page.see(PickerState).view.weeks for day in week.days]
    assert [day.number for day in days if "today" in day.after] == ["24"]
