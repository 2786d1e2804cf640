"""Serve pages at their public addresses, in the language that these tell."""

from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking.texts import speak, split_language

_LINKS = "/a/"
"""Addresses that the server answers itself, the same in each language."""


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
    of customers' links are looked up without their language.

    Args:
        app: Answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve in the language of the address."""
        if scope["type"] == "http":
            language, bare = split_language(scope["path"])
            speak(language)
            if bare.startswith(_LINKS):
                scope = {**scope, "path": bare, "raw_path": bare.encode()}
        await self._app(scope, receive, send)
