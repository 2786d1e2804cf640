"""Serve each page at its public URL, in the language that the URL names."""

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
"""Prefix of customers' links, whose routes are the same for all languages."""

_API = re.compile(r"/api/v1/(answers|appointments|branches|program|slots)(/|$)")
"""Paths of the customers' API; the header ``Accept-Language`` sets their language."""


class PlainAddresses:
    """ASGI middleware that serves ``/sign-in`` without a redirect to ``/sign-in/``.

    The file server would redirect to an absolute URL with the scheme and host of its
    own connection, which are wrong behind an HTTPS proxy.

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
        """Pass the request on, with a slash added to the path of a page."""
        if scope["type"] == "http" and scope["path"] in self._folders:
            scope = {**scope, "path": f"{scope['path']}/"}
        await self._app(scope, receive, send)


class PageLanguages:
    """ASGI middleware that sets the language of the texts in a response.

    There are built pages for each language, so the paths of pages are passed on
    unchanged. The language is removed from the paths of customers' links. The paths of
    the customers' API name no language; there the header ``Accept-Language`` counts.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the language of the request and pass the request on."""
        if scope["type"] == "http":
            speak(language_of_request(scope))
            _, bare = split_language(scope["path"])
            if bare.startswith(_LINKS):
                scope = {**scope, "path": bare, "raw_path": bare.encode()}
        await self._app(scope, receive, send)


def language_of_request(scope: Scope) -> str:
    """Return the code of the language in which a request is answered."""
    if _API.match(scope["path"]):
        header = Headers(scope=scope).get("accept-language", "")
        return preferred_language(header, page_languages())
    return language_of_path(scope)


def language_of_path(scope: Scope) -> str:
    """Return the code of the language that the path of a request names."""
    return split_language(scope["path"])[0]
