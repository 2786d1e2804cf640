"""The first page and one event, in a browser with an empty cache.

``python -m benchmarks.pages http://localhost:8000`` against a running instance with
the pages built. Prints a table; nothing is changed on the server.
"""

import argparse
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from rich.console import Console
from rich.table import Table

LOADS = 5
EVENTS = 20
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


@dataclass
class Load:
    """One load of one page by a browser that never saw it."""

    painted: float
    alive: float
    wire: Bytes


def load(browser: Browser, address: str, path: str) -> Load:
    """Open a page in a fresh context and wait until it can be used."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wire = Bytes()
    wire.listen(context.new_cdp_session(page), address)
    begin = perf_counter()
    page.goto(address + path, wait_until="commit")
    page.get_by_role("heading").first.wait_for()
    painted = perf_counter() - begin
    wait_until_alive(page)
    alive = perf_counter() - begin
    page.wait_for_load_state("load")
    context.close()
    return Load(painted, alive, wire)


def wait_until_alive(page: Page) -> None:
    """Wait until the page is connected, so that buttons do something."""
    page.wait_for_function("document.readyState === 'complete'")
    page.wait_for_load_state("networkidle")


def event_round_trips(browser: Browser, address: str) -> list[float]:
    """Return how long the scheduler takes to show what a press asked for, in seconds.

    Measured in the page: from the press on a topic until the next heading or control
    differs; a press goes to the server and its answer back.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/schedule")
    wait_until_alive(page)
    took: list[float] = []
    for _ in range(EVENTS):
        took.append(press(page))
        page.goto(f"{address}/schedule")
        wait_until_alive(page)
    context.close()
    return took


def press(page: Page) -> float:
    """Press the first topic and return the seconds until the page has changed."""
    return page.evaluate(
        """() => new Promise((resolve) => {
            const topic = document.querySelector(
                "main [role=radio], main input[type=radio], main button");
            const begin = performance.now();
            new MutationObserver((_changes, observer) => {
                observer.disconnect();
                resolve((performance.now() - begin) / 1000);
            }).observe(document.querySelector("main"),
                {childList: true, subtree: true, attributes: true});
            topic.click();
        })"""
    )


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
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
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
