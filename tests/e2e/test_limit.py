"""A customer with as many appointments as allowed makes room for one more."""

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.limit import LimitPage
from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.regular import AS_MANY_AS_ALLOWED, TOPIC, Regular, full_day
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser


def pick_one_more(visitor, house, who: Regular) -> StatusPage:
    """Ask for one more time on the day that is full."""
    page = visitor()
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.choose_how("English", "Video call")
    schedule.pick(who.free)
    schedule.leave_contact(name=who.name, email=who.email)
    return schedule.request()


def test_one_is_cancelled_for_another_by_the_link_of_the_mail_alone(
    house, visitor, bank, picture
):
    who = full_day(bank)
    status = pick_one_more(visitor, house, who)
    told = status.todo()
    page = visitor()
    mailbox = MailboxPage(page, house.url)
    mailbox.open_mail(who.email, "one more step")
    (link,) = {link for link in mailbox.links() if link.endswith("/limit")}

    limit = LimitPage(page).open(link)
    picture(page, "choice")
    options, consequence = limit.options(), limit.choose(1)
    confirmed = limit.swap()

    assert "open our mail" in told
    assert not status.can_confirm()
    assert len(options) == AS_MANY_AS_ALLOWED
    assert "We cancel this appointment: Mortgage advice" in consequence
    assert confirmed.state() == "Confirmed"
    states = [bank.look(token)["status"] for token in who.tokens]
    assert states == ["confirmed", "cancelled", "confirmed"]


def test_opening_the_link_cancels_nothing_and_keeping_all_always_works(
    house, visitor, bank
):
    who = full_day(bank)
    pick_one_more(visitor, house, who)
    page = visitor()
    mailbox = MailboxPage(page, house.url)
    mailbox.open_mail(who.email, "one more step")
    (link,) = {link for link in mailbox.links() if link.endswith("/limit")}
    limit = LimitPage(page).open(link)
    before = [bank.look(token)["status"] for token in who.tokens]

    told = limit.keep()
    page.reload()

    assert before == ["confirmed"] * AS_MANY_AS_ALLOWED
    assert "stay" in told
    assert [bank.look(token)["status"] for token in who.tokens] == before
    expect(page.get_by_role("heading", name="You keep what you had")).to_be_visible()
