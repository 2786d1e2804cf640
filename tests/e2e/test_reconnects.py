"""What is typed and open on a page survives a new socket, and is up to date."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.bank import somebody
from tests.e2e.pages.catalogue import CataloguePage
from tests.e2e.pages.line import SOON, Line
from tests.e2e.pages.people import PeoplePage
from tests.e2e.pages.settings import SettingsPage
from tests.e2e.pages.staff import BookingsPage
from tests.e2e.test_line import CUTS, TOPIC, offline, without_a_line

pytestmark = pytest.mark.browser

SIMONE, TOM = "simone@harbor.example", "tom@harbor.example"


@pytest.fixture
def laid(visitor, signed_in):
    """Return a page of somebody, with a line that can be cut."""

    def lay(email) -> tuple[Page, Line]:
        page: Page = visitor(width=1440, **signed_in(email))
        return page, Line(page).lay()

    return lay


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


@CUTS
def test_typed_form_and_unsaved_settings_of_administrators_stay(laid, cut):
    page, line = laid(SIMONE)
    form = CataloguePage(page).answers()
    form.edit(TOPIC)
    form.write("Title", "Mortgages and more")

    with without_a_line(line, cut, button(page, "Save").click):
        pass
    expect(form.field("Title")).to_have_value("Mortgages and more")

    form.follow("Answers")
    button(form.question(), "Discard").click()
    settings = SettingsPage(page).open("time")
    settings.type("Max waiting time", "25")
    expect(settings.counted()).to_contain_text("1 change")
    with without_a_line(line, cut, button(page, "Save").first.click):
        pass

    expect(settings.counted()).to_contain_text("1 change")
    assert settings.value("Max waiting time") == "25"


@CUTS
def test_form_in_the_drawer_stays_and_says_what_happened_meanwhile(laid, bank, cut):
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)
    page, line = laid(TOM)
    bookings = BookingsPage(page)
    bookings.open("team", "day", start.date())
    drawer = bookings.open_event(name)
    button(drawer, "Edit").click()
    notes = drawer.get_by_label("Notes")
    notes.fill("Calls back at noon")

    with without_a_line(line, cut, button(drawer, "Save").click):
        bank.cancel(token)

    expect(drawer).to_contain_text("cancelled it", timeout=SOON)
    expect(notes).to_have_value("Calls back at noon")


def test_open_drawer_is_brought_up_to_date_and_follows_changes_again(laid, bank):
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    token = bank.request(TOPIC, start, name=name, email=email)
    page, line = laid(TOM)
    bookings = BookingsPage(page)
    bookings.open("team", "day", start.date())
    drawer = bookings.open_event(name)

    with without_a_line(line, offline, button(drawer, "Edit").click):
        bank.confirm(token)
    expect(drawer).to_contain_text("Confirmed by the customer", timeout=SOON)

    bank.cancel(token)
    expect(drawer).to_contain_text("Cancelled", timeout=SOON)


def test_sending_a_link_asks_before_a_typed_address_is_lost(laid):
    page, _ = laid(SIMONE)
    person = PeoplePage(page).open().choose("Kevin Stroud")
    email = page.get_by_label("E-mail", exact=True)
    email.fill("kevin.stroud@harbor.example")

    button(page, "Send a link to set a password").click()
    expect(person.question()).to_be_visible()
    person.answer("Keep editing")

    expect(email).to_have_value("kevin.stroud@harbor.example")


def test_another_list_of_holidays_asks_before_ticks_are_lost(laid):
    page, _ = laid(SIMONE)
    desk = CataloguePage(page).institution()
    holidays = page.get_by_role("region", name="Public holidays")
    box, year = holidays.get_by_role("checkbox").last, desk.field("Year")
    years = year.locator("option").all_inner_texts()
    year.select_option(years[1])
    expect(year).to_have_value(years[1])
    holidays.get_by_label("Country").select_option(label="Canada")
    box.check()

    year.focus()
    year.select_option(years[2])
    button(desk.question(), "Keep editing").click()
    expect(year).to_have_value(years[1])
    expect(box).to_be_checked()

    year.select_option(years[2])
    button(desk.question(), "Discard").click()
    expect(year).to_have_value(years[2])
    expect(holidays.get_by_role("checkbox", checked=True)).to_have_count(0)
