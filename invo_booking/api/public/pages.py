"""Fill the institution's facts into the HTML of public pages.

A built page contains ``{{name}}`` as a placeholder (``web/kit/facts.js``). Every answer
contains the current name, so that a customer sees it before any script runs, and
without one.
"""

import asyncio
import gzip
import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking.api.core.origin import SAFE_METHODS
from invo_booking.domain.contact import phone_url
from invo_booking.texts import say, speak_within, split_language
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared.deps import Deps

log = logging.getLogger(__name__)

Facts = Mapping[str, str]

NOTHING: Facts = {}
"""Facts while the database does not answer: the page shows the problem itself."""

SECONDS = 1.0
"""Seconds for which a process caches the facts."""

_MARK = re.compile(r"\{\{(\w+)\}\}")
_GZIP = "gzip"


@dataclass(frozen=True, slots=True)
class _FilledPage:
    """A filled page."""

    plain: bytes
    packed: bytes
    tag: str

    def answer(self, request: Request) -> Response:
        """Return the page, or 304 if the browser has it."""
        headers = {"etag": self.tag, "vary": "accept-encoding"}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        body = self.plain
        if _GZIP in request.headers.get("accept-encoding", ""):
            headers["content-encoding"], body = _GZIP, self.packed
        headers["content-length"] = str(len(body))
        sent = b"" if request.method == "HEAD" else body
        return Response(sent, headers=headers, media_type="text/html")


class FilledPages:
    """ASGI middleware that sends built pages with their placeholders replaced.

    Args:
        app: Serves all other addresses.
        build: Folder of the built pages.
        read: Returns the facts of the institution; ``None`` if unknown.
        clock: Seconds of a monotonic clock.
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
        self._read = read
        self._clock = clock
        self._facts: Facts | None = None
        self._until = 0.0
        self._reading = asyncio.Lock()
        self._filled: dict[str, _FilledPage] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve pages with placeholders from memory."""
        is_ours = scope["type"] == "http" and scope["path"] in self._pages
        if not is_ours or scope["method"] not in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        facts = await self._known_facts()
        answer = self._filled_page(scope["path"], facts).answer(Request(scope))
        await answer(scope, receive, send)

    async def _known_facts(self) -> Facts:
        """Return the facts, read by one request for all; the first requests wait.

        While they cannot be read, the previous ones stay.
        """
        if self._facts is not None and self._reading.locked():
            return self._facts
        async with self._reading:
            if self._clock() >= self._until:
                await self._refresh()
        return self._facts or NOTHING

    async def _refresh(self) -> None:
        facts = await run_in_threadpool(self._read)
        self._until = self._clock() + SECONDS
        if facts is not None and facts != self._facts:
            self._facts = facts
            self._filled = {}

    def _filled_page(self, path: str, facts: Facts) -> _FilledPage:
        if (
            facts is NOTHING
        ):  # kept by nobody: it is over as soon as there is a database
            return _fill_page(path, self._pages[path], facts)
        if path not in self._filled:
            self._filled[path] = _fill_page(path, self._pages[path], facts)
        return self._filled[path]


def institution_facts(deps: Deps) -> Facts | None:
    """Return the facts of the institution; ``None`` without a database."""
    try:
        site = booking.public_site(deps)
    except SQLAlchemyError:
        log.warning("pages are sent with what was known before: no database")
        return None
    return {
        "name": site.name,
        "headline": site.tagline,
        "phone": site.phone,
        "phone_url": phone_url(site.phone),
        "scheduling": "on" if site.scheduling_on else "off",
    }


def _pages_with_marks(build: Path) -> list[tuple[str, str]]:
    """Return each page with placeholders and all its addresses."""
    pages = []
    for file in sorted(build.glob("**/index.html")):
        html = file.read_text(encoding="utf-8")
        folder = file.parent.relative_to(build).as_posix()
        bare = "/" if folder == "." else f"/{folder}"
        if _MARK.search(html):
            pages += [(bare, html), (f"{bare.rstrip('/')}/", html)]
    return pages


def _fill_page(path: str, html: str, facts: Facts) -> _FilledPage:
    language, _ = split_language(path)
    with speak_within(language):
        headline = facts.get("headline") or say("landing.headline")
    facts = {**facts, "headline": headline}
    meta = f'<meta name="facts" content="{escape(json.dumps(facts))}"/></head>'
    filled = _MARK.sub(lambda mark: escape(facts.get(mark[1], "")), html)
    spoken = filled.replace('<html lang="en"', f'<html lang="{language}"', 1)
    plain = spoken.replace("</head>", meta, 1).encode()
    tag = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return _FilledPage(plain, gzip.compress(plain, mtime=0), tag)
