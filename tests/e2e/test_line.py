"""A page without a line to the server says so, and is right once it has one again."""

from collections.abc import Callable
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.bank import somebody
from tests.e2e.pages.line import SOON, Line, OldPage, notice
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.staff import BookingsPage, SignInPage
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser

TOPIC = "Mortgage advice"
CHICAGO, MORNING = ZoneInfo("America/Chicago"), range(10, 13)
"""Hours that are on the screen without scrolling."""

LOST, BACK = "The connection is lost", "The connection is back"


def offline(line: Line, *, is_cut: bool) -> None:
    """Take the network away, or give it back."""
    line.page.context.set_offline(is_cut)


def silent(line: Line, *, is_cut: bool) -> None:
    """Swallow everything on a line that stays open, or no more."""
    line.is_silent = is_cut


CUTS = pytest.mark.parametrize("cut", [offline, silent])


@contextmanager
def without_a_line(line: Line, cut: Callable[..., None], press: Callable[[], None]):
    """Press something on a page whose line is gone; then give the line back."""
    cut(line, is_cut=True)
    press()
    expect(notice(line.page)).to_contain_text(LOST, timeout=SOON)
    yield
    cut(line, is_cut=False)
    expect(notice(line.page)).to_contain_text(BACK, timeout=60_000)


@CUTS
def test_customer_who_presses_a_button_without_a_line_is_told(visitor, bank, cut):
    name, email = somebody()
    token = bank.request(TOPIC, bank.open_starts(TOPIC)[-1], name=name, email=email)
    page: Page = visitor()
    line = Line(page).lay()
    StatusPage(page).open(f"/a/{token}")
    button = page.get_by_role("button", name="Cancel the appointment")

    with without_a_line(line, cut, button.click):
        button.click()
        expect(page.get_by_role("button", name="Yes, cancel it")).to_have_count(0)
        bank.cancel(token)

    StatusPage(page).wait_for_state("Cancelled")
    expect(notice(page)).to_have_count(0, timeout=30_000)


@CUTS
def test_what_was_typed_survives_a_lost_line(house, visitor, cut):
    page: Page = visitor()
    line = Line(page).lay()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.choose_how("English", "Video call")
    schedule.pick_first_slot()
    name, email = somebody()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("E-mail address").fill(email)

    with without_a_line(line, cut, schedule.press_request):
        expect(page.get_by_label("Full name")).to_have_value(name)

    expect(page.get_by_label("Full name")).to_have_value(name)
    assert schedule.request().state() == "Not confirmed yet"


@CUTS
def test_staff_see_what_happened_while_the_line_was_lost(visitor, signed_in, bank, cut):
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    page: Page = visitor(width=1440, **signed_in("tom@harbor.example"))
    line = Line(page).lay()
    bookings = BookingsPage(page)
    bookings.open("team", "day", start.date())

    with without_a_line(
        line, cut, page.get_by_role("button", name="New appointment").first.click
    ):
        bank.request(TOPIC, start, name=name, email=email)

    expect(bookings.event(name)).to_be_visible(timeout=SOON)


@CUTS
def test_drags_and_keys_in_the_calendar_without_a_line_are_refused_for_good(
    visitor, signed_in, bank, cut
):
    name, email = somebody()
    starts = reversed(bank.open_starts(TOPIC))
    start = next(it for it in starts if it.astimezone(CHICAGO).hour in MORNING)
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)
    page: Page = visitor(width=1440, **signed_in("tom@harbor.example"))
    line = Line(page).lay()
    bookings = BookingsPage(page)
    bookings.open("team", "day", start.date())
    before, agreed = bookings.event(name).bounding_box(), bank.look(token)

    with without_a_line(
        line, cut, page.get_by_role("button", name="New appointment").first.click
    ):
        bookings.drag(name, minutes=30)
        assert bookings.event(name).bounding_box() == before
        bookings.event(name).click()
        page.keyboard.press("n")

    expect(bookings.event(name)).to_be_visible()
    assert bookings.event(name).bounding_box() == before
    expect(page.get_by_role("complementary", name=name)).to_have_count(0)
    assert bank.look(token) == agreed
    bank.cancel(token)


