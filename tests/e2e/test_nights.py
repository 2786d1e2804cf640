"""An appointment over midnight, on the calendars as a browser draws them."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.bank import Bank
from tests.e2e.pages.night import NightDesk

pytestmark = pytest.mark.browser

MANAGER = "tom@harbor.example"
TOPIC = "Mortgage advice"
EARLY_IN_THE_WEEK = {0, 1, 2}
SCROLLED_BOX = """
([place, customer]) => {
  const all = [...document.querySelectorAll(place)];
  const drawn = all.find(one => one.textContent.includes(customer));
  drawn.scrollIntoView();
  return drawn.getBoundingClientRect().toJSON();
}
"""
"""In one step, since the calendar may be drawn again between two."""


@pytest.fixture(scope="module")
def night(house, bank: Bank):
    days = (start.date() + timedelta(days=1) for start in bank.open_starts(TOPIC))
    day = next(day for day in days if day.weekday() in EARLY_IN_THE_WEEK)
    with NightDesk(house.url) as desk, desk.night(day) as night:
        yield night


@pytest.mark.parametrize("span", ["day", "week", "month", "list"])
@pytest.mark.parametrize("scope", ["team", "queues"])
def test_both_dates_show_the_appointment_between_them(
    visitor, signed_in, night, scope, span
):
    page = visitor(**signed_in(MANAGER))

    for date in (night.day, night.day + timedelta(days=1)):
        page.goto(f"/bookings?scope={scope}&view={span}&date={date}")
        place = ".daylist .ev" if span == "list" else ".ec-event"
        drawn = page.locator(place).filter(has_text=night.customer)
        expect(drawn.first).to_be_attached()
        box = page.evaluate(SCROLLED_BOX, [place, night.customer])
        assert box["height"] >= 8, box
        assert box["width"] >= 20, box
        if span != "month":
            expect(drawn.first).to_be_in_viewport()
