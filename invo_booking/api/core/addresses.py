"""Pages at the addresses people see, without a slash added behind."""

from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send


class PlainAddresses:
    """ASGI middleware: ``/sign-in`` is that page, not a redirect to ``/sign-in/``.

    The file server would redirect to a whole address, made from what it believes
    host and scheme to be; behind a proxy that speaks https it believes wrongly.

    Args:
        app: Serves the pages.
        build: Folder with the built front end.
    """

    def __init__(self, app: ASGIApp, build: Path) -> None:
        self._app = app
        self._folders = {
            f"/{page.parent.relative_to(build).as_posix()}"
            for page in build.glob("**/index.html")
            if page.parent != build
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with the slash added where nobody sees it."""
        if scope["type"] == "http" and scope["path"] in self._folders:
            scope = {**scope, "path": f"{scope['path']}/"}
        await self._app(scope, receive, send)
