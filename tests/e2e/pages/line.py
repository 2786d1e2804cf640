"""The line between a page and the server, as the network treats it."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, WebSocketRoute

SOON = 30_000
"""Milliseconds until a lost line is noticed after a press, and some for the machine."""


@dataclass
class Line:
    """What a page's websocket goes through: it passes all on, or swallows it.

    Attributes:
        is_silent: Whether nothing gets through.
        is_deaf: Whether the server's answers do not; what the page sends does.
    """

    page: Page
    is_silent: bool = False
    is_deaf: bool = False
    sockets: list[WebSocketRoute] = field(default_factory=list)

    def lay(self) -> "Line":
        """Lead the page's socket through here; before it is opened."""
        self.page.route_web_socket("**/_event/**", self._join)
        return self

    def _join(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda it: None if self.is_silent else server.send(it))
        server.on_message(
            lambda it: None if self.is_silent or self.is_deaf else socket.send(it)
        )


def notice(page: Page) -> Locator:
    """The sentence about the line."""
    return page.locator(".line-notice")
