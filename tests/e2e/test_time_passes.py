"""A page looks again at the moment the server named: once, and not before."""

import re
from dataclasses import dataclass, field
from time import monotonic

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.pages.bank import somebody
from tests.e2e.pages.status import StatusPage

pytestmark = pytest.mark.browser

TOPIC = "Mortgage advice"
AHEAD = 2000
BUSY_MACHINE = 30  # seconds
WAIT = re.compile(r'"wait":\s*\d+')


@dataclass
class Hurry:
    """A line on which the moment the server names comes soon, until it has come."""

    page: Page
    look: str
    named_at: float = 0
    looked: list[float] = field(default_factory=list)

    def lay(self) -> "Hurry":
        """Lead the page's socket through here; before it is opened."""
        self.page.route_web_socket("**/_event/**", self._join)
        return self

    def _join(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def there(sent: str | bytes) -> None:
            if f".{self.look}" in str(sent):
                self.looked.append(monotonic())
            server.send(sent)

        def back(told: str | bytes) -> None:
            if not self.looked and WAIT.search(str(told)):
                self.named_at = monotonic()
                told = WAIT.sub(f'"wait":{AHEAD}', str(told))
            socket.send(told)

        socket.on_message(there)
        server.on_message(back)

    def wait_for_look(self) -> float:
        """Return how many seconds after the server named it the page looked again."""
        until = monotonic() + AHEAD / 1000 + 60
        while not self.looked:
            assert monotonic() < until, "the page did not look again"
            self.page.wait_for_timeout(100)
        return self.looked[0] - self.named_at


def looks_once(line: Hurry) -> None:
    assert AHEAD / 1000 <= line.wait_for_look() < AHEAD / 1000 + BUSY_MACHINE
    line.page.wait_for_timeout(AHEAD)
    assert len(line.looked) == 1


def test_customers_page_looks_again_once_when_its_moment_comes(visitor, bank):
    name, email = somebody()
    token = bank.request(TOPIC, bank.open_starts(TOPIC)[-1], name=name, email=email)
    page = visitor()
    line = Hurry(page, "refresh_page").lay()
    StatusPage(page).open(f"/a/{token}")

    looks_once(line)


def test_dashboard_looks_again_once_when_its_moment_comes(visitor, signed_in):
    page = visitor(width=1440, **signed_in("dana@harbor.example"))
    line = Hurry(page, "refresh_page").lay()
    page.goto("/dashboard")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    looks_once(line)


def test_calendar_looks_again_once_when_its_moment_comes(visitor, signed_in):
    page = visitor(width=1440, **signed_in("dana@harbor.example"))
    line = Hurry(page, "refresh_page").lay()
    page.goto("/bookings?scope=me&view=day")
    expect(page.locator(".ec")).to_be_visible()

    looks_once(line)
