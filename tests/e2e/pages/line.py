"""The line between a page and the server, as the network treats it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import Locator, Page, WebSocketRoute

SOON = 30_000
"""Milliseconds until a lost line is noticed after a press, and some for the machine."""

_TWO_FRAMES = (
    "() => new Promise(it => requestAnimationFrame(() => requestAnimationFrame(it)))"
)
_VERSION = re.compile(r'("state_schema":")[^"]+')


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


@dataclass
class OldPage:
    """A page that was built for another version of the server, until it is reloaded.

    Its script sends the version of its states with each connection.
    """

    page: Page
    is_old: bool = True

    def lay(self) -> "OldPage":
        """Lead the page's socket through here; before it is opened."""
        self.page.route_web_socket("**/_event/**", self._join)
        return self

    def _join(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda it: server.send(self._age(str(it))))

    def _age(self, message: str) -> str:
        return _VERSION.sub(r"\1other", message) if self.is_old else message


@dataclass
class HeldLine:
    """A page's websocket that holds back a message of the server, and all after it.

    Attributes:
        page: Before it is opened.
        word: What the first held message contains; empty to hold nothing yet.
    """

    page: Page
    word: str = ""
    held: list[Callable[[], None]] = field(default_factory=list)
    is_released: bool = False

    def lay(self) -> "HeldLine":
        """Lead the page's socket through here; before it is opened."""
        self.page.route_web_socket("**/_event/**", self._join)
        return self

    def draw_until_held(self) -> None:
        """Let the page draw until a message is held, and once more after that."""
        while not self.held:
            self.page.evaluate(_TWO_FRAMES)
        self.page.evaluate(_TWO_FRAMES)

    def release(self) -> None:
        """Let the held messages through, and all later ones."""
        self.is_released = True
        for send in self.held:
            send()

    def _join(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            is_first = bool(self.word) and self.word in str(message)
            if not self.is_released and (self.held or is_first):
                self.held.append(partial(socket.send, message))
            else:
                socket.send(message)

        server.on_message(pass_on)


def notice(page: Page) -> Locator:
    """The sentence about the line."""
    return page.locator(".line-notice")
