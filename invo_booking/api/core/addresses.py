"""Serve pages at their public addresses, without a trailing slash."""

from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send


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
