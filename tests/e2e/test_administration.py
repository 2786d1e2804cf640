"""What administrators decide about what is on offer, in several browsers at once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.bank import CHICAGO, Bank, somebody
from tests.e2e.pages.catalogue import CataloguePage
from tests.e2e.pages.public import LandingPage, SchedulePage

pytestmark = [pytest.mark.browser, pytest.mark.warm]

GRACE, SIMONE = "grace@harbor.example", "simone@harbor.example"
TOPIC = "Mortgage advice"


@pytest.fixture
def at_desk(visitor, signed_in) -> Callable[..., CataloguePage]:
    """Seat an administrator at a browser of their own."""

    def seat(email: str = GRACE) -> CataloguePage:
        return CataloguePage(visitor(**signed_in(email)))

    return seat


def new_title() -> str:
    digits = str.maketrans("0123456789", "ghijklmnop")
    return f"Question {uuid4().hex[:8].translate(digits)}"


def make_answer(desk: CataloguePage, title: str) -> None:
    desk.answers().begin_answer()
    desk.write("Title", title)
    desk.choose("Queue", "Home lending")
    desk.write("Length, minutes", "45")
    desk.press("Save")


def test_a_new_answer_is_on_offer_until_it_is_archived(at_desk, visitor, house):
    desk, title = at_desk(), new_title()
    make_answer(desk, title)
    assert title in desk.told()
    topics = SchedulePage(visitor(), house.url).open().topics()
    assert any(title in topic for topic in topics)

    desk.edit(title)
    desk.press("Archive…")
    assert "You can restore it later" in desk.refusal()
    desk.press("Archive it")

    assert "archived" in desk.told()
    assert title not in desk.titles()
    topics = SchedulePage(visitor(), house.url).open().topics()
    assert not any(title in topic for topic in topics)


def archive(desk: CataloguePage, title: str) -> None:
    desk.answers().edit(title)
    desk.press("Archive…")
    desk.press("Archive it")
    assert "archived" in desk.told()


def test_answers_are_put_in_order(at_desk):
    desk = at_desk().answers()
    first, second, *_ = desk.titles()

    desk.move_up(second)

    expect(desk.lines().first).to_contain_text(second)
    desk.move_up(first)
    expect(desk.lines().first).to_contain_text(first)


def test_what_is_wrong_is_told_beside_its_field(at_desk):
    desk = at_desk()
    desk.answers().begin_answer()
    desk.write("Length, minutes", "1000")
    desk.press("Save")

    expect(desk.error("Title")).to_contain_text("Give it a title.")
    expect(desk.error("Queue")).to_contain_text("Choose the queue")
    expect(desk.error("Length, minutes")).to_contain_text("from 1 to 480")


def test_of_two_administrators_the_second_is_told(at_desk):
    grace, simone, title = at_desk(GRACE), at_desk(SIMONE), new_title()
    make_answer(grace, title)
    for desk in (grace, simone):
        desk.answers().edit(title)

    grace.write("Description", "By Grace")
    grace.press("Save")
    assert "saved" in grace.told()
    simone.write("Description", "By Simone")
    simone.press("Save")

    assert "Grace Lindqvist changed" in simone.refusal()
    simone.press("Reload")
    simone.question().get_by_role("button", name="Discard").click()
    expect(simone.field("Description")).to_have_value("By Grace")
    archive(simone, title)


@pytest.mark.parametrize("leaves", ["All Answers", "Queues and languages", "Cancel"])
def test_what_is_typed_into_an_answer_is_not_left_unasked(at_desk, leaves):
    desk = at_desk().answers()
    desk.edit("Mortgage advice")
    desk.write("Description", "Not saved yet")

    desk.follow(leaves)
    expect(desk.question()).to_contain_text("What you entered is not saved.")
    desk.question().get_by_role("button", name="Keep editing").click()
    expect(desk.field("Description")).to_have_value("Not saved yet")

    desk.follow(leaves)
    desk.question().get_by_role("button", name="Discard").click()
    expect(desk.field("Description")).to_have_count(0)
    desk.answers().edit("Mortgage advice")
    desk.follow(leaves)
    expect(desk.question()).to_be_hidden()
    expect(desk.field("Description")).to_have_count(0)


def test_a_language_in_use_says_what_uses_it(at_desk):
    desk = at_desk().queues()

    desk.press("Remove Polish")

    refusal = desk.refusal()
    assert "Polish is still used by" in refusal
    assert "“Mortgage advice”" in refusal


def test_a_closed_day_shows_its_appointments_first_and_has_no_slots(
    at_desk, bank: Bank
):
    start = bank.open_starts(TOPIC)[-1]
    name, email = somebody()
    bank.confirm(bank.request(TOPIC, start, name=name, email=email))
    desk, why = at_desk().institution(), new_title()

    desk.write("Close a day", start.date().isoformat())
    desk.write("What for", why)
    desk.press("Close the day")
    expect(desk.concerned()).to_contain_text(name)
    assert why not in desk.closed_days()
    assert on(bank, start.date())
    desk.press("Keep them and close")

    assert "closed" in desk.told()
    assert why in desk.closed_days()
    assert not on(bank, start.date())
    desk.open_again(why)
    assert on(bank, start.date())


def on(bank: Bank, day: date) -> list[datetime]:
    return [start for start in bank.open_starts(TOPIC) if start.date() == day]


def test_details_are_read_by_customers_at_once(at_desk, visitor, house):
    desk, tagline = at_desk().institution(), new_title()
    before = desk.field("Tagline").input_value()
    customer = visitor()

    desk.write("Tagline", tagline)
    desk.press("Save")
    assert "saved" in desk.told()
    LandingPage(customer, house.url).open()
    expect(customer.get_by_text(tagline)).to_be_visible()

    desk.write("Tagline", before)
    desk.press("Save")
    expect(desk.field("Tagline")).to_have_value(before)


def test_the_audit_log_tells_of_it_and_leaves_as_a_file(at_desk):
    desk, title = at_desk(), new_title()
    make_answer(desk, title)
    assert "saved" in desk.told()

    desk.audit("?kind=answer")
    assert f"Answer “{title}” created" in desk.entries()
    desk.write("Who", "Nobody at all")
    desk.press("Show")
    expect(desk.nothing()).to_be_visible()

    desk.audit("?kind=answer")
    assert f"Answer “{title}” created" in desk.entries()
    text = desk.download()
    assert text.startswith("Number,Time (UTC),Who")
    assert title in text
    desk.press("Check the seals")
    assert "unchanged" in desk.told()
    today = datetime.now(CHICAGO).date()  # noqa: TID251  (the product's clock)
    desk.audit(f"?from={today + timedelta(days=1)}")
    expect(desk.nothing()).to_be_visible()
    archive(desk, title)
