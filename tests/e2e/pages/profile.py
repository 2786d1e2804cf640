"""One's own account, as members of staff use it."""

import re

from playwright.sync_api import Locator, Page, expect


class ProfilePage:
    """Who one is, where one is signed in, and what acts in one's name."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self) -> "ProfilePage":
        """Go there and wait until it is drawn."""
        self._page.goto("/profile")
        return self.drawn()

    def drawn(self) -> "ProfilePage":
        """Wait until it is drawn."""
        heading = self._page.get_by_role("heading", name="Your profile")
        expect(heading).to_be_visible()
        return self

    def make_token(self, name: str, password: str) -> str:
        """Make a token, read it, come back."""
        card = self._page.get_by_role("region", name="Tokens")
        card.get_by_label("What is it for?").fill(name)
        card.get_by_label("Current password").fill(password)
        self._page.get_by_role("button", name="Make a token").click()
        secret = self._page.get_by_label("The token", exact=True).inner_text()
        self._page.get_by_role("link", name="Back to your profile").click()
        self.drawn()
        return secret

    def token(self, name: str) -> Locator:
        """Return the line of a token."""
        card = self._page.get_by_role("region", name="Tokens")
        return card.get_by_role("listitem").filter(has_text=name)

    def revoke(self, name: str) -> None:
        """Take a token out of use."""
        self.token(name).get_by_role("button", name="Revoke").click()
        expect(self.token(name)).to_have_count(0)

    def sign_out_others(self) -> None:
        """End all other sessions."""
        self._page.get_by_role("button", name="Sign out all other browsers").click()
        expect(
            self._page.get_by_text("You are signed in nowhere else.")
        ).to_be_visible()

    def change_password(self, current: str, new: str) -> None:
        """Fill in the form for a new password and send it."""
        card = self._page.get_by_role("region", name="Password")
        card.get_by_label("Current password").fill(current)
        card.get_by_label("New password").fill(new)
        self._page.get_by_role("button", name="Change password").click()

    def told(self) -> str:
        """Return what the page says about what was just done."""
        said = self._page.locator("[role=status], [role=alert]")
        said = said.filter(has_text=re.compile(r"\w")).first
        expect(said).to_be_visible()
        return said.inner_text()
