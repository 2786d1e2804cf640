"""Measure the landing page on a slow computer and a slow line, with an empty cache.

``python -m benchmarks.paint http://localhost:8000`` against a running instance with the
pages built. The browser computes at a quarter of its speed, and the line has
1.6 Mbit/s, without delay and with 150 ms there and back. Nothing is changed on the
server.

The browser delays answers, but not the connection, which takes a round trip before the
first request. It is added to all figures; encryption would add another one.
"""

import argparse
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.support.browsers import system_browser

LOADS = 5
SLOWER = 4
BYTES_PER_SECOND = 1.6e6 / 8
ROUND_TRIP_MS = 150
CONNECTING = 1
"""Round trips before the first request, which the browser's slow line leaves out."""

PAGES = {"landing": "/", "scheduler": "/schedule"}

_PAINTED = """() => {
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return paint ? paint.startTime : null;
}"""
_LARGEST = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({ type: 'largest-contentful-paint', buffered: true });
})"""
_LINK = "a[href$='/schedule']"


@dataclass(frozen=True, slots=True)
class Paint:
    """Milliseconds since the address was opened.

    Attributes:
        text: When the first text was painted.
        largest: When the largest part was painted.
        usable: When a press on the link leads on, found by trying it.
    """

    text: float
    largest: float
    usable: float


def slow_page(browser: Browser, latency: float) -> Page:
    """Return a page of a fresh browser with a slow computer and a slow line."""
    page = browser.new_context(viewport={"width": 412, "height": 915}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Network.enable")
    line = {"offline": False, "latency": latency}
    speed = {
        "downloadThroughput": BYTES_PER_SECOND,
        "uploadThroughput": BYTES_PER_SECOND,
    }
    session.send("Network.emulateNetworkConditions", {**line, **speed})
    return page


def paint(browser: Browser, address: str, path: str, latency: float) -> Paint:
    """Open a page once and measure it."""
    page = slow_page(browser, latency)
    page.goto(address + path, wait_until="commit")
    page.locator("h1").first.wait_for()
    page.wait_for_function(_PAINTED)
    text = page.evaluate(_PAINTED)
    link = page.locator(_LINK).first
    usable = 0.0
    if path == "/":
        link.wait_for()
        link.click(trial=True)  # visible, at rest, and nothing lies above it
        usable = page.evaluate("() => performance.now()")
    page.wait_for_load_state("load")
    largest = page.evaluate(_LARGEST)
    page.context.close()
    connected = CONNECTING * latency
    return Paint(text + connected, largest + connected, usable and usable + connected)


def row(browser: Browser, address: str, name: str, latency: float) -> list[str]:
    """Measure a page several times and return its line of the table."""
    paints = [paint(browser, address, PAGES[name], latency) for _ in range(LOADS)]
    columns = ([it.text for it in paints], [it.usable for it in paints])
    largest = [it.largest for it in paints]
    figures = (*columns, largest)
    return [
        name,
        f"{latency:.0f}",
        *(f"{median(it):.0f} / {max(it):.0f}" if any(it) else "" for it in figures),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a running instance, without a path")
    address = parser.parse_args().address.rstrip("/")
    table = Table(
        title=f"{SLOWER} times slower CPU, 1.6 Mbit/s, {LOADS} loads each, ms"
    )
    for column in (
        "Page",
        "Round trip",
        "Text painted",
        "Link usable",
        "Largest painted",
    ):
        table.add_column(column, justify="right")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_browser(), args=["--no-sandbox"]
        )
        for name in PAGES:
            for latency in (0, ROUND_TRIP_MS):
                table.add_row(*row(browser, address, name, latency))
        browser.close()
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
