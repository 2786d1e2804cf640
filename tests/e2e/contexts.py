"""Browser contexts that are emptied after a test and used again.

In a new context, a page first loads and compiles all scripts, which is most of what
loading a page costs. A context that stays has them in memory, and so has its renderer.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

ONE_RENDERER = "--process-per-site"
"""Option of Chromium: pages of a context share a renderer."""

_SMALL = "/logo.svg"
_STORED = "local_storage,indexeddb,cache_storage"


class Contexts:
    """Contexts that wait for the next visitor with the same settings.

    Args:
        address: Of the product.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._idle: dict[str, list[Page]] = defaultdict(list)
        self._opened: list[BrowserContext] = []

    @contextmanager
    def empty(
        self, storage_state: dict[str, Any] | None = None, **settings: Any
    ) -> Iterator[BrowserContext]:
        """Yield a context in which nothing is stored but the cookies given."""
        waiting = self._idle[repr(sorted(settings.items()))]
        keeper = waiting.pop() if waiting else self._new_keeper(settings)
        context = keeper.context
        if storage_state:
            context.add_cookies(storage_state["cookies"])
        yield context
        self._clear(keeper)
        waiting.append(keeper)

    def close(self) -> None:
        """Close all contexts."""
        for context in self._opened:
            context.close()

    def _new_keeper(self, settings: dict[str, Any]) -> Page:
        """Return a page of a new context; while it is open, the renderer stays."""
        context = self._browser.new_context(base_url=self._address, **settings)
        self._opened.append(context)
        keeper = context.new_page()
        keeper.goto(_SMALL)
        return keeper

    def _clear(self, keeper: Page) -> None:
        context = keeper.context
        for page in context.pages:
            if page != keeper:
                page.close()
        context.clear_cookies()
        context.clear_permissions()
        line = context.new_cdp_session(keeper)
        what = {"origin": self._address, "storageTypes": _STORED}
        line.send("Storage.clearDataForOrigin", what)
        line.detach()
