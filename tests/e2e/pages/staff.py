"""The staff's pages, as an agent or manager uses them."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

PASSWORD = "harbor-demo-2026"


class SignInPage:
    """Where staff come in."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def enter(self, email: str, password: str = PASSWORD) -> None:
        """Sign in."""
        self._page.goto("/sign-in")
        self._page.get_by_label("E-mail").fill(email)
        self._page.get_by_label("Password", exact=True).fill(password)
        self._page.get_by_role("button", name="Sign in").click()


class BookingsPage:
    """Booking Management."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, scope: str, span: str, day: date) -> None:
        """Go straight to one calendar, as a saved link does."""
        self._page.goto(f"/bookings?scope={scope}&view={span}&date={day:%Y-%m-%d}")
        expect(self._page.locator(".ec")).to_be_visible()

    def event(self, customer: str) -> Locator:
        """Return a customer's appointment in the grid."""
        return self._page.locator(".ec-event").filter(has_text=customer)

    def drag(self, customer: str, *, minutes: int, slot_height: int = 17) -> None:
        """Drag an appointment down by so many minutes."""
        event = self.event(customer)
        event.scroll_into_view_if_needed()
        box = event.bounding_box()
        assert box is not None, "the appointment is not on the screen"
        x, y = box["x"] + box["width"] / 2, box["y"] + min(8, box["height"] / 2)
        mouse = self._page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x, y + 6, steps=3)
        mouse.move(x, y + minutes / 15 * slot_height, steps=12)
        mouse.up()

    def open_event(self, customer: str) -> Locator:
        """Press an appointment and return the drawer."""
        self.event(customer).click()
        drawer = self._page.get_by_role("complementary").filter(has_text=customer)
        expect(drawer).to_be_visible()
        return drawer

    def assign(self, customer: str, agent: str) -> None:
        """Give an appointment to a colleague from the drawer."""
        drawer = self.open_event(customer)
        name = re.compile(f"^Assign to {re.escape(agent)}")
        drawer.get_by_role("button", name=name).click()
        expect(drawer.get_by_role("button", name="Un-assign")).to_be_visible()
