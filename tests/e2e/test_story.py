"""The whole story on real parts: a customer and an agent, each in a browser."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.public import LandingPage
from tests.e2e.pages.staff import BookingsPage, SignInPage
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser

AT_ONCE = 30_000
"""Milliseconds, on a busy machine; a page that is told of nothing never shows it."""

CHICAGO = ZoneInfo("America/Chicago")
TOPIC = "Mortgage advice"
HALF_HOUR = timedelta(minutes=30)


def book(house, page: Page, start: datetime, name: str, email: str) -> StatusPage:
    schedule = LandingPage(page, house.url).open().schedule()
    schedule.choose_topic(TOPIC)
    schedule.choose_how("English", "Video call")
    schedule.pick(start)
    schedule.leave_contact(name=name, email=email)
    return schedule.request()


def token_of(page: Page) -> str:
    return re.split(r"[/?]", page.url.split("/a/")[1])[0]


def starts_at(house, token: str) -> datetime:
    answer = httpx.get(f"{house.url}/api/v1/appointments/{token}").json()
    return datetime.fromisoformat(answer["starts_at"]).astimezone(CHICAGO)


def a_word() -> str:
    """A surname nobody else has."""
    digits = str.maketrans("0123456789", "ghijklmnop")
    return uuid4().hex[:10].translate(digits).title()


def topic(house) -> str:
    answers = httpx.get(f"{house.url}/api/v1/answers").json()["answers"]
    return next(answer["id"] for answer in answers if answer["title"] == TOPIC)


def open_starts(house) -> list[datetime]:
    now = datetime.now(UTC)  # noqa: TID251  (the product runs on the real clock)
    window = {"from": f"{now:%Y-%m-%d}", "to": f"{now + timedelta(days=14):%Y-%m-%d}"}
    answer = httpx.get(
        f"{house.url}/api/v1/slots",
        params={"answer": topic(house), "language": "en", **window},
    )
    starts = (slot["start"] for slot in answer.json()["slots"])
    return [datetime.fromisoformat(start).astimezone(CHICAGO) for start in starts]


def calm_start(house) -> datetime:
    """Return an open start of a later day that has another one after it."""
    starts = open_starts(house)
    return next(
        start
        for start in starts
        if start.date() > starts[0].date()
        and any(
            other.date() == start.date() and other - start >= HALF_HOUR
            for other in starts
        )
    )


def later_open(house, begins: datetime) -> datetime:
    """Return the next open start of the same day that does not touch the first."""
    return next(start for start in open_starts(house) if start - begins >= HALF_HOUR)


def try_to_book(house, begins: datetime) -> httpx.Response:
    """Ask for a start over the API, as another digital channel would."""
    return httpx.post(
        f"{house.url}/api/v1/appointments",
        headers={"Idempotency-Key": str(uuid4())},
        json={
            "answer": topic(house),
            "language": "en",
            "channel": "video",
            "starts_at": begins.isoformat(),
            "name": "Second Customer",
            "email": f"{a_word()}@example.com",
            "time_zone": "America/Chicago",
        },
    )


def fill_up(house, begins: datetime) -> httpx.Response:
    """Book one start until it is refused; return the refusal."""
    for _ in range(20):
        answer = try_to_book(house, begins)
        if answer.status_code != httpx.codes.CREATED:
            return answer
    raise AssertionError("a slot without an end")


def test_customer_books_and_an_agent_moves_the_appointment(house, visitor, picture):
    name, email = f"Bea {a_word()}", f"{a_word()}@example.com"
    customer, manager = visitor(), visitor(width=1440)
    phone = visitor(width=390)
    mailbox = MailboxPage(phone, house.url)

    # An agent's browser is open on the day the customer is about to book.
    SignInPage(manager).enter("tom@harbor.example")
    manager.wait_for_url(re.compile("dashboard"))
    bookings = BookingsPage(manager)
    start = calm_start(house)
    bookings.open("team", "day", start.date())
    expect(bookings.event(name)).to_have_count(0)

    # It shows there without reloading, as something nobody has taken yet.
    status = book(house, customer, start, name, email)
    expect(bookings.event(name)).to_be_visible(timeout=AT_ONCE)
    expect(bookings.event(name)).to_have_accessible_name(re.compile("Unassigned"))
    token = token_of(customer)
    begins = starts_at(house, token)

    # The page waits. Mistyped at first, the address is corrected on it.
    assert not status.can_confirm()
    picture(customer, "waiting")
    first, email = email, f"{a_word()}@example.com"
    mailbox.open_mail(first, "confirm")
    (stale,) = {link for link in mailbox.links() if "/a/" in link}
    assert "no longer works" in status.correct_address(email)
    assert StatusPage(visitor()).open(stale).heading().startswith("We cannot find")

    # The button in the mail leads to the button that confirms, on whatever device.
    mailbox.open_mail(email, "confirm")
    mailbox.press("Confirm the appointment")
    StatusPage(phone).drawn().confirm()
    expect(customer.locator(".badge")).to_have_text("Confirmed", timeout=AT_ONCE)
    before = status.countdown()
    expect(customer.get_by_role("timer")).not_to_have_text(before, timeout=AT_ONCE)
    picture(customer, "countdown")
    mailbox.open_mail(email, "confirmed")
    invited = mailbox.invitation()

    # Another customer cannot have the last place of that time.
    refused = fill_up(house, begins)
    assert refused.status_code == httpx.codes.CONFLICT
    assert refused.json()["code"] == "slot_taken"
    assert len(refused.json()["nearest"]) == 3

    # Dragged to another time, the customer is told under the same UID.
    target = later_open(house, begins)
    assert target.date() == begins.date()
    bookings.drag(name, minutes=int((target - begins) / timedelta(minutes=1)))
    mailbox.open_mail(email, "moved|changed|new time")
    changed = mailbox.invitation()
    assert changed["UID"] == invited["UID"]
    assert int(changed["SEQUENCE"]) > int(invited["SEQUENCE"])
    assert changed["DTSTART"] != invited["DTSTART"]
    picture(manager, "dragged")

    # The time it left is offered again.
    assert starts_at(house, token) == target
    assert try_to_book(house, begins).status_code == httpx.codes.CREATED
