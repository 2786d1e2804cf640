"""A customer's page whose line was cut for ten minutes goes on where it was."""

import re
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.bank import somebody
from tests.e2e.pages.limit import LimitPage
from tests.e2e.pages.line import SOON, Line, notice
from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.public import LandingPage, SchedulePage
from tests.e2e.pages.regular import full_day
from tests.e2e.test_limit import pick_one_more
from tests.e2e.test_steps import fill_up

pytestmark = pytest.mark.browser

TOPIC = "Mortgage advice"
LOST, BACK = "The connection is lost", "The connection is back"


@pytest.fixture
def line(visitor) -> Line:
    """A browser whose clock can be put forward, and its line."""
    page: Page = visitor()
    page.clock.install()
    return Line(page).lay()


@contextmanager
def ten_minutes_without(line: Line, press: Callable[[], None]):
    """Press something when the line is cut; give it back ten minutes later."""
    line.is_silent = True
    press()
    expect(notice(line.page)).to_contain_text(LOST, timeout=SOON)
    line.page.clock.fast_forward("10:00")
    yield
    line.is_silent = False
    expect(notice(line.page)).to_contain_text(BACK, timeout=60_000)


def test_landing_page_keeps_the_address_that_was_typed(house, line):
    landing, email = LandingPage(line.page, house.url).open(), somebody()[1]
    send = line.page.get_by_role("button", name="Send me the links")

    with ten_minutes_without(line, lambda: landing.ask_for_links(email)):
        expect(send).to_be_visible()

    expect(line.page.get_by_label("Your e-mail address")).to_have_value(email)
    send.click()
    assert email in landing.answer()


def test_choice_of_a_branch_keeps_what_was_searched(house, line):
    schedule = SchedulePage(line.page, house.url).open()
    schedule.choose_topic("Open an account")
    schedule.choose_how("English", "Visit to a branch")
    schedule.find_branch("80202")
    card = line.page.locator(".topic").filter(has_text="Union Station")

    with ten_minutes_without(line, card.click):
        expect(card).to_be_visible()

    expect(line.page.locator(".topic")).to_have_count(1)
    expect(line.page.get_by_label("Find a branch")).to_have_value("80202")
    schedule.choose_branch("Union Station")


def test_times_stay_on_their_day_and_are_current(house, line, bank):
    schedule = SchedulePage(line.page, house.url).open(f"?answer={bank.topic(TOPIC)}")
    schedule.free_times()
    line.page.locator("button.day").nth(1).click()
    heading = line.page.locator("#times")
    expect(line.page.locator("button.day").nth(1)).to_have_attribute(
        "aria-pressed", "true"
    )
    day, label = heading.inner_text(), schedule.free_times()[0]
    start = bank.open_starts(TOPIC)
    shown = int(re.findall(r"\d+", day)[0])
    taken = next(it for it in start if it.day == shown)

    with ten_minutes_without(line, line.page.locator("button.day").first.click):
        fill_up(bank, taken)

    expect(heading).to_have_text(day)
    gone = line.page.locator(".times .slot").filter(has_text=re.compile(rf"^{label}$"))
    expect(gone).to_have_count(0)


def test_choice_at_the_limit_stays_and_nothing_was_cancelled(
    house, visitor, bank, line
):
    who = full_day(bank)
    pick_one_more(visitor, house, who)
    mailbox = MailboxPage(line.page, house.url)
    mailbox.open_mail(who.email, "one more step")
    (link,) = {link for link in mailbox.links() if link.endswith("/limit")}
    limit = LimitPage(line.page).open(link)
    limit.choose(1)
    swap = line.page.get_by_role("button", name="Cancel it and continue")

    with ten_minutes_without(line, swap.click):
        states = [bank.look(token)["status"] for token in who.tokens]

    assert set(states) == {"confirmed"}
    expect(line.page.get_by_role("radio").nth(1)).to_be_checked()
    assert limit.swap().state() == "Confirmed"
