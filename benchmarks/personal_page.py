"""How long a browser takes to draw a month of 300 own events, once they have arrived.

``python -m benchmarks.personal_page [--rounds 5]``: starts the whole product and both
fakes, puts 150 events into a month of one agent at each, signs in to both, and opens
that month. Ends with an error if a figure is missed.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import which
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from invo_booking.domain.clock import utc_now
from tests.e2e.pages.personal import SLOW, PersonalPage
from tests.e2e.pages.staff import PASSWORD
from tests.e2e.personal_scene import (
    AT_GOOGLE,
    AT_OUTLOOK,
    CHICAGO,
    DANA,
    Scene,
    offer,
    signed_in,
)
from tests.e2e.product import running_house
from tests.support.google.server import running_fake as running_google
from tests.support.microsoft import running_fake as running_outlook
from tests.support.personal_bank import both_env
from tests.support.servers import free_port

EVENTS = 300
TARGET = 1_000.0
"""Milliseconds from the last answer of a provider to the last change of the page."""

VIEWS = ("month", "week", "list")
QUIET = 1_500
"""Milliseconds without a change after which a page counts as drawn."""

WATCH = """() => {
  window.lastChange = 0;
  new MutationObserver(() => {
    requestAnimationFrame(() => (window.lastChange = performance.now()));
  }).observe(document, { childList: true, subtree: true, characterData: true });
}"""
DRAWN = "(quiet) => window.lastChange && performance.now() - window.lastChange > quiet"
FOUND = """() => ({
  drawn: window.lastChange,
  answered: Math.max(...performance.getEntriesByType("resource")
    .filter((one) => /relay.[^/]+.events/.test(one.name))
    .map((one) => one.responseEnd)),
})"""


def main() -> None:
    """Measure, print, and fail if a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with running_scene() as scene, running_browser() as browser:
        fill(scene)
        page = agent(browser, scene)
        own = signed_in(page, scene)
        found = {view: measure(page, own, view, scene.day, rounds) for view in VIEWS}
    print_table(found)
    if any(max(times) > TARGET for times in found.values()):
        sys.exit("a figure is missed")


@contextmanager
def running_scene() -> Iterator[Scene]:
    """Run the whole product with both fakes; the day is in the next month."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_google(Path(scratch) / "google") as google,
        running_outlook(Path(scratch) / "microsoft") as outlook,
    ):
        env = both_env(Path(scratch), google, outlook) | {"INVO_RATE_LIMITS": "off"}
        with running_house(free_port(), env) as house:
            today = utc_now().astimezone(CHICAGO).date()
            next_month = today.replace(day=1) + timedelta(days=32)
            scene = Scene(house, google, outlook, next_month.replace(day=10))
            offer(scene)
            google.domains.add("gmail.example")
            yield scene


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run a browser."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=which("chromium") or which("google-chrome"),
            args=["--no-sandbox"],
        )


def fill(scene: Scene) -> None:
    """Put ten half hours into each day of a month, five at each provider."""
    first = datetime.combine(scene.day.replace(day=1), datetime.min.time(), CHICAGO)
    half = timedelta(minutes=30)
    for number in range(EVENTS):
        start = first + number // 10 * timedelta(days=1) + timedelta(hours=9)
        start += number % 10 * half
        if number % 2:
            scene.google.put(AT_GOOGLE, start, start + half, summary=f"Event {number}")
        else:
            scene.outlook.busy(
                AT_OUTLOOK, start, start + half, subject=f"Event {number}"
            )


def agent(browser: Browser, scene: Scene) -> Page:
    """Return the page of an agent who is signed in."""
    context = browser.new_context(
        base_url=scene.house.url,
        viewport={"width": 1440, "height": 900},
        ignore_https_errors=True,
    )
    context.set_default_timeout(SLOW)
    form = {"email": DANA, "password": PASSWORD}
    origin = {"Origin": scene.house.url}
    context.request.post("/session/sign-in", form=form, headers=origin)
    context.add_init_script(f"({WATCH})()")
    return context.new_page()


def measure(
    page: Page, own: PersonalPage, view: str, day: date, rounds: int
) -> list[float]:
    """Return the milliseconds of each round from the last answer to the last change."""
    times: list[float] = []
    for _ in range(rounds):
        own.open("me", view, day)
        shown = own.own_in_list("Event") if view == "list" else own.own("Event")
        expect(shown).not_to_have_count(0, timeout=SLOW)
        page.wait_for_function(DRAWN, arg=QUIET, timeout=SLOW)
        found: dict[str, Any] = page.evaluate(FOUND)
        times.append(max(found["drawn"] - found["answered"], 0.0))
    return times


def print_table(found: dict[str, list[float]]) -> None:
    """Print a line for each view."""
    table = Table("View", "Median", "Longest", "Target")
    for view, times in found.items():
        figures = (median(times), max(times), TARGET)
        table.add_row(view, *(f"{it:.0f} ms" for it in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
