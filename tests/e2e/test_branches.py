"""A visit to a branch in another zone, from the search to the calendar entry."""

import re
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.staff import BookingsPage, SignInPage
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser

CHICAGO = ZoneInfo("America/Chicago")


def test_customer_visits_a_branch_in_another_zone_found_by_its_zip(
    house, visitor, picture
):
    email, name = f"{uuid4().hex}@example.com", "Vera Ortiz"
    customer, phone, manager = visitor(), visitor(width=390), visitor(width=1440)

    schedule = SchedulePage(customer, house.url).open()
    schedule.choose_topic("Open an account")
    schedule.choose_how("English", "Visit to a branch")
    picture(customer, "where")
    assert schedule.find_branch("80202") == ["Union Station"]
    schedule.choose_branch("Union Station")
    expect(customer.locator(".zone b")).to_contain_text("Denver time")
    schedule.pick_first_slot()
    assert "1701 Wynkoop Street" in schedule.place()
    picture(customer, "when")
    schedule.go_on()
    schedule.leave_contact(name=name, email=email)
    schedule.request()

    mailbox = MailboxPage(phone, house.url)
    mailbox.open_mail(email, "confirm")
    mailbox.press("Confirm the appointment")
    StatusPage(phone).drawn().confirm()
    expect(customer.locator(".badge")).to_have_text("Confirmed")
    expect(customer.locator(".where")).to_contain_text("Union Station")
    expect(customer.locator(".at")).to_contain_text("Denver time")
    expect(customer.locator(".zone2")).to_contain_text("Chicago time")
    to_map = customer.get_by_role("link", name=re.compile("^Show on a map"))
    expect(to_map).to_have_attribute("rel", "noopener noreferrer")
    picture(customer, "status")
    picture(phone, "status-phone")
    mailbox.open_mail(email, "confirmed")
    assert mailbox.invitation()["LOCATION"].startswith("Union Station")

    token = re.split(r"[/?]", customer.url.split("/a/")[1])[0]
    visit = httpx.get(f"{house.url}/api/v1/appointments/{token}").json()
    assert visit["branch"]["time_zone"] == "America/Denver"
    SignInPage(manager).enter("tom@harbor.example")
    manager.wait_for_url(re.compile("dashboard"))
    bookings = BookingsPage(manager)
    begins = datetime.fromisoformat(visit["starts_at"]).astimezone(CHICAGO)
    bookings.open("team", "day", begins.date())
    bookings.event(name).click()
    expect(manager.locator(".drawer .place")).to_contain_text("Union Station")
    picture(manager, "drawer")


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