@CUTS
def test_switches_and_choices_without_a_line_stay_as_they_were(visitor, signed_in, cut):
    page: Page = visitor(**signed_in("simone@harbor.example"))
    line = Line(page).lay()
    page.goto("/settings/general")
    switch, choice = page.get_by_role("switch").first, page.locator("main select").first
    was, chosen = switch.is_checked(), choice.input_value()

    with without_a_line(line, cut, page.get_by_role("button").first.click):
        switch.click()
        expect(switch).to_be_checked(checked=was)
        choice.select_option(index=1)
        choice.select_option(index=0)
        expect(choice).to_have_value(chosen)

    expect(switch).to_be_checked(checked=was)
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_page_that_gave_a_file_keeps_its_line(visitor, bank):
    name, email = somebody()
    token = bank.request(TOPIC, bank.open_starts(TOPIC)[-1], name=name, email=email)
    bank.confirm(token)
    page: Page = visitor()
    StatusPage(page).open(f"/a/{token}")
    with page.expect_download():
        page.get_by_role("link", name="Add to my calendar").click()

    bank.cancel(token)
    StatusPage(page).wait_for_state("Cancelled")
    expect(notice(page)).to_have_count(0)


def deaf(line: Line, *, is_cut: bool) -> None:
    """Swallow the server's answers, or no more; what is pressed arrives."""
    line.is_deaf = is_cut


def test_line_that_is_cut_for_ten_minutes_comes_back(visitor, bank):
    name, email = somebody()
    token = bank.request(TOPIC, bank.open_starts(TOPIC)[-1], name=name, email=email)
    page: Page = visitor()
    page.clock.install()
    line = Line(page).lay()
    StatusPage(page).open(f"/a/{token}")
    button = page.get_by_role("button", name="Cancel the appointment")

    with without_a_line(line, silent, button.click):
        page.clock.fast_forward("10:00")
        expect(notice(page)).to_contain_text(LOST)
        bank.cancel(token)

    StatusPage(page).wait_for_state("Cancelled")


def test_press_whose_answer_is_lost_was_done_once_and_is_shown(visitor, bank):
    name, email = somebody()
    token = bank.request(TOPIC, bank.open_starts(TOPIC)[-1], name=name, email=email)
    page: Page = visitor()
    line = Line(page).lay()
    status = StatusPage(page).open(f"/a/{token}")
    status.begin_to_cancel()
    button = page.get_by_role("button", name="Yes, cancel it")

    with without_a_line(line, deaf, button.click):
        assert bank.look(token)["status"] == "cancelled"

    status.wait_for_state("Cancelled")


def test_request_whose_answer_is_lost_is_made_once(house, visitor, bank):
    name, email = somebody()
    page: Page = visitor()
    line = Line(page).lay()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.pick_first_slot()
    schedule.leave_contact(name=name, email=email)

    with without_a_line(line, deaf, schedule.press_request):
        assert name in schedule.contact()

    StatusPage(page).wait_for_state("Not confirmed yet")
    assert bank.mails_to(email) == 1


def test_page_of_before_an_upgrade_asks_to_be_loaded_again_and_keeps_what_is_typed(
    visitor, picture
):
    page: Page = visitor()
    old = OldPage(page).lay()
    SignInPage(page).open()
    page.get_by_label("E-mail").fill("half@typed.exam")

    expect(notice(page)).to_contain_text("This site was updated")
    picture(page, "outdated")
    expect(page.get_by_label("E-mail")).to_have_value("half@typed.exam")

    old.is_old = False
    notice(page).get_by_role("button", name="Reload").click()
    expect(page.get_by_label("E-mail")).to_have_value("")
    expect(notice(page)).to_have_count(0)
