"""The demo mailbox, where a customer's mail can be read."""

import re

from playwright.sync_api import Page, expect

NAMES = ("UID", "SEQUENCE", "METHOD", "STATUS", "DTSTART", "LOCATION")


class MailboxPage:
    """All mail the demo sent; it looks for more by itself."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    @property
    def page(self) -> Page:
        """The browser's page, which links of mails lead away from."""
        return self._page

    def open(self) -> None:
        """Go to the list of all mails."""
        self._page.goto(f"{self._address}/demo/mailbox")

    def open_mail(self, to: str, subject: str) -> None:
        """Wait for the newest mail to somebody about something, and open it."""
        self._page.goto(f"{self._address}/demo/mailbox")
        line = self._page.get_by_role("link").filter(has_text=f"To {to}")
        line = line.filter(has_text=re.compile(subject, re.IGNORECASE)).first
        expect(line).to_be_visible(timeout=90_000)
        line.click()
        expect(self._page.get_by_role("link", name="All mails")).to_be_visible()

    def press(self, button: str) -> None:
        """Press a button inside the mail."""
        self._page.frame_locator("iframe").get_by_role("link", name=button).click()

    def links(self) -> list[str]:
        """Return where the links of the open mail lead."""
        found = self._page.frame_locator("iframe").get_by_role("link").all()
        return [link.get_attribute("href") or "" for link in found]

    def text(self) -> str:
        """Return the words of the open mail."""
        part = self._page.locator("details", has_text="As plain text")
        return part.locator("pre").text_content() or ""

    def invitation(self) -> dict[str, str]:
        """Return what the calendar invitation in the open mail says."""
        part = self._page.locator("details", has_text="Calendar invitation")
        lines = (part.locator("pre").text_content() or "").splitlines()
        pairs = (line.split(":", 1) for line in lines if ":" in line)
        return {name: value for name, value in pairs if name in NAMES}
