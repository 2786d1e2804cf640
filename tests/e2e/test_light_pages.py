"""What customers read and press is in the page before any script, and without one."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

HARBOR = "Harbor Federal Credit Union"


def test_landing_page_names_bank_link_and_telephone_without_scripts(visitor):
    page = visitor(java_script_enabled=False)
    page.goto("/")

    expect(page.get_by_text(HARBOR)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    expect(page.get_by_role("link", name="Schedule a call")).to_be_visible()
    phone = page.get_by_role("contentinfo").get_by_role("link")
    expect(phone).to_have_attribute("href", re.compile(r"^tel:\d+$"))


def test_bank_without_a_telephone_does_not_ask_to_be_called(visitor):
    page = visitor(java_script_enabled=False)
    page.route("**/", without_a_phone)
    page.route("**/schedule", as_without_scripts)

    page.goto("/")
    expect(page.get_by_text("Switch it on to book")).to_be_visible()
    expect(page.get_by_text("or call")).to_be_hidden()

    page.goto("/schedule")
    expect(page.get_by_text("or call")).to_be_visible()
    expect(page.get_by_text("Switch it on to book")).to_be_hidden()


def as_without_scripts(route):
    """Answer with what a browser without scripts shows; this one never shows it."""
    answer(route, r"<(/?)noscript>", r"<\1div>")


def without_a_phone(route):
    """Answer as a bank whose administrator typed no phone number."""
    answer(route, r"<noscript>(.*?)data-phone=\"[^\"]*\"", r'<div>\1data-phone=""')


def answer(route, old, new):
    response = route.fetch()
    route.fulfill(response=response, body=re.sub(old, new, response.text()))


def test_no_address_gets_into_that_of_the_page_before_scripts_take_over(visitor):
    page = visitor(java_script_enabled=False)
    page.goto("/")

    page.get_by_text("I already have an appointment").click()

    expect(page.get_by_role("button", name="Send me the links")).to_be_disabled()


def test_text_stays_as_it_was_sent_when_the_scripts_take_over(visitor):
    page = visitor()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto("/")
    page.get_by_text("I already have an appointment").click()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()

    expect(page.get_by_text(HARBOR)).to_be_visible()
    assert complaints == []


def test_customers_fetch_no_sheet_of_staff_and_staff_do(visitor):
    page = visitor()
    page.goto("/schedule")
    sheets = page.locator('link[rel="stylesheet"]')

    expect(sheets).to_have_count(1)
    page.goto("/sign-in")
    expect(sheets).to_have_count(2)
