"""Measure from a press to the next step of the scheduler, in the browser.

``python -m benchmarks.steps http://localhost:8000`` against a running instance with the
pages built. Nothing is booked. Times are those of the page itself: from the press to
the frame that shows what it led to.
"""

import argparse
from statistics import median

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.support.browsers import system_browser

GOAL_MS = 100
_PRESS = """([what, shown, was]) => new Promise((done) => {
  const part = document.querySelector(what);
  const text = () => (was ? document.querySelector(was)?.textContent : "");
  const before = text();
  const begun = performance.now();
  part.click();
  const look = () => {
    const there = document.querySelector(shown) && (!was || text() !== before);
    if (!there) return requestAnimationFrame(look);
    requestAnimationFrame(() => done(performance.now() - begun));
  };
  look();
})"""
"""Presses ``what``; the step is there once ``shown`` is and the text of ``was`` is new.
"""

STEPS = {
    "topic to times": (".topic", ".of-day .slot", ""),
    "day to times": (
        ".day:is(button)[aria-pressed=false]",
        ".of-day .slot",
        "#times",
    ),
    "time to details": (".of-day .slot:not([disabled])", "input[name=name]", ""),
}
"""What is pressed, what is then shown, and what then has another text."""


def walk(page: Page, address: str) -> dict[str, float]:
    """Go through the scheduler once; return the milliseconds of each step."""
    page.goto(f"{address}/schedule?language=en&channel=video")
    took: dict[str, float] = {}
    for step, (what, *rest) in STEPS.items():
        page.locator(what).first.wait_for()
        page.wait_for_timeout(300)  # what the step before still loads
        took[step] = page.evaluate(_PRESS, [what, *rest])
    return took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a running instance")
    parser.add_argument("--walks", type=int, default=20)
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_browser(), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        walks = [walk(page, asked.address) for _ in range(asked.walks)]
        browser.close()
    table = Table("Step", "Median ms", "Best", "Longest", f"At most {GOAL_MS} ms")
    for step in STEPS:
        took = sorted(it[step] for it in walks)
        within = sum(it <= GOAL_MS for it in took)
        figures = f"{median(took):.0f}", f"{took[0]:.0f}", f"{took[-1]:.0f}"
        table.add_row(step, *figures, f"{within} of {len(took)}")
    Console().print(table)


if __name__ == "__main__":
    main()
