"""What every page has to be, whatever it shows."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

HAS_AXE = "Boolean(globalThis.axe)"
"""Whether a page has the script of axe, which has 570 kB, already."""

GRAVE = {"serious", "critical"}
LONGER = (
    "document.scrollingElement.scrollHeight - document.scrollingElement.clientHeight"
)
WIDER = "document.scrollingElement.scrollWidth - window.innerWidth"
GONE_ON_PURPOSE = re.compile(r"status of (404|410)")
"""How a browser complains of a page whose appointment is over or unknown."""


class Inspector:
    """Watches a page from before it is opened, and looks at it once it is drawn."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._host = urlsplit(address).netloc
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._see)

    def barriers(self, *rules: str) -> list[str]:
        """Return what keeps people out: serious and critical findings of axe.

        Args:
            rules: Names of the only rules to try; without any, all are.
        """
        options = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = list(rules)
        script = "0" if self._page.evaluate(HAS_AXE) else AXE_SCRIPT
        found = Axe(script).run(self._page, options=options).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
            for one in found
            if one["impact"] in GRAVE
            for node in one["nodes"]
        ]

    def overhang(self) -> int:
        """Return how many pixels the document can be scrolled sideways."""
        return max(0, self._page.evaluate(WIDER))

    def overlength(self) -> int:
        """Return how many pixels a page can be scrolled whose frame scrolls inside.

        Pages of customers, without such a frame, are as long as they have to be.
        """
        if self._page.locator(".staff > .app").count() == 0:
            return 0
        return self._page.evaluate(LONGER)

    def headings(self) -> list[str]:
        """Return the headings of the first level that can be seen."""
        found = self._page.locator("h1").locator("visible=true")
        return found.all_inner_texts()

    def _hear(self, message: ConsoleMessage) -> None:
        address = urlsplit(message.location["url"]).path
        is_meant = "/a/" in address and GONE_ON_PURPOSE.search(message.text)
        if message.type == "error" and not is_meant:
            self.complaints.append(message.text)

    def _see(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self._host:
            self.complaints.append(f"asks elsewhere: {request.url}")
