"""The page of an appointment answers without scripts, without a line, and aloud."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.pages.bank import somebody
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.line import SOON, Line, notice
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser

TOPIC = "Mortgage advice"
SERVED = "#served"
PHONE = 390


@pytest.fixture
def requested(bank) -> Callable[[], str]:
    """Ask for an appointment of somebody new; return the secret of its page."""

    def ask() -> str:
        name, email = somebody()
        return bank.request(TOPIC, bank.open_starts(TOPIC)[-1], name=name, email=email)

    return ask


@pytest.fixture
def confirmed(bank, requested) -> Callable[[], str]:
    """Make an appointment of somebody new; return the secret of its page."""

    def make() -> str:
        token = requested()
        bank.confirm(token)
        return token

    return make


@pytest.fixture
def plain(visitor) -> Callable[..., Page]:
    """Open a browser that runs no scripts."""

    def open_browser(**more) -> Page:
        return visitor(java_script_enabled=False, **more)

    return open_browser


def block_line(page: Page) -> None:
    """Close every websocket of a page, as some networks do."""

    def close(socket: WebSocketRoute) -> None:
        socket.close()

    page.route_web_socket("**/_event/**", close)


def served(page: Page):
    return page.locator(SERVED)


def test_without_scripts_an_appointment_is_cancelled(plain, confirmed, picture):
    page = plain(width=PHONE)
    page.goto(f"/a/{confirmed()}")
    expect(page).to_have_title("Your appointment - Harbor Federal Credit Union")
    expect(page.get_by_role("heading", name=TOPIC)).to_be_visible()
    expect(page.get_by_text("You can join from")).to_be_visible()
    expect(page.get_by_text("Would you like another time? Call")).to_be_visible()

    page.locator("summary", has_text="Cancel the appointment").click()
    page.get_by_label("Would you tell us why").fill("No time")
    page.get_by_role("button", name="Yes, cancel it").click()

    told = page.get_by_role("status").filter(has_text="Your appointment is cancelled.")
    expect(told).to_be_in_viewport()
    expect(page.get_by_role("link", name="Book again")).to_be_visible()
    picture(page, "cancelled")


def test_without_scripts_a_request_is_confirmed_by_its_mail(plain, bank, requested):
    token = requested()
    secret = bank.secret_that_confirms(token)
    page = plain()
    page.goto(f"/a/{secret}")

    page.get_by_role("button", name="Confirm the appointment").click()

    told = page.get_by_role("status").filter(has_text="Your appointment is confirmed.")
    expect(told).to_be_in_viewport()
    expect(page.locator(".badge")).to_have_text("Confirmed")


def test_without_scripts_a_mistyped_address_is_put_right(plain, requested):
    page = plain()
    page.goto(f"/a/{requested()}")
    page.locator("summary", has_text="Wrong address?").click()
    field = page.get_by_label("E-mail address")
    field.evaluate("it => it.form.noValidate = true")
    field.fill("nobody")
    page.get_by_role("button", name="Send to this address").click()
    refusal = page.locator("details[open] [role=alert]")
    expect(refusal).to_contain_text("Please enter an e-mail address")

    page.get_by_label("E-mail address").fill(somebody()[1])
    page.get_by_role("button", name="Send to this address").click()

    told = page.get_by_role("status").filter(has_text="We have sent a mail to")
    expect(told).to_be_visible()


def test_without_a_line_the_page_is_read_and_its_forms_work(
    visitor, bank, requested, picture
):
    secret = bank.secret_that_confirms(requested())
    page = visitor(width=PHONE)
    block_line(page)
    page.goto(f"/a/{secret}")
    expect(notice(page)).to_contain_text("Its buttons work", timeout=SOON)
    picture(page, "without-a-line")

    page.get_by_role("button", name="Confirm the appointment").click()

    told = page.get_by_role("status").filter(has_text="Your appointment is confirmed.")
    expect(told).to_be_visible()
    expect(served(page)).to_have_count(1)


def test_page_without_a_line_shuts_nobody_out(visitor, house, requested):
    page = visitor(width=320)
    inspector = Inspector(page, house.url)
    block_line(page)
    page.goto(f"/a/{requested()}")
    expect(notice(page)).to_be_visible(timeout=SOON)

    assert inspector.barriers() == []
    assert inspector.overhang() == 0


def test_live_page_takes_the_place_of_the_served_one(visitor, confirmed):
    page = visitor()
    StatusPage(page).open(f"/a/{confirmed()}")

    expect(served(page)).to_have_count(0)
    expect(page.get_by_role("timer")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_what_somebody_types_is_not_taken_away_by_the_live_page(visitor, confirmed):
    page = visitor()
    line = Line(page)
    line.is_silent = True
    line.lay()
    page.goto(f"/a/{confirmed()}")
    page.locator("summary", has_text="Cancel the appointment").click()
    page.get_by_label("Would you tell us why").fill("I am moving away")
    line.is_silent = False

    expect(page.locator("#h")).to_be_attached(timeout=60_000)
    expect(page.get_by_label("Would you tell us why")).to_have_value("I am moving away")
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.locator(".badge").first).to_have_text("Cancelled")


@pytest.mark.parametrize(
    ("press", "sentence"),
    [
        (lambda page: StatusPage(page).cancel(), "Your appointment is cancelled."),
        (lambda page: StatusPage(page).move_to_soonest(), "Your appointment is now on"),
    ],
)
def test_what_was_done_is_told_on_a_phone_with_the_focus(
    visitor, confirmed, press, sentence, picture
):
    page = visitor(width=PHONE)
    StatusPage(page).open(f"/a/{confirmed()}")

    press(page)

    told = page.get_by_role("status").filter(has_text=sentence)
    expect(told).to_be_in_viewport()
    expect(told).to_be_focused()
    picture(page, "told")


def test_live_page_tells_what_a_form_has_done(visitor, confirmed):
    page = visitor()
    StatusPage(page).open(f"/a/{confirmed()}?done=confirmed")

    told = page.get_by_role("status").filter(has_text="Your appointment is confirmed.")
    expect(told).to_be_focused()


def test_mailed_link_opens_the_question(visitor, confirmed):
    page = visitor()
    token = confirmed()
    StatusPage(page).open(f"/a/{token}?open=cancel")
    expect(page.get_by_role("button", name="Yes, cancel it")).to_be_visible()

    StatusPage(page).open(f"/a/{token}?open=move")
    expect(page.get_by_role("button", name="Move the appointment")).to_be_visible()


@pytest.mark.parametrize("address", ["/a/nothing-that-exists", "/no/such/page"])
@pytest.mark.parametrize("scripts", [True, False])
def test_unknown_address_is_answered_in_the_dress_of_the_bank(
    visitor, address, scripts
):
    page = visitor(java_script_enabled=scripts)
    answer = page.goto(address)

    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".foot a:visible")).to_have_attribute("href", "tel:3125550142")


def test_scheduler_without_scripts_says_whom_to_call(plain):
    page = plain()
    page.goto("/schedule")

    parts = re.findall("<noscript>(.+?)</noscript>", page.content())
    (sentence,) = (it for it in parts if "Booking online needs JavaScript" in it)
    assert 'href="tel:3125550142"' in sentence
    expect(page).to_have_title("Schedule a call - Harbor Federal Credit Union")


def test_line_that_is_cut_for_twenty_seconds_comes_back(visitor, confirmed, bank):
    token = confirmed()
    page = visitor()
    line = Line(page).lay()
    status = StatusPage(page).open(f"/a/{token}")
    line.is_silent = True
    page.get_by_role("button", name="Cancel the appointment").click()
    expect(notice(page)).to_contain_text("The connection is lost", timeout=SOON)
    bank.cancel(token)
    line.is_silent = False

    expect(notice(page)).to_contain_text("The connection is back", timeout=60_000)
    status.wait_for_state("Cancelled")
