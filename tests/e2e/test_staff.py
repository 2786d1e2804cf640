"""What managers and agents do all day, in the browser."""

import re
from dataclasses import dataclass
from datetime import datetime

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.bank import Bank, Desk, somebody
from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.staff import BookingsPage, DashboardPage, SignInPage

pytestmark = [pytest.mark.browser, pytest.mark.warm]

TOPIC = "Mortgage advice"
MANAGER, AGENT = "tom@harbor.example", "dana@harbor.example"
AGENT_NAME = "Dana Whitfield"


@dataclass(frozen=True)
class Booked:
    """An appointment of somebody new."""

    name: str
    token: str
    id: str
    start: datetime


def try_to_book(bank: Bank, start: datetime) -> Booked | None:
    name, email = somebody()
    answer = bank.ask(TOPIC, start, name=name, email=email)
    if answer.status_code != httpx.codes.CREATED:
        return None
    return Booked(name, answer.json()["token"], answer.json()["id"], start)


def book_for(bank: Bank, desk: Desk, agent: str = "") -> Booked:
    """Request the first appointment an agent, or anybody, is free for."""
    for start in bank.open_starts(TOPIC):
        if booked := try_to_book(bank, start):
            free = desk.agents(booked.id)
            if agent in free or (free and not agent):
                return booked
            bank.cancel(booked.token)
    raise AssertionError("no such time in three weeks")


def give_away(desk: Desk, booked: Booked | None) -> str:
    """Assign an appointment to whoever can have it; return who, if anybody."""
    free = desk.agents(booked.id) if booked else {}
    taker = (name for name, agent in free.items() if desk.assign(booked.id, agent))
    return next(taker, "")


def book_two(bank: Bank, desk: Desk) -> tuple[Booked, str, Booked, str]:
    """Book one time twice, and return each with the agent it was given to."""
    for start in reversed(bank.open_starts(TOPIC)):
        first = try_to_book(bank, start)
        owner = give_away(desk, first)
        second = try_to_book(bank, start) if owner else None
        other = give_away(desk, second)
        if first and second and other:
            return first, owner, second, other
        for booked in filter(None, (first, second)):
            bank.cancel(booked.token)
    raise AssertionError("no such time in three weeks")


def test_manager_gives_an_unassigned_appointment_to_a_colleague(
    visitor, bank, desk, signed_in, picture
):
    booked = book_for(bank, desk)
    agent = next(iter(desk.agents(booked.id)))
    page = visitor(**signed_in(MANAGER))
    bookings = BookingsPage(page)
    bookings.open("team", "day", booked.start.date())

    bookings.assign(booked.name, agent)

    expect(bookings.event(booked.name)).to_have_accessible_name(re.compile(agent))
    assert bank.look(booked.token)["agent"] == agent
    picture(page, "assigned")


def test_agent_takes_an_appointment_from_the_dashboard(
    visitor, bank, desk, signed_in, picture
):
    booked = book_for(bank, desk, AGENT_NAME)
    page = visitor(**signed_in(AGENT))
    dashboard = DashboardPage(page).open()

    dashboard.take(booked.name)

    assert booked.name in dashboard.taken()
    expect(dashboard.waiting(booked.name)).to_have_count(0)
    assert bank.look(booked.token)["agent"] == AGENT_NAME
    picture(page, "taken")


def test_drag_onto_a_busy_colleague_glides_back_and_says_why(
    visitor, bank, desk, signed_in, picture
):
    dragged, owner, other, busy = book_two(bank, desk)
    page = visitor(width=5000, **signed_in(MANAGER))
    bookings = BookingsPage(page)
    bookings.open("team", "day", dragged.start.date())
    event = bookings.event(dragged.name)
    expect(event).to_have_accessible_name(re.compile(owner))
    before = event.get_attribute("aria-label") or ""

    why = bookings.drag_onto(dragged.name, other.name)
    picture(page, "refused")

    assert why.startswith(busy)
    assert "appointment" in why
    expect(event).to_have_accessible_name(before)
    assert bank.look(dragged.token)["agent"] == owner


def test_appointment_made_by_staff_is_on_the_calendar_and_the_customer_is_invited(
    house, visitor, bank, signed_in
):
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    page = visitor(**signed_in(MANAGER))
    bookings = BookingsPage(page)
    bookings.open("team", "day", start.date())
    bookings.begin_appointment()
    bookings.make_appointment(TOPIC, start, name=name, email=email)

    bookings.drawer(name)
    bookings.open("team", "day", start.date())
    expect(bookings.event(name)).to_be_visible()
    mailbox = MailboxPage(visitor(), house.url)
    mailbox.open_mail(email, TOPIC)
    invited = mailbox.invitation()
    assert invited["METHOD"] == "REQUEST"
    assert begins(invited["DTSTART"]) == start


def begins(stamp: str) -> datetime:
    return datetime.strptime(f"{stamp}+0000", "%Y%m%dT%H%M%SZ%z")


def test_customer_reads_in_the_mail_why_staff_cancelled(
    house, visitor, bank, signed_in
):
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)
    page = visitor(**signed_in(MANAGER))
    bookings = BookingsPage(page)
    bookings.open("team", "day", start.date())

    bookings.cancel(name, "The branch has no power today.")

    expect(bookings.event(name)).to_have_count(0)
    mailbox = MailboxPage(visitor(), house.url)
    mailbox.open_mail(email, "cancelled")
    assert "The branch has no power today." in mailbox.text()
    assert mailbox.invitation()["METHOD"] == "CANCEL"
    assert bank.look(token)["status"] == "cancelled"


def test_agent_sees_no_button_for_what_only_managers_may(
    visitor, bank, desk, signed_in, picture
):
    booked = book_for(bank, desk, AGENT_NAME)
    day = booked.start.date()
    assert desk.assign(booked.id, desk.agents(booked.id)[AGENT_NAME])
    page, managers = visitor(**signed_in(AGENT)), visitor(**signed_in(MANAGER))
    bookings, theirs = BookingsPage(page), BookingsPage(managers)
    bookings.open("me", "day", day)
    theirs.open("team", "day", day)

    agents_see = bookings.buttons(bookings.open_event(booked.name))
    managers_see = theirs.buttons(theirs.open_event(booked.name))
    picture(page, "agent")

    assert agents_see == ["Close", "Send confirmation again"]
    assert {"Edit", "Cancel…", "Un-assign"} <= set(managers_see)


def test_signing_out_ends_it_for_the_back_button_too(visitor):
    page = visitor()
    SignInPage(page).enter(AGENT)
    dashboard = DashboardPage(page)
    dashboard.open()

    dashboard.sign_out()
    page.go_back()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/bookings")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_address_opens_the_same_view_in_another_window(visitor, bank, signed_in):
    start = bank.open_starts(TOPIC)[-1]
    first, second = (visitor(**signed_in(MANAGER)) for _ in range(2))
    bookings = BookingsPage(first)
    bookings.open("team", "day", start.date())
    bookings.choose("Queues")
    bookings.choose("Week")
    bookings.keep_only("Spanish")

    second.goto(first.url)

    expect(second.get_by_role("heading", level=1)).to_have_text(bookings.heading())
    assert BookingsPage(second).chosen() == bookings.chosen()
    assert BookingsPage(second).chosen()[:2] == ["Queues", "Week"]
    assert second.get_by_role("link", name="Remove filter").count() == 1
