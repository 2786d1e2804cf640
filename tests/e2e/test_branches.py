"""Branches: where customers choose one, and where administrators describe them."""

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.public import SchedulePage

pytestmark = pytest.mark.browser


def test_branch_in_another_zone_is_found_by_its_zip(house, visitor, picture):
    customer = visitor()

    schedule = SchedulePage(customer, house.url).open()
    schedule.choose_topic("Open an account")
    schedule.choose_how("English", "Visit to a branch")
    picture(customer, "where")

    assert schedule.find_branch("80202") == ["Union Station"]
    schedule.choose_branch("Union Station")


def test_branches_are_read_and_changed_on_their_page(visitor, signed_in, picture):
    page = visitor(**signed_in("grace@harbor.example"))

    page.goto("/branches")
    expect(page.get_by_role("heading", name="Union Station")).to_be_visible()
    picture(page, "list")
    page.get_by_role("link", name="Oak Park", exact=True).click()
    directions = page.get_by_label("Directions")
    expect(directions).to_have_value("Free parking behind the building.")
    picture(page, "form")
    directions.fill("Free parking behind the building, for two hours.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Oak Park” is saved.")).to_be_visible()
