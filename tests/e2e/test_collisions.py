"""Customers who want the same time, press twice, or only have a keyboard."""

import re
from datetime import datetime

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.bank import CHICAGO, Bank, somebody
from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.staff import BookingsPage
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser

TOPIC = "Mortgage advice"
MANAGER = "tom@harbor.example"
AT_ONCE = 30_000  # milliseconds, on a busy machine


def fill_in(
    page: Page, url: str, start: datetime, name: str, email: str
) -> SchedulePage:
    """Go as far as the last button, with a time picked."""
    schedule = SchedulePage(page, url).open()
    schedule.choose_topic(TOPIC)
    schedule.choose_how("English", "Video call")
    schedule.pick(start)
    schedule.leave_contact(name=name, email=email, notes="A first home.")
    return schedule


def token_of(page: Page) -> str:
    return re.split(r"[/?]", page.url.split("/a/")[1])[0]


def fill_up(bank: Bank, start: datetime) -> None:
    """Take every place that is left at a time, each for somebody else."""
    while start in bank.open_starts(TOPIC):
        name, email = somebody()
        bank.ask(TOPIC, start, name=name, email=email)


def test_slower_customer_is_offered_the_nearest_times_and_keeps_what_was_typed(
    house, visitor, bank, picture
):
    name, email = somebody()
    page = visitor()
    start = bank.calm_start(TOPIC)
    schedule = fill_in(page, house.url, start, name, email)

    fill_up(bank, start)
    refusal = schedule.request_in_vain()
    picture(page, "lost")
    offered = schedule.offered()
    schedule.take_nearest()
    kept = schedule.contact()
    status = schedule.request()

    assert "taken" in refusal
    assert len(offered) == 3
    assert all(words in kept for words in (name, email, "A first home."))
    assert status.state() == "Not confirmed yet"
    booked = bank.look(token_of(page))
    began = datetime.fromisoformat(booked["starts_at"]).astimezone(CHICAGO)
    assert began != start
    assert f"{began:%-I:%M}" in " ".join(offered)


def test_two_customers_who_press_at_the_same_time_do_not_both_get_the_last_place(
    house, visitor, bank
):
    start = bank.calm_start(TOPIC)
    first = fill_in(visitor(), house.url, start, *somebody())
    page = visitor()
    second = fill_in(page, house.url, start, *somebody())
    leave_one_place(bank, start)

    first.request()
    refusal = second.request_in_vain()

    assert "taken" in refusal
    assert len(second.offered()) == 3


def leave_one_place(bank: Bank, start: datetime) -> None:
    """Fill a time up and give the last place back."""
    tokens: list[str] = []
    while start in bank.open_starts(TOPIC):
        name, email = somebody()
        tokens.append(bank.request(TOPIC, start, name=name, email=email))
    bank.cancel(tokens[-1])


def test_pressing_request_twice_makes_one_appointment(house, visitor, bank, desk):
    name, email = somebody()
    page = visitor()

    start = bank.calm_start(TOPIC)
    status = fill_in(page, house.url, start, name, email).request_twice()

    assert status.state() == "Not confirmed yet"
    booked = bank.look(token_of(page))
    began = datetime.fromisoformat(booked["starts_at"]).astimezone(CHICAGO)
    assert desk.customers(began.date()).count(name) == 1


def test_opening_every_link_of_a_mail_changes_nothing(house, visitor, bank):
    name, email = somebody()
    token = bank.request(TOPIC, bank.open_starts(TOPIC)[-1], name=name, email=email)
    page = visitor()
    mailbox = MailboxPage(page, house.url)
    mailbox.open_mail(email, "confirm")
    links = [link for link in mailbox.links() if link.startswith(house.url)]
    before = bank.look(token)

    for link in links:
        for method in ("HEAD", "GET"):
            httpx.request(method, link, follow_redirects=True)
        StatusPage(page).open(link)

    assert links
    assert not any(token in link for link in links), "the requester has that one"
    assert bank.look(token) == before
    assert before["status"] == "requested"


def test_what_a_customer_cancels_goes_from_the_calendar_of_staff_without_reloading(
    house, visitor, bank, signed_in
):
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)
    staff, customer = visitor(**signed_in(MANAGER)), visitor()
    bookings = BookingsPage(staff)
    bookings.open("team", "day", start.date())
    expect(bookings.event(name)).to_be_visible()
    status = StatusPage(customer).open(f"{house.url}/a/{token}")

    status.cancel("I found the answer on your pages.")

    expect(bookings.event(name)).to_have_count(0, timeout=AT_ONCE)
    assert bank.look(token)["status"] == "cancelled"


def test_customer_without_a_mouse_books(house, visitor):
    page = visitor()
    name, email = somebody()
    schedule = SchedulePage(page, house.url).open()
    schedule.topics()

    schedule.follow(TOPIC)
    schedule.reach("Next available")
    schedule.type_into("Full name", name)
    schedule.type_into("E-mail address", email)
    schedule.reach("Request appointment")

    page.wait_for_url(re.compile("/a/"))
    assert StatusPage(page).drawn().state() == "Not confirmed yet"
