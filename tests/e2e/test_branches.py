"""Branches: where customers choose one, and where administrators describe them."""

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser


def test_branch_in_another_zone_is_found_by_its_zip(house, visitor, picture):
    customer = visitor()

    schedule = SchedulePage(customer, house.url).open()
    schedule.choose_topic("Open an account")
    schedule.choose_how("English", "Visit to a branch")
    picture(customer, "where")

    assert schedule.find_branch("80202") == ["Union Station"]
    schedule.choose_branch("Union Station")


def test_visit_in_another_zone_is_agreed_on_the_clock_of_its_branch(
    house, visitor, picture
):
    customer, email = visitor(), "lena.visits@example.com"
    schedule = SchedulePage(customer, house.url).open()
    schedule.choose_topic("Open an account")
    schedule.choose_how("English", "Visit to a branch")
    schedule.find_branch("Denver")
    schedule.choose_branch("Union Station")
    schedule.pick_first_slot()
    schedule.leave_contact(name="Lena Visits", email=email)

    status = schedule.request()
    place = customer.get_by_role("main")
    expect(place).to_contain_text("1701 Wynkoop Street, Denver, CO 80202")
    expect(place).to_contain_text("Denver time")
    expect(place).to_contain_text("Chicago time")
    link = status.link()
    picture(customer, "requested")

    mailbox = MailboxPage(customer, house.url)
    mailbox.open_mail(email, "confirm")
    mailbox.press("Confirm the appointment")
    StatusPage(customer).drawn().confirm()
    mailbox.open_mail(email, "confirmed")
    assert "1701 Wynkoop Street" in mailbox.text()
    assert mailbox.invitation()["LOCATION"].startswith("Union Station")
    status.open(link)
    expect(place).to_contain_text("In the great hall, next to the flower shop.")
    picture(customer, "confirmed")


def test_branches_are_read_and_changed_on_their_page(visitor, signed_in, picture):
    page = visitor(**signed_in("grace@harbor.example"))

    page.goto("/branches")
    expect(page.get_by_role("heading", name="Union Station")).to_be_visible()
    picture(page, "list")
    page.get_by_role("link", name="Oak Park", exact=True).click()
    directions = page.get_by_label("Directions", exact=True)
    expect(directions).to_have_value("Free parking behind the building.")
    picture(page, "form")
    directions.fill("Free parking behind the building, for two hours.")
    page.get_by_role("button", name="Save").click()
    affected = page.get_by_role("region", name="This concerns")
    expect(affected).to_contain_text("way to find Oak Park changes")
    directions.focus()
    page.keyboard.type("Nobody types here during the review. ")
    expect(directions).to_have_value("Free parking behind the building, for two hours.")
    picture(page, "affected")
    expect(affected.get_by_role("button", name="Hand them over")).to_have_count(0)
    affected.get_by_role("button", name="Save and mail the customers").click()
    expect(page.get_by_text("“Oak Park” is saved.")).to_be_visible()
