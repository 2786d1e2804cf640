"""Customers choose whom they talk to, where the bank lets them."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.bank import CHICAGO, Desk, somebody
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.staff import PASSWORD, BookingsPage
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser

TOPIC, QUEUE = "Business loan", "Business banking"
MANAGER, ADMINISTRATOR = "tom@harbor.example", "grace@harbor.example"


@pytest.fixture(scope="module")
def free_choice(house) -> Iterator[None]:
    """Let customers of one queue choose, and take it back afterwards."""
    with Desk(house.url, ADMINISTRATOR, PASSWORD) as desk:
        desk.assign_by(QUEUE, "chosen")
        yield
        desk.assign_by(QUEUE, "unassigned")


def times(page, house) -> SchedulePage:
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.choose_how("English", "Video call")
    return schedule


def token_of(page) -> str:
    return re.split(r"[/?]", page.url.split("/a/")[1])[0]


def request(schedule: SchedulePage) -> str:
    """Request the first time there is; return who did."""
    name, email = somebody()
    schedule.pick_first_slot()
    schedule.leave_contact(name=name, email=email)
    schedule.request()
    return name


@pytest.mark.usefixtures("free_choice")
def test_customer_meets_the_adviser_who_was_chosen(house, visitor, picture):
    page = visitor()
    schedule = times(page, house)
    names = schedule.advisers()
    chosen = names[-1]

    schedule.choose_adviser(chosen)
    barriers = Inspector(page, house.url).barriers()
    picture(page, "times")
    request(schedule)

    assert names[0] == "Anyone"
    assert len(names) > 2
    assert barriers == []
    assert StatusPage(page).adviser() == chosen


@pytest.mark.usefixtures("free_choice")
def test_staff_read_that_the_customer_chose(house, visitor, signed_in, bank):
    page = visitor()
    schedule = times(page, house)
    schedule.choose_adviser(schedule.advisers()[1])
    name = request(schedule)
    start = datetime.fromisoformat(bank.look(token_of(page))["starts_at"])
    bookings = BookingsPage(visitor(**signed_in(MANAGER)))
    bookings.open("team", "day", start.astimezone(CHICAGO).date())

    drawer = bookings.open_event(name)

    expect(drawer.get_by_text("Chosen by the customer").first).to_be_visible()


def test_nobody_is_asked_where_the_bank_decides(house, visitor):
    page = visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic("Mortgage advice")
    schedule.choose_how("English", "Video call")
    schedule.free_times()

    assert schedule.advisers() == []
