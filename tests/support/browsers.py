"""Where the browser of the tests, of the pictures and of the benchmarks is."""

import shutil

SYSTEM_BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""Programs to look for, best first. The shell is the same engine without the browser's
own windows; loading one of our pages takes about half the processor time."""


def system_browser() -> str | None:
    """Return the path of the system's Chromium; ``None`` to use Playwright's own."""
    return next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
