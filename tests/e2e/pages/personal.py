"""The panel of an agent's own calendars, as the agent uses it."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

SLOW = 60_000
TAKEN_OVER = re.compile(r"/bookings$")
"""The address once the page has taken over a sign-in, whose id is in the fragment."""


class PersonalPage:
    """Booking Management with the panel of own calendars."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, scope: str, span: str, day: date) -> None:
        """Go straight to one calendar, as a saved link does."""
        self.page.goto(f"/bookings?scope={scope}&view={span}&date={day:%Y-%m-%d}")
        shown = self.page.locator(".ec, .daylist").first
        expect(shown).to_be_attached(timeout=SLOW)

    def go(self, name: str) -> None:
        """Press a link of the toolbar that leads to another time, and go there."""
        link = self.page.get_by_role("link", name=name)
        there = link.get_attribute("href") or ""
        link.click()
        expect(self.page).to_have_url(re.compile(re.escape(there)), timeout=SLOW)
        expect(link).not_to_have_attribute("href", there, timeout=SLOW)

    @property
    def gear(self) -> Locator:
        """The button at the bottom left."""
        return self.page.get_by_role("button", name="Personal calendars")

    @property
    def panel(self) -> Locator:
        """The panel, open or not."""
        return self.page.get_by_role("dialog", name="Personal calendars")

    def open_panel(self) -> Locator:
        """Open the panel by its gear."""
        self.gear.click()
        expect(self.panel).to_be_visible(timeout=SLOW)
        return self.panel

    def close_panel(self) -> None:
        """Close it by the keyboard."""
        self.page.keyboard.press("Escape")
        expect(self.panel).to_have_count(0)

    def account(self, label: str) -> Locator:
        """Return what the panel says of one calendar."""
        return self.panel.get_by_role("region", name=label)

    def sign_in_google(self, email: str) -> None:
        """Sign in at Google and come back."""
        self.panel.get_by_role("button", name="Sign in to Google calendar").click()
        self.accept_google(email)

    def accept_google(self, email: str, *, is_taken_over: bool = True) -> None:
        """Say who it is and accept, at Google, and come back."""
        self.page.get_by_label("Email").fill(email, timeout=SLOW)
        self.page.get_by_role("button", name="Next").click()
        self.page.get_by_role("button", name="Continue").click()
        if is_taken_over:
            expect(self.page).to_have_url(TAKEN_OVER, timeout=SLOW)

    def sign_in_outlook(self, email: str) -> None:
        """Sign in at Microsoft and come back."""
        self.panel.get_by_role("button", name="Sign in to Outlook calendar").click()
        self.page.get_by_label("E-mail").fill(email, timeout=SLOW)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Accept").click()
        expect(self.page).to_have_url(TAKEN_OVER, timeout=SLOW)

    def own(self, title: str) -> Locator:
        """Return own events of a title, in the grid."""
        return self.page.locator(".ec .ev.is-own").filter(has_text=title)

    def own_in_list(self, title: str) -> Locator:
        """Return own events of a title, in the list."""
        return self.page.locator(".daylist .ev.is-own").filter(has_text=title)
