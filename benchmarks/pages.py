"""The first page and one event, in a browser with an empty cache.

``python -m benchmarks.pages http://localhost:8000`` against a running instance with
the pages built. Prints a table; nothing is changed on the server.
"""

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, CDPSession, Page, WebSocket, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.support.browsers import system_browser

LOADS = 5
EVENTS = 10
PATIENCE_SECONDS = 20.0
PAGES = {"landing": "/", "scheduler": "/schedule", "sign-in": "/sign-in"}


@dataclass
class Bytes:
    """What came over the wire, in bytes as sent, by kind of resource."""

    by_kind: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)

    def listen(self, session: CDPSession, origin: str) -> None:
        """Count from now on."""
        session.send("Network.enable")

        def answered(event: dict) -> None:
            self.kinds[event["requestId"]] = event["type"]
            address = event["response"]["url"]
            if not address.startswith((origin, "data:", "blob:")):
                self.foreign.add(address)

        def ended(event: dict) -> None:
            kind = self.kinds.get(event["requestId"], "Other")
            size = int(event["encodedDataLength"])
            self.by_kind[kind] = self.by_kind.get(kind, 0) + size

        session.on("Network.responseReceived", answered)
        session.on("Network.loadingFinished", ended)

    def kilobytes(self, kind: str) -> float:
        """Return thousands of bytes of one kind."""
        return self.by_kind.get(kind, 0) / 1000


class Talk:
    """What page and server say over the websocket, and when."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.asked: list[float] = []
        self.answered: list[float] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self._note(self.asked, frame, "2/"))
        socket.on("framereceived", lambda frame: self._note(self.answered, frame, "2/"))

    @staticmethod
    def _note(moments: list[float], frame: bytes | str, mark: str) -> None:
        text = frame if isinstance(frame, str) else frame.decode(errors="replace")
        if mark in text[:4]:  # socket.io's mark of an event, not of a heartbeat
            moments.append(perf_counter())

    def await_answer(self, number: int) -> float:
        """Wait for an answer, counted from 1, and return when it came."""
        begin = perf_counter()
        while len(self.answered) < number:
            if perf_counter() - begin > PATIENCE_SECONDS:
                raise TimeoutError("no answer over the websocket")
            self._page.wait_for_timeout(5)
        return self.answered[number - 1]


@dataclass
class Load:
    """One load of one page by a browser that never saw it, in seconds."""

    painted: float
    alive: float
    wire: Bytes


def load(browser: Browser, address: str, path: str) -> Load:
    """Open a page in a fresh context and wait until it has its state."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wire, talk = Bytes(), Talk(page)
    wire.listen(context.new_cdp_session(page), address)
    begin = perf_counter()
    page.goto(address + path, wait_until="commit")
    page.get_by_role("heading").first.wait_for()
    painted = perf_counter() - begin
    alive = talk.await_answer(1) - begin
    page.wait_for_load_state("networkidle")
    context.close()
    return Load(painted, alive, wire)


def event_round_trips(browser: Browser, address: str) -> list[float]:
    """Press the first topic again and again; return the seconds to each answer."""
    took: list[float] = []
    for _ in range(EVENTS):
        context = browser.new_context()
        page = context.new_page()
        talk = Talk(page)
        page.goto(f"{address}/schedule")
        page.wait_for_load_state("networkidle")
        asked, answered = len(talk.asked), len(talk.answered)
        page.get_by_role("main").locator("button, [role=radio]").first.click()
        done = talk.await_answer(answered + 1)
        took.append(done - talk.asked[asked])
        context.close()
    return took


def page_row(browser: Browser, address: str, name: str) -> list[str]:
    """Measure one page and return its line of the table."""
    loads = [load(browser, address, PAGES[name]) for _ in range(LOADS)]
    wire = loads[0].wire

    def seconds(of: Callable[[Load], float]) -> str:
        values = [of(one) for one in loads]
        return f"{median(values):.2f} / {max(values):.2f}"

    return [
        name,
        seconds(lambda one: one.painted),
        seconds(lambda one: one.alive),
        f"{wire.kilobytes('Script'):.0f}",
        f"{wire.kilobytes('Stylesheet'):.0f}",
        f"{sum(wire.by_kind.values()) / 1000:.0f}",
        str(len(wire.foreign)),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a running instance, without a path")
    address = parser.parse_args().address.rstrip("/")
    table = Table(title=f"Cold browser, {LOADS} loads, {os.cpu_count()} cores for all")
    table.add_column("Page")
    for column in (
        "heading s (median / longest)",
        "usable s (median / longest)",
        "JavaScript kB",
        "CSS kB",
        "all kB",
        "foreign requests",
    ):
        table.add_column(column, justify="right")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_browser(), args=["--no-sandbox"]
        )
        for name in PAGES:
            table.add_row(*page_row(browser, address, name))
        trips = sorted(event_round_trips(browser, address))
        browser.close()
    console = Console(width=150)
    console.print(table)
    console.print(
        f"Event round trip, {len(trips)} presses: median {median(trips) * 1000:.0f} ms,"
        f" longest {trips[-1] * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
