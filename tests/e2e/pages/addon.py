"""The panel of a provider beside the settings, and signing in at its vendor."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.settings import SettingsPage

SLOW = 90_000
"""Milliseconds an answer of a vendor may take on a machine that tests other things."""


@dataclass(frozen=True)
class Words:
    """What a provider's panel and its vendor's pages call things.

    A vendor without ``email``, ``next`` and ``accept`` has no pages to sign in at.
    """

    heading: str
    host: str
    email: str = ""
    next: str = ""
    accept: str = ""


OUTLOOK = Words("Outlook Add-on", "Group", "E-mail", "Sign in", "Accept")
GOOGLE = Words("Google Calendar", "Calendar", "Email", "Next", "Continue")
EXCHANGE = Words("Microsoft Exchange", "Calendar")


class AddonPage:
    """The panel, as an administrator uses it to connect a provider."""

    def __init__(self, page: Page, words: Words = OUTLOOK) -> None:
        self.page, self.words = page, words
        self.settings = SettingsPage(page)

    def open(self) -> "AddonPage":
        """Go to the page Calendars."""
        self.settings.open("calendars")
        return self

    def panel(self) -> Locator:
        """Return the panel."""
        return self.page.get_by_role("region", name=self.words.heading)

    def choose_provider(self, name: str) -> None:
        """Choose a primary provider, and save all that was entered with it."""
        row = self.settings.row("Primary Calendar Provider")
        row.get_by_role("radio", name=name).check()

    def save(self) -> None:
        """Save, having read what that means."""
        self.settings.save()
        review = self.page.get_by_role("dialog", name="Review")
        review.or_(self._saved()).first.wait_for()
        if review.is_visible():
            review.get_by_role("button", name="Save").click()
        expect(self._saved()).to_be_visible()

    def sign_in(self, email: str, *, accept: bool = True) -> None:
        """Sign in at the vendor, and come back."""
        self.panel().get_by_role("button", name=re.compile("^Sign in")).click()
        self.page.get_by_label(self.words.email).fill(email, timeout=SLOW)
        self.page.get_by_role("button", name=self.words.next).click()
        decision = self.words.accept if accept else "Cancel"
        self.page.get_by_role("button", name=decision).click()

    def came_back(self) -> None:
        """Wait until the vendor has sent the browser back, connected."""
        self.page.wait_for_url("**/settings/calendars")
        expect(self.step("Signed in")).to_contain_text("Passed")

    def connect(self, said: str) -> list[str]:
        """Connect the account of the settings; return each check with its result.

        Args:
            said: A part of the sentence that the checks end with.
        """
        step = self.step("Connected")
        step.get_by_role("button", name="Connect", exact=True).click()
        checked = self.panel().get_by_role("status").filter(has_text=said)
        expect(checked).to_be_visible(timeout=SLOW)
        return checked.get_by_role("listitem").all_inner_texts()

    def step(self, name: str) -> Locator:
        """Return one of the steps."""
        title = self.page.get_by_role("heading", level=3, name=name, exact=True)
        return self.panel().locator(".steps > li").filter(has=title)

    def create_host(self, name: str) -> None:
        """Make a group or a calendar that hosts appointments."""
        step = self.step(self.words.host)
        step.get_by_role("button", name=re.compile("^Choose")).click()
        step.get_by_label(re.compile("^Or create a .+, named")).fill(name, timeout=SLOW)
        step.get_by_role("button", name="Create").click()
        expect(self.told()).to_contain_text(f"{name} was created", timeout=SLOW)

    def test(self, probe: str = "") -> list[str]:
        """Test the connection; return each check with its result."""
        step = self.step("Test")
        step.get_by_label("Mailbox to try, if you like").fill(probe)
        step.get_by_role("button", name="Test connection").click()
        told = step.get_by_role("status")
        expect(told).to_contain_text("checks", timeout=SLOW)
        expect(told).to_contain_text(probe, timeout=SLOW)
        return step.get_by_role("listitem").all_inner_texts()

    def send_test_appointment(self) -> str:
        """Write an appointment there and take it out; return what is said of it."""
        step = self.step("Test")
        step.get_by_role("button", name="Send a test appointment").click()
        told = step.get_by_role("status")
        expect(told).to_contain_text("It works", timeout=SLOW)
        return told.inner_text()

    def refresh(self) -> None:
        """Have busy times read now."""
        self.panel().get_by_role("button", name="Refresh now").click()
        expect(self.told()).to_contain_text("being read now")

    def told(self) -> Locator:
        """Return what the panel says about what was just done."""
        return self.panel().locator(".addon-head [role=status]")

    def problem(self) -> Locator:
        """Return what the panel says is wrong."""
        return self.panel().locator(".addon-head [role=alert]")

    def fact(self, name: str) -> Locator:
        """Return what the panel says of one fact."""
        return self.panel().locator("dt", has_text=name).locator("+ dd")

    def switch_to(self, name: str, *, typed: str) -> Locator:
        """Change over to another provider; return the dialog."""
        self.panel().get_by_role("button", name="Switch provider…").click()
        dialog = self.page.get_by_role("dialog", name="Switch the calendar provider")
        dialog.get_by_label("Switch to").select_option(name)
        dialog.get_by_label("to confirm").fill(typed)
        dialog.get_by_role("button", name="Switch", exact=True).click()
        return dialog

    def _saved(self) -> Locator:
        status = self.settings.counted().get_by_role("status")
        return status.filter(has_text="Saved")
