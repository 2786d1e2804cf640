"""The settings pages, as an administrator uses them."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class SettingsPage:
    """One settings page at a time."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, slug: str) -> "SettingsPage":
        """Go straight to a page and wait until it is drawn."""
        self._page.goto(f"/settings/{slug}")
        return self.drawn()

    def drawn(self) -> "SettingsPage":
        """Wait until the rows are there."""
        expect(self._page.locator("main .row").first).to_be_visible()
        return self

    def come_from_the_dashboard(self) -> None:
        """Press Admin in the navigation."""
        self._page.goto("/dashboard")
        self._page.get_by_role("link", name="Admin", exact=True).click()
        self.drawn()

    def press_section(self, name: str) -> None:
        """Press a section at the left."""
        self._sections().get_by_role("link", name=name, exact=True).click()
        expect(self._page.get_by_role("heading", level=1, name=name)).to_be_visible()
        self.drawn()

    def labels(self) -> list[str]:
        """Return the names of the settings on the page."""
        return self._page.locator("main .row > .t > :first-child").all_inner_texts()

    def type(self, label: str, text: str) -> None:
        """Type into the field of a setting."""
        self._page.get_by_label(label, exact=True).fill(text)

    def value(self, label: str) -> str:
        """Return what the field of a setting shows."""
        return self._page.get_by_label(label, exact=True).input_value()

    def switch(self, label: str) -> None:
        """Turn a switch."""
        self._page.get_by_role("switch", name=label).click()

    def tick(self, label: str, role: str) -> None:
        """Press the box of a role."""
        self._page.get_by_role("group", name=label).get_by_label(role).click()

    def counted(self) -> Locator:
        """Return where the page says how many changes there are."""
        return self._page.get_by_role("region", name="Unsaved changes")

    def save(self) -> None:
        """Press Save."""
        self.counted().get_by_role("button", name="Save").click()

    def save_well(self) -> None:
        """Press Save, and see it done."""
        self.save()
        expect(self.counted().get_by_role("status")).to_contain_text("Saved")

    def undo(self) -> None:
        """Take back what was just saved."""
        self.counted().get_by_role("button", name="Undo").click()

    def discard(self) -> None:
        """Drop every change."""
        self.counted().get_by_role("button", name="Discard").click()

    def review(self) -> Locator:
        """Look over the changes."""
        self.counted().get_by_role("button", name="Review").click()
        return self._dialog("Review")

    def history(self, label: str) -> Locator:
        """Open the history of a setting."""
        name = re.compile(f"^History .*{re.escape(label)}$")
        self._page.get_by_role("button", name=name).click()
        sheet = self._dialog("History")
        expect(sheet.get_by_role("heading", name=label)).to_be_visible()
        return sheet

    def row(self, label: str) -> Locator:
        """Return all that belongs to a setting."""
        name = self._page.locator(".t").get_by_text(label, exact=True)
        return self._page.locator("main .row").filter(has=name)

    def decide(self, label: str, decision: str) -> None:
        """Keep one's own value, or take somebody else's."""
        self.row(label).get_by_role("button", name=re.compile(decision)).click()

    def search(self, words: str) -> Locator:
        """Look for settings; return the list of those found."""
        field = self._page.get_by_role("searchbox", name="Search all settings")
        field.locator("visible=true").fill(words)
        found = self._page.locator(".results").locator("visible=true")
        expect(found.get_by_role("status")).to_contain_text(words)
        return found

    def focused(self) -> Locator:
        """Return the field that has the focus."""
        return self._page.locator("main :focus")

    def leave_by(self, section: str) -> Locator:
        """Press another section with changes on the page; return what is asked."""
        self._sections().get_by_role("link", name=section, exact=True).click()
        return self._page.get_by_role("alertdialog", name="Discard your changes?")

    def send_test_mail(self, to: str) -> str:
        """Try whether mail can be sent; return the answer."""
        self._page.get_by_label("Send it to").fill(to)
        self._page.get_by_role("button", name="Send a test mail").click()
        told = self._page.locator(".trial [role=status].ok, .trial [role=status].bad")
        expect(told).to_be_visible()
        return told.inner_text()

    def replace_picture(self, label: str, file: Path) -> Locator:
        """Send a picture; return what the page says to it."""
        row = self.row(label)
        row.get_by_label(f"File for {label}").set_input_files(file)
        with self._page.expect_navigation(url=re.compile("result=")):
            row.get_by_role("button", name="Replace").click()
        return self.row(label).locator(".c > [role=status], .c > [role=alert]")

    def default_picture(self, label: str) -> None:
        """Go back to the picture there was at first."""
        self.row(label).get_by_role("button", name="Go back to the default").click()
        self._page.wait_for_url(re.compile("result=removed"))
        self.drawn()

    def _sections(self) -> Locator:
        return self._page.get_by_role("navigation", name="Manage Settings")

    def _dialog(self, name: str) -> Locator:
        dialog = self._page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        return dialog
