"""The page behind a customer's link, as its customer uses it."""

import re

from playwright.sync_api import Locator, Page

SOON = 30_000
"""Milliseconds anything may take on a busy machine."""


class StatusPage:
    """The page behind a customer's one link."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, link: str) -> "StatusPage":
        """Follow a link, as mailed."""
        self._page.goto(link)
        return self.drawn()

    def drawn(self) -> "StatusPage":
        """Wait until the page shows an appointment, or that there is none."""
        self._page.locator("#h").wait_for(timeout=SOON)
        return self

    def link(self) -> str:
        """Return the address of the page."""
        return self._page.url

    def state(self) -> str:
        """Return the word in the badge."""
        return self._page.locator(".badge").inner_text()

    def wait_for_state(self, word: str) -> None:
        """Wait until the badge says this, without reloading."""
        self._page.locator(".badge", has_text=word).wait_for(timeout=SOON)

    def heading(self) -> str:
        """Return the heading of the page."""
        return self._page.get_by_role("heading", level=1).inner_text()

    def when(self) -> str:
        """Return day, times and zone, as shown."""
        return self._page.locator(".at").inner_text()

    def todo(self) -> str:
        """Return what the customer still has to do."""
        return self._page.locator(".todo").inner_text()

    def adviser(self) -> str:
        """Return with whom the appointment is."""
        row = self._page.locator(".trio > div", has_text="With")
        return row.locator("dd > span").last.inner_text()

    def asks_to_open_mail(self) -> bool:
        """Return whether the customer is told to look for the mail."""
        return self._page.get_by_text("open our mail").is_visible()

    def can_confirm(self) -> bool:
        """Return whether there is a button to confirm."""
        return self._button("Confirm the appointment").is_visible()

    def confirm(self) -> None:
        """Press the button that confirms."""
        self._button("Confirm the appointment").click()
        self.wait_for_state("Confirmed")

    def send_again(self) -> str:
        """Ask for the mail once more; return what the page says about it."""
        self._button("Send again").click()
        return self._said()

    def correct_address(self, email: str) -> str:
        """Have the mail sent to another address; return what the page says about it."""
        self._button("Wrong address?").click()
        self._page.get_by_label("E-mail address").fill(email)
        self._button("Send to this address").click()
        return self._said()

    def _said(self) -> str:
        said = self._page.locator(".told-box .alert")
        said.wait_for(timeout=SOON)
        return said.inner_text()

    def countdown(self) -> str:
        """Return what the countdown says."""
        timer = self._page.get_by_role("timer")
        timer.wait_for(timeout=SOON)
        return timer.inner_text()

    def can_join(self) -> bool:
        """Return whether the call can be joined."""
        return self.door().is_visible()

    def wait_until_joinable(self) -> None:
        """Wait for the join screen to appear by itself."""
        self.door().wait_for(timeout=SOON)

    def join(self) -> None:
        """Press the join picture."""
        self.door().click()

    def door(self) -> Locator:
        """Return the join picture, in whatever language the page is."""
        return self._page.locator("a[href$='/room']")

    def tell_late(self) -> None:
        """Say that one is running late."""
        self._button("I am running late").click()
        self._button("Yes, tell them").click()
        self._page.get_by_text("We know that you are running late").wait_for(
            timeout=SOON
        )

    def begin_to_cancel(self) -> None:
        """Press the button that asks whether to cancel, and leave it at that."""
        self._button("Cancel the appointment").click()
        self._button("Yes, cancel it").wait_for(timeout=SOON)

    def cancel(self, reason: str = "") -> None:
        """Cancel, after being asked once more."""
        self._button("Cancel the appointment").click()
        self._page.get_by_label(re.compile("^Would you tell us why")).fill(reason)
        self._button("Yes, cancel it").click()
        self.wait_for_state("Cancelled")

    def move_to_soonest(self) -> None:
        """Choose the next available time instead."""
        self._button("Choose another time").click()
        self._page.get_by_role("button", name="Next available").click(timeout=SOON)
        self._page.locator(".slot[aria-pressed=true]").wait_for(timeout=SOON)
        self._button("Move the appointment").click()
        self._page.locator(".panel").wait_for(state="detached", timeout=SOON)

    def timeline(self) -> list[str]:
        """Return the points of the timeline."""
        return self._page.locator(".line b").all_inner_texts()

    def calendar_address(self) -> str:
        """Return where the calendar file is fetched."""
        link = self._page.get_by_role("link", name="Add to my calendar")
        return link.get_attribute("href") or ""

    def _button(self, name: str) -> Locator:
        return self._page.get_by_role("button", name=name)
