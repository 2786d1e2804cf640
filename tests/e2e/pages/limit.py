"""Where a customer at the limit makes room, as its mailbox's owner uses it."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.pages.status import SOON, StatusPage


class LimitPage:
    """What is held, what could go instead, and two ways on."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, link: str) -> "LimitPage":
        """Follow the link of the mail."""
        self._page.goto(link)
        return self.drawn()

    def drawn(self) -> "LimitPage":
        """Wait until the page says something."""
        self._page.locator("#h").wait_for(timeout=SOON)
        return self

    def heading(self) -> str:
        """Return the heading of the page."""
        return self._page.get_by_role("heading", level=1).inner_text()

    def held(self) -> str:
        """Return what is held, and until when."""
        return self._page.locator(".held").inner_text()

    def options(self) -> list[str]:
        """Return the appointments that could be cancelled."""
        group = self._page.get_by_role("group", name="Which one do you want to cancel?")
        return group.locator("label").all_inner_texts()

    def choose(self, number: int) -> str:
        """Choose one of them, counted from 0; return what then would happen."""
        option = self._page.get_by_role("radio").nth(number)
        option.click()
        expect(option).to_be_checked()
        return self._page.locator(".then").inner_text()

    def swap(self) -> StatusPage:
        """Cancel the chosen one and arrive at the page of the new one."""
        self._page.get_by_role("button", name="Cancel it and continue").click()
        self._page.wait_for_url(re.compile(r"/a/[^/]+$"), timeout=SOON)
        return StatusPage(self._page).drawn()

    def keep(self) -> str:
        """Keep what there is; return what the page says to that."""
        self._page.get_by_role("button", name=re.compile("^Keep .* stop here$")).click()
        heading = self._page.get_by_role("heading", name="You keep what you had")
        expect(heading).to_be_visible()
        return self._page.locator(".lede").inner_text()
