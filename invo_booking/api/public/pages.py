"""Fill facts about the institution into the HTML of public pages.

A built page contains placeholders, such as ``{{name}}`` (``web/kit/facts.js``). Every
response contains the current facts instead of the placeholders, so that customers see
them before any script runs, or without scripts.
"""

import gzip
import hashlib
import re
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

import brotli
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invo_booking.api.core.origin import SAFE_METHODS
from invo_booking.api.public.facts import Facts, KnownFacts, head_of_facts, spoken_facts
from invo_booking.api.public.shell import PageShell
from invo_booking.api.public.stored import BROTLI, GZIP, StoredContent
from invo_booking.texts import (
    LANGUAGE,
    html_language,
    say,
    speak_within,
    split_language,
)

_MARK = re.compile(r"\{\{(\w+)\}\}")
_QUALITY = 5
"""Quality of Brotli's compression.

With this quality, compressing a page after a change of the facts takes 1 ms; with the
best quality, it takes 19 ms.
"""

_SCRIPT_AHEAD = '<link rel="modulepreload"'
_SCRIPT_LATER = '<link rel="modulepreload" fetchpriority="low"'
"""Link that preloads a script with low priority, so that the style sheet loads first.

Then the text of the page is painted earlier.
"""

_MISSING = 404


class FilledPages:
    """ASGI middleware that serves built pages with their placeholders replaced.

    Args:
        app: Serves all other requests.
        build: Folder of the built pages.
        read: Returns the facts about the institution; ``None`` if unknown.
        clock: Returns the seconds of a monotonic clock.
    """

    def __init__(
        self,
        app: ASGIApp,
        build: Path,
        read: Callable[[], Facts | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._pages = dict(_pages_with_marks(build))
        self._facts = KnownFacts(read, clock)
        self._filled: dict[str, tuple[Facts, StoredContent]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a page with placeholders from memory; pass other requests on."""
        is_ours = scope["type"] == "http" and scope["path"] in self._pages
        if not is_ours or scope["method"] not in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        facts = await self._facts.current()
        answer = self._filled_page(scope["path"], facts).answer(Request(scope))
        await answer(scope, receive, send)

    def _filled_page(self, path: str, facts: Facts) -> StoredContent:
        known = self._filled.get(path)
        if known is None or known[0] is not facts:
            filled = _fill_page(path, self._pages[path], facts)
            known = self._filled[path] = (facts, filled)
        return known[1]


class UnknownPages:
    """ASGI middleware that answers for missing pages with the institution's own page.

    Below the prefix of a language, such as ``/es/``, the application answers every path
    with a document and status 200. There, a page is missing if the build has no file
    for it.

    Args:
        app: Serves the pages; its own page for 404 shows nothing without scripts.
        shell: The HTML document around pages without their own file.
        facts: The facts about the institution.
        build: Folder of the built pages.
    """

    def __init__(
        self, app: ASGIApp, shell: PageShell, facts: KnownFacts, build: Path
    ) -> None:
        self._app = app
        self._shell = shell
        self._facts = facts
        self._built = {address for address, _ in _pages_with_marks(build)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; if the page is missing, say so with status 404."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        is_lost = split_language(path)[0] != LANGUAGE and path not in self._built
        is_missing = False

        async def watch(message: Message) -> None:
            nonlocal is_missing
            is_missing = is_missing or _is_missing_page(message, is_lost=is_lost)
            if not is_missing:
                await send(message)

        await self._app(scope, receive, watch)
        if is_missing:
            answer = self._unknown_page(await self._facts.current())
            await answer(scope, receive, send)

    def _unknown_page(self, facts: Facts) -> Response:
        title = say("unknown.page")
        return self._shell.page("no_page.html", facts, title=title, status=_MISSING)


def _is_missing_page(message: Message, *, is_lost: bool) -> bool:
    if message["type"] != "http.response.start":
        return False
    if message["status"] != _MISSING and not is_lost:
        return False
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return kind.startswith("text/html")


def _pages_with_marks(build: Path) -> list[tuple[str, str]]:
    """Return pairs of path and HTML for the pages with placeholders.

    Each page has two paths, with and without a slash at the end.
    """
    pages = []
    for file in sorted(build.glob("**/index.html")):
        html = file.read_text(encoding="utf-8")
        folder = file.parent.relative_to(build).as_posix()
        bare = "/" if folder == "." else f"/{folder}"
        if _MARK.search(html):
            pages += [(bare, html), (f"{bare.rstrip('/')}/", html)]
    return pages


def _fill_page(path: str, html: str, facts: Facts) -> StoredContent:
    language, _ = split_language(path)
    with speak_within(language):
        facts = spoken_facts(facts)
    filled = _MARK.sub(lambda mark: escape(facts.get(mark[1], "")), html)
    spoken = filled.replace(html_language(LANGUAGE), html_language(language), 1)
    spoken = spoken.replace(_SCRIPT_AHEAD, _SCRIPT_LATER)
    plain = spoken.replace("</head>", head_of_facts(facts), 1).encode()
    tag = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
    packed = {
        BROTLI: brotli.compress(plain, quality=_QUALITY),
        GZIP: gzip.compress(plain, mtime=0),
    }
    return StoredContent(plain, packed, "text/html", tag)
