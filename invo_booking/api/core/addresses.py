"""Serve pages at their public addresses, in the language that these tell."""

import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking.texts import (
    page_languages,
    preferred_language,
    speak,
    split_language,
)

_LINKS = "/a/"
"""Addresses that the server answers itself, the same in each language."""

_API = re.compile(r"/api/v1/(answers|appointments|branches|program|slots)(/|$)")
"""Addresses of the API for customers, whose programs name a language in a header."""


class PlainAddresses:
    """ASGI middleware: ``/sign-in`` is that page, not a redirect to ``/sign-in/``.

    The file server would redirect to an absolute address with its own idea of host and
    scheme, which is wrong behind an https proxy.

    Args:
        app: Serves the pages.
        build: Folder of the built pages.
    """

    def __init__(self, app: ASGIApp, build: Path) -> None:
        self._app = app
        self._folders = {
            f"/{page.parent.relative_to(build).as_posix()}"
            for page in build.glob("**/index.html")
            if page.parent != build
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve with the slash added internally."""
        if scope["type"] == "http" and scope["path"] in self._folders:
            scope = {**scope, "path": f"{scope['path']}/"}
        await self._app(scope, receive, send)


class PageLanguages:
    """ASGI middleware that sets the language of what is said in an answer.

    Pages are built once for each language, so their addresses stay as they are. Those
    of customers' links are looked up without their language. Customers' addresses of
    the API have no language; there the header ``Accept-Language`` counts.

    Args:
        app: Answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve in the language of the address."""
        if scope["type"] == "http":
            speak(language_of_request(scope))
            _, bare = split_language(scope["path"])
            if bare.startswith(_LINKS):
                scope = {**scope, "path": bare, "raw_path": bare.encode()}
        await self._app(scope, receive, send)


def language_of_request(scope: Scope) -> str:
    """Return the language in which a request is answered."""
    if _API.match(scope["path"]):
        header = Headers(scope=scope).get("accept-language", "")
        return preferred_language(header, page_languages())
    return split_language(scope["path"])[0]
